"""Runs the shares of a part side by side, and ends those that take too long."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from benchmarks.soak.parts import Part
from benchmarks.soak.tally import Tally

_ROOT = Path(__file__).parents[2]
#: Characters of what a share that died had to say.
_LAST_WORDS = 1_500


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """A part that has run."""

    part: Part
    tally: Tally
    minutes: float


def run(part: Part, seed: int, *, quick: bool) -> Ran:
    """Run a part to its end, or to its deadline, past which it counts as a fault."""
    began, whole = monotonic(), Tally()
    with tempfile.TemporaryDirectory(prefix="cocm-soak-") as folder:
        shares = [
            _Share(part, number, seed, quick=quick, folder=Path(folder)) for number in range(part.shares)
        ]
        for share in shares:
            whole.add(share.ended(began + part.minutes * 60))
    return Ran(part=part, tally=whole, minutes=(monotonic() - began) / 60)


class _Share:
    """A process that is under way."""

    def __init__(self, part: Part, number: int, seed: int, *, quick: bool, folder: Path) -> None:
        self._name = f"share {number + 1} of {part.name}"
        self._file, self._words = folder / f"{number}.json", folder / f"{number}.txt"
        budget = part.budget(quick=quick, share=number)
        words: Sequence[str] = [part.name, *map(str, (number, seed, budget, self._file))]
        with self._words.open("wb") as out:
            # A session of its own, so that what it started ends with it.
            self._process = subprocess.Popen(
                [sys.executable, "-m", "benchmarks.soak.share", *words],
                cwd=_ROOT,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def ended(self, deadline: float) -> Tally:
        """What it counted until it ended, or was ended."""
        try:
            code: int | None = self._process.wait(max(0.0, deadline - monotonic()))
        except subprocess.TimeoutExpired:
            code = None
        finally:
            self._end()
        tally = Tally()
        if self._file.exists():
            tally = Tally.from_json(json.loads(self._file.read_text(encoding="utf-8")))
        if code is None:
            tally.wrong("faults", f"{self._name} was not done at its deadline")
        elif code:
            last = self._words.read_text(encoding="utf-8", errors="replace")[-_LAST_WORDS:]
            tally.wrong("faults", f"{self._name} ended with code {code}: {last[-700:]}")
        return tally

    def _end(self) -> None:
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        self._process.wait()
