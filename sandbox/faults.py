"""Faults on purpose: dropped connections, server errors, rate limits, slowness, blocks that are not taken."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, get_args

from sandbox.blocks import places_of
from sandbox.data_blocks import unsupported
from sandbox.model import JSON

Kind = Literal[
    "drop_before",
    "drop_after",
    "http_500",
    "http_503",
    "http_503_after",
    "rate_limit",
    "latency",
    "refuse_block",
    "error",
    "clock",
]
KINDS: tuple[str, ...] = get_args(Kind)
#: Those that last until the faults are cleared, unless it is said how often.
_LASTING = frozenset({"refuse_block", "error", "clock"})


class ConnectionDropped(Exception):  # noqa: N818 - named for what happens, as a client would see it
    """The connection ends without an answer."""


@dataclass(slots=True, kw_only=True)
class Fault:
    """What goes wrong with the next calls of a method (`*` for any).

    `seconds` is how long the call hangs before it is dropped or answered, or the wait that a rate limit asks
    for. `drop_before` drops before the call had any effect, `drop_after` once it had its whole effect.
    `refuse_block` is a workspace that does not know a type of block or element yet: whatever holds one named `block`
    is refused as Slack refuses it, `times` times, or with 0 until the faults are cleared. `error` answers with one of
    Slack's words, `token_revoked`, and does nothing; `clock` has the answers' Date be so many seconds off, which may be
    negative. Both last as `refuse_block` does.
    """

    kind: Kind
    method: str = "*"
    times: int = 1
    seconds: float = 0.0
    block: str = ""  #: the type that `refuse_block` refuses
    error: str = ""  #: the word that `error` answers with

    @classmethod
    def read(cls, body: Any) -> "Fault":
        """A fault from JSON.

        Raises:
            ValueError: with a sentence that names the field.
        """
        if not isinstance(body, dict):
            raise ValueError("a fault is an object with method, kind, times and seconds")  # noqa: TRY004 - bad input
        kind, seconds, block = body.get("kind"), body.get("seconds", 0), body.get("block", "")
        if kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}")
        refuses = kind == "refuse_block"
        if not isinstance(block, str) or bool(block) != refuses:
            raise ValueError("block names the type that refuse_block refuses, and goes with no other kind")
        error = body.get("error", "")
        if not isinstance(error, str) or bool(error) != (kind == "error"):
            raise ValueError("error is the word to answer with, and goes with the kind error alone")
        lasts = kind in _LASTING
        times, least = body.get("times", 0 if lasts else 1), 0 if lasts else 1
        if not isinstance(times, int) or times < least:
            raise ValueError(f"times must be a whole number from {least}")
        if not isinstance(seconds, int | float) or (seconds < 0 and kind != "clock"):
            raise ValueError("seconds must be a number from 0")
        return cls(
            kind=kind,
            method=str(body.get("method", "*")),
            times=times,
            seconds=float(seconds),
            block=block,
            error=error,
        )

    def as_json(self) -> JSON:
        """The fault as the page API shows it."""
        body: JSON = {"kind": self.kind, "method": self.method, "times": self.times, "seconds": self.seconds}
        if self.error:
            body["error"] = self.error
        return body | ({"block": self.block} if self.block else {})


class Faults:
    """The faults still to come, first set first met."""

    def __init__(self, refused_blocks: Iterable[str] = ()) -> None:
        self._waiting = [Fault(kind="refuse_block", block=block, times=0) for block in refused_blocks]

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
        """The fault that this call meets on its way, if any."""
        for fault in self._waiting:
            if fault.kind not in {"refuse_block", "clock"} and fault.method in {"*", method}:
                return self._meet(fault)
        return None

    def clock_offset(self) -> float:
        """By how many seconds the Date of an answer is off."""
        off = next((fault for fault in self._waiting if fault.kind == "clock"), None)
        return self._meet(off).seconds if off else 0.0

    def refusals(self, method: str, blocks: Any, root: str) -> list[str]:
        """What of these blocks is not taken now, in Slack's words, one sentence a place."""
        said = []
        for fault in [each for each in self._waiting if each.kind == "refuse_block"]:
            found = list(places_of(blocks, frozenset({fault.block}), root))
            if found and fault.method in {"*", method}:
                self._meet(fault)
                said += [unsupported(kind, pointer) for kind, pointer in found]
        return said

    def _meet(self, fault: Fault) -> Fault:
        if fault.times:
            fault.times -= 1
            if fault.times == 0:
                self._waiting.remove(fault)
        return fault
