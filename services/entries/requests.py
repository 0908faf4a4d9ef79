"""Requests to log time, as understood from a person's words."""

from dataclasses import dataclass, field
from datetime import date, datetime

from billing.activities import Activity, ActivitySource, is_held
from billing.kinds_of_work import why_held
from services.entries.timer_requests import TimerStop
from services.people.patient_ref import PatientRef


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRequest:
    """One entry asked for."""

    patient: PatientRef
    #: Whole seconds, positive.
    seconds: int
    #: Local date in the person's own zone.
    service_date: date
    activity: Activity
    activity_source: ActivitySource
    #: The person's words with the claimed slots taken out; may be empty.
    note: str = field(repr=False)
    #: Aware instants in the person's zone, where clock times were typed.
    started_at: datetime | None = None
    ended_at: datetime | None = None
    #: Slack user id or display name from `for @ana`; None is the person typing.
    performed_by: str | None = None
    #: Members who worked on it at the same time: joint time counts once.
    participants: tuple[int, ...] = ()
    #: The same as Slack user ids or display names from `with @cho`, until they are looked up; and the note with
    #: those words left in, which stands when one of them is no member.
    partners: tuple[str, ...] = ()
    whole_note: str = field(default="", repr=False)
    #: Names after `with` in the note of a case review, as typed; the words stay in the note.
    named: tuple[str, ...] = field(default=(), repr=False)
    #: `no answer`, `left voicemail`: how an attempt went.
    outcome: str | None = None
    #: `next 12/3`: when the next contact is planned.
    next_contact: date | None = None
    #: Another reading of the date that the receipt offers: `10/21` left in the note, or today.
    other_date: date | None = None
    #: Sentences that the receipt must say: "read 90 as minutes", "took friday as Fri Nov 20".
    remarks: tuple[str, ...] = ()
    #: Codes of questions already answered for this entry, so that none is asked twice.
    settled: tuple[str, ...] = ()

    @property
    def held_because(self) -> str:
        """Why it will be stored and count nowhere until somebody says what it was; empty where it will not be held."""
        if not is_held(self.activity, self.activity_source):
            return ""
        return why_held(self.note, self.activity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer to a question: its button, and the entries that it stands for."""

    label: str = field(repr=False)
    requests: tuple[LogRequest, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What must be answered before anything is stored."""

    #: Stable word: `split_or_each`, `which_date`, `identical`, `did_you_mean` ...
    code: str
    message: str = field(repr=False)
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftLine:
    """One typed line: its entries as read, and the question that stands before them, if any."""

    requests: tuple[LogRequest, ...]
    question: Question | None = None
    #: The words as typed, where the message has several lines: they come back when this one is left out.
    text: str = field(default="", repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogDraft:
    """Everything one message asked for; stored all or not at all, once no line has a question."""

    lines: tuple[DraftLine, ...]
    #: The timer that measured it, which ends when it is stored.
    timer: TimerStop | None = None

    @property
    def requests(self) -> tuple[LogRequest, ...]:
        """Every entry of every line, in order."""
        return tuple(request for line in self.lines for request in line.requests)

    @property
    def open_question(self) -> Question | None:
        """The first question that still stands before the draft."""
        return next((line.question for line in self.lines if line.question is not None), None)
