"""Reads which version of the program and of the calendar judges a month."""

from functools import lru_cache
from importlib import metadata
from pathlib import Path
from zoneinfo import TZPATH

from billing.closing import JudgedBy

#: The distribution that this program is installed as.
_PROGRAM = "cocm-minutes"


@lru_cache(maxsize=1)
def judged_by() -> JudgedBy:
    """What judges months in this process."""
    return JudgedBy(
        program=metadata.version(_PROGRAM),
        calendar=f"holidays {metadata.version('holidays')}, tzdata {_time_zones()}",
    )


def _time_zones() -> str:
    """The release of the time zones in use: those of the machine where it has them, as Python's own choice is."""
    for folder in TZPATH:
        listed = Path(folder, "tzdata.zi")
        if listed.is_file():
            with listed.open(encoding="utf-8") as lines:
                return lines.readline().removeprefix("# version").strip()
    return metadata.version("tzdata")
