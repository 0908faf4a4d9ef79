"""Timers: work that is measured while it goes on. Nothing of it counts until it is stopped and logged. Pure."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from billing.calendar import is_working_day
from billing.durations import HOUR, MINUTE
from billing.stretches import elapsed

#: A timer that ran longer than this is asked about before it is logged: it may have been forgotten.
LONG_SECONDS: Final = 4 * HOUR
#: One that ran shorter than this holds nothing worth logging: it runs on, or is canceled.
SHORT_SECONDS: Final = MINUTE
#: After so long a person is asked whether they are still at it, and then so often, an hour apart.
FIRST_ASKED_AFTER: Final = timedelta(minutes=45)
ASKED_EVERY: Final = timedelta(hours=1)
TIMES_ASKED: Final = 3


class TimerOutcome(StrEnum):
    """What became of a timer that runs no more."""

    #: Stopped, and what it measured was logged.
    LOGGED = "logged"
    #: Dropped; nothing was logged.
    CANCELED = "canceled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """One person's work on one patient, from its start on."""

    timer_id: int
    member_id: int
    #: None while nobody has said whose it is.
    patient_id: int | None
    #: Aware instant (UTC), a whole second: when the work began.
    started_at: datetime
    #: Aware instant (UTC): when that was said, which may be later.
    begun_at: datetime
    #: The person's words about the work so far; may be empty.
    note: str = field(default="", repr=False)
    #: Aware instant (UTC), a whole second; None while it runs.
    ended_at: datetime | None = None
    outcome: TimerOutcome | None = None
    #: The receipt of what was logged, where it was.
    receipt_id: int | None = None

    @property
    def is_running(self) -> bool:
        """Whether nothing has become of it yet."""
        return self.outcome is None

    def seconds(self, until: datetime) -> int:
        """Whole seconds from its start to an instant."""
        return elapsed(self.started_at, until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """One of the times at which a person is asked about a timer that runs."""

    #: 1, 2, 3.
    number: int
    #: Aware instant, UTC.
    due_at: datetime

    @property
    def useful_until(self) -> datetime:
        """From then on the next one is due, or it is too late to ask."""
        return self.due_at + ASKED_EVERY


def askings(timer: Timer) -> tuple[Asking, ...]:
    """When a person is asked about a timer: not for what was over when they said that they had begun."""
    due = (timer.started_at + FIRST_ASKED_AFTER + ASKED_EVERY * place for place in range(TIMES_ASKED))
    return tuple(
        Asking(number=number, due_at=at) for number, at in enumerate(due, start=1) if at > timer.begun_at
    )


def may_ask_on(day: date, started_on: date, days_off: frozenset[date]) -> bool:
    """Whether a person is asked on a local date: on a day off only about work that they began that day."""
    return day == started_on or is_working_day(day, days_off)


def whole_second(instant: datetime) -> datetime:
    """An instant without its fraction of a second."""
    return instant.replace(microsecond=0)
