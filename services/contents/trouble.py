"""What cannot be delivered until somebody mends something."""

from collections import Counter
from dataclasses import dataclass

from services.deliveries import JobName
from services.delivery_store import unfinished
from services.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """Deliveries that one reason keeps back."""

    #: Slack's own word, or ours: `not_in_channel`.
    code: str
    #: How many of each job.
    jobs: tuple[tuple[JobName, int], ...]


def stuck(desk: Desk) -> tuple[Stuck, ...]:
    """All that waits with a reason, by reason."""
    found = Counter(
        (each.code, each.job) for each in unfinished(desk) if each.code and each.job is not JobName.TROUBLE
    )
    codes = sorted({code for code, _ in found})
    return tuple(
        Stuck(
            code=code,
            jobs=tuple((job, number) for (one, job), number in sorted(found.items()) if one == code),
        )
        for code in codes
    )


def trouble(desk: Desk, code: str) -> Stuck | None:
    """What one reason keeps back; None once it was mended."""
    return next((one for one in stuck(desk) if one.code == code), None)
