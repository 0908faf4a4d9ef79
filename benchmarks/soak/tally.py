"""What a part tried, and what came of it."""

import json
import traceback
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

#: What may be wrong: none of it may be. A fault is an exception, a 5xx, a sum that does not agree.
WRONGS = ("lost", "twice", "leaked", "faults")
#: Of each kind so many are described; all are counted.
_MOST, _LONGEST = 12, 900
#: Seconds between two savings.
_PAUSE = 2.0


@dataclass
class Tally:
    """Counts of one share of a part, or of all of them together."""

    tried: int = 0
    lost: int = 0
    twice: int = 0
    leaked: int = 0
    faults: int = 0
    #: What was met on the way: kinds of answers, of faults that were made, and the like.
    met: Counter[str] = field(default_factory=Counter)
    #: What was wrong, in words.
    said: list[str] = field(default_factory=list)
    #: Parts that could not be run as they were meant, and why.
    left_out: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether nothing is wrong."""
        return not any(getattr(self, wrong) for wrong in WRONGS)

    def wrong(self, kind: str, what: str) -> None:
        """Count something that must not be."""
        assert kind in WRONGS
        setattr(self, kind, getattr(self, kind) + 1)
        if sum(said.startswith(f"{kind}: ") for said in self.said) < _MOST:
            self.said.append(f"{kind}: {what}"[:_LONGEST])

    @contextmanager
    def trying(self, what: str) -> Iterator[None]:
        """Count one input; an exception is a fault of the program."""
        self.tried += 1
        try:
            yield
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what was looked for
            while isinstance(error, ExceptionGroup):
                # What went wrong in a group of tasks stands in it.
                error = error.exceptions[0]
            frames = traceback.extract_tb(error.__traceback__)[-3:]
            where = " < ".join(f"{Path(one.filename).name}:{one.lineno}" for one in reversed(frames))
            self.wrong("faults", f"{type(error).__name__}: {error} at {where}, of {what}")

    def add(self, other: "Tally") -> None:
        """Take in what another share counted."""
        self.tried += other.tried
        for wrong in WRONGS:
            setattr(self, wrong, getattr(self, wrong) + getattr(other, wrong))
        self.met.update(other.met)
        self.said += other.said
        self.left_out += [one for one in other.left_out if one not in self.left_out]

    def as_json(self) -> dict[str, Any]:
        """As a file holds it."""
        return asdict(self) | {"met": dict(sorted(self.met.items()))}

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> "Tally":
        """The same again."""
        return cls(**{**found, "met": Counter(found["met"])})


class KeptTally(Tally):
    """A tally that a file holds as well, so that it is known of a share that was killed."""

    def keep_in(self, path: Path) -> None:
        """From now on."""
        self._path, self._next = path, 0.0
        self.keep()

    def keep(self) -> None:
        """Write the file, unless that was done a moment ago."""
        if monotonic() >= self._next:
            self.write()
            self._next = monotonic() + _PAUSE

    def write(self) -> None:
        """Write the file."""
        beside = self._path.with_suffix(".new")
        beside.write_text(json.dumps(self.as_json()), encoding="utf-8")
        beside.replace(self._path)
