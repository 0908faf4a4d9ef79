"""What people ask of a timer, as understood from their words, and what they are answered."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from billing.people import Patient
from billing.timers import Timer
from services.people.patient_ref import PatientRef


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidTime:
    """A time of day, or how long ago, at which work began or ended."""

    #: As typed, for the answer.
    text: str
    #: None where it is said how long ago.
    at: time | None = None
    #: False where it may be the same figures of the other half of the day: `9:10`.
    sure: bool = True
    #: The local date, where one is said.
    day: date | None = None
    #: Whole seconds.
    ago: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerWords:
    """What follows a timer's verb."""

    patient: PatientRef | None = field(default=None, repr=False)
    #: When the work began, or ended; None is now.
    at: SaidTime | None = None
    note: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerStart:
    """A timer that is to begin, its time known."""

    #: Whose it is; None is asked when it is stopped.
    patient: PatientRef | None = field(default=None, repr=False)
    #: Aware instant.
    started_at: datetime
    note: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerStop:
    """What stopping comes to besides the entries: the timer ends, and another may begin."""

    timer_id: int
    #: Aware instant.
    ended_at: datetime
    #: Begins at the same moment, for whoever switches.
    following: TimerStart | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningTimer:
    """A person's timer with what people need to recognize it. Nothing of it counts until it is stopped."""

    timer: Timer
    #: None while nobody has said whose it is.
    patient: Patient | None = field(default=None, repr=False)
    zone: ZoneInfo

    @property
    def note(self) -> str:
        """The person's words so far."""
        return self.timer.note


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerBegun:
    """A timer was begun."""

    running: RunningTimer
    #: Sentences that the person should know: not on the roster, another's MRN by now.
    remarks: tuple[str, ...] = field(default=(), repr=False)
    #: By which it is taken back.
    act_id: int | None = None
    #: True when Slack delivered the same request again and nothing new was begun.
    repeated: bool = False
    #: True for `switch` where none ran.
    none_ran: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerStands:
    """A timer runs already: nothing was begun."""

    running: RunningTimer
    #: What was asked for, as it was typed; empty where it is the same.
    wanted: str = field(default="", repr=False)
    #: Switches to what was asked for; None where it is the same.
    pending_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerAsked:
    """Nothing was done yet: whose timer it is to be must be answered first."""

    pending_id: str
    message: str = field(repr=False)
    choices: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerShort:
    """A timer ran for less than a minute, which nobody bills: nothing was logged, and it runs on."""

    running: RunningTimer
    #: Whole seconds that would have been logged.
    seconds: int
    #: Who was to follow, as it was typed; empty where nobody was.
    wanted: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerCanceled:
    """A timer was dropped; nothing was logged."""

    was: RunningTimer
    #: Whole seconds that it had run.
    seconds: int
    act_id: int
    repeated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NoTimer:
    """No timer runs."""

    #: The last one of today that ended, and what became of it.
    last: RunningTimer | None = None
