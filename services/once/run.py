"""One delivery of Slack's while it is carried out: its key, what was read for it, and what it did before.

Whatever a listener does for a delivery is a run of use cases. Each that stores keeps its outcome with its key in its
own transaction. When the same delivery comes again, wherever and whenever, the run goes through the same steps: what
was read and stored for it before is given back, and nothing is done.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from services.errors import Refusal
from services.once.outcomes import Outcome, Raised, decoded, encoded
from storage import KeptStep

_RUN: ContextVar["Run | None"] = ContextVar("run", default=None)
#: The step that is no use case: what was answered where nothing was stored.
_ANSWERED = "answered"
#: Stands for what was not read before.
UNREAD = object()


class DoneBefore(Refusal):
    """Slack sent me this twice. It was done the first time, and nothing was done twice: look at it as it stands now."""

    code = "done_before"


class Run:
    """The steps of one delivery."""

    def __init__(self, key: str) -> None:
        self.key = key
        #: When it was carried out first; None while it is.
        self.began: datetime | None = None
        #: Whether this run has stored a step, or gave one back.
        self.has_stored = False
        self._known: dict[str, Outcome | None] = {}
        self._read_before: dict[str, Any] = {}
        self._read: dict[str, Any] = {}
        self._counts: Counter[str] = Counter()

    @property
    def is_again(self) -> bool:
        """Whether some of it was carried out before."""
        return self.began is not None

    def take_up(self, steps: Mapping[str, KeptStep]) -> None:
        """Take in what was done for this delivery before."""
        for step, kept in steps.items():
            known = self._known[step] = decoded(kept.outcome or b"")
            if known is not None:
                self._read_before |= known.read
            if self.began is None or kept.at < self.began:
                self.began = kept.at

    def step(self, use_case: Callable[..., Any]) -> str:
        """The name of the next step, which is the same when the delivery comes again."""
        name = f"{use_case.__module__}.{use_case.__qualname__}"
        self._counts[name] += 1
        return f"{name}:{self._counts[name]}"

    # -- reading -----------------------------------------------------------------------------------------

    def read_before(self, step: str) -> Any:
        """What was read at this step the first time, or `UNREAD`."""
        return self._read_before.get(step, UNREAD)

    def has_read(self, step: str, found: Any) -> None:
        """Note what was read, for whatever is stored by it."""
        self._read[step] = found

    # -- storing -----------------------------------------------------------------------------------------

    def was_done(self, step: str) -> bool:
        """Whether a step was carried out before."""
        return step in self._known

    def given_before(self, step: str) -> Any:
        """What the use case gave the first time.

        Raises:
            Refusal: what it refused with; that it was done, where what it gave is not known any more.
        """
        self.has_stored = True
        known = self._known[step]
        if known is None:
            raise DoneBefore
        return known.result()

    def done(self, value: Any) -> bytes:
        """What a step is answered with, as it is kept."""
        return encoded(Outcome(value, self._read)) or encoded(Outcome(value, {}))

    def stored(self) -> None:
        """Note that a step was stored, with what was read up to now."""
        self.has_stored = True
        self._read = {}

    # -- answers without a step --------------------------------------------------------------------------

    @property
    def answer_step(self) -> str:
        """The step under which an answer is kept for which nothing was stored."""
        return _ANSWERED

    def answer_before(self) -> Any:
        """What was answered the first time though nothing was stored, or `UNREAD`."""
        known = self._known.get(_ANSWERED)
        return UNREAD if known is None else known.value


def raised(error: Exception) -> Raised:
    """A refusal as an outcome."""
    return Raised.of(error)


def current() -> Run | None:
    """The run that is being carried out, if any."""
    return _RUN.get()


def began() -> datetime | None:
    """When the delivery that is carried out was carried out first; None where it is no redelivery."""
    run = current()
    return None if run is None else run.began


@contextmanager
def carrying_out(key: str | None) -> Iterator[None]:
    """Have what is done inside be the run of a delivery; of none that could come again where there is no key."""
    mark = _RUN.set(None if key is None else Run(key))
    try:
        yield
    finally:
        _RUN.reset(mark)


@contextmanager
def apart() -> Iterator[None]:
    """Have what is done inside be no part of the run: what follows from it by itself."""
    mark = _RUN.set(None)
    try:
        yield
    finally:
        _RUN.reset(mark)
