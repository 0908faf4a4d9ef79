"""Faults on purpose: dropped connections, server errors, rate limits, slowness."""

from dataclasses import dataclass
from typing import Any, Literal, get_args

from sandbox.model import JSON

Kind = Literal["drop_before", "drop_after", "http_500", "http_503", "http_503_after", "rate_limit", "latency"]
KINDS: tuple[str, ...] = get_args(Kind)


class ConnectionDropped(Exception):  # noqa: N818 - named for what happens, as a client would see it
    """The connection ends without an answer."""


@dataclass(slots=True, kw_only=True)
class Fault:
    """What goes wrong with the next calls of a method (`*` for any).

    `seconds` is how long the call hangs before it is dropped or answered, or the wait that a rate limit asks
    for. `drop_before` drops before the call had any effect, `drop_after` once it had its whole effect.
    """

    kind: Kind
    method: str = "*"
    times: int = 1
    seconds: float = 0.0

    @classmethod
    def read(cls, body: Any) -> "Fault":
        """A fault from JSON.

        Raises:
            ValueError: with a sentence that names the field.
        """
        if not isinstance(body, dict):
            raise ValueError("a fault is an object with method, kind, times and seconds")  # noqa: TRY004 - bad input
        kind, times, seconds = body.get("kind"), body.get("times", 1), body.get("seconds", 0)
        if kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}")
        if not isinstance(times, int) or times < 1:
            raise ValueError("times must be a whole number from 1")
        if not isinstance(seconds, int | float) or seconds < 0:
            raise ValueError("seconds must be a number from 0")
        return cls(kind=kind, method=str(body.get("method", "*")), times=times, seconds=float(seconds))

    def as_json(self) -> JSON:
        """The fault as the page API shows it."""
        return {"kind": self.kind, "method": self.method, "times": self.times, "seconds": self.seconds}


class Faults:
    """The faults still to come, first set first met."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Set a fault."""
        self._waiting.append(fault)

    def clear(self) -> None:
        """Forget what is left."""
        self._waiting.clear()

    def waiting(self) -> list[Fault]:
        """The faults not yet met."""
        return list(self._waiting)

    def take(self, method: str) -> Fault | None:
        """The fault that this call meets, if any."""
        for fault in self._waiting:
            if fault.method in {"*", method}:
                fault.times -= 1
                if fault.times == 0:
                    self._waiting.remove(fault)
                return fault
        return None
