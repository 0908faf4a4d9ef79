"""Reads the fields of the form for time with the same grammar as a typed line, and says at which field it is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from billing.activities import Activity, ActivitySource
from billing.durations import spoken
from billing.people import Member
from bot.context import BotContext
from bot.grammar import Parsed
from bot.grammar.log.notes import warnings
from bot.grammar.log.own_notes import for_each_request, with_own_note
from bot.grammar.text.phrases import quoted
from bot.ids import BlockId
from bot.patient_fields import PatientNotRead, read_patient
from bot.screens.forms import BY_NOTE
from services.entries.changes import EntryEdit
from services.entries.requests import DraftLine, LogDraft, LogRequest
from services.people.patient_ref import PatientRef

#: Stands for the patient in the line that the grammar reads: the form knows whom it is about.
_SOMEBODY = "MRN1"
_NO_LENGTH = "How long was it? Write 15m, 1h 30m or 2-2:25pm, or choose when it started and ended."
_NO_END = "Choose when it ended, or write how long it was."
_NO_START = "Choose when it started, or write how long it was."
_BACKWARDS = "That is not after the start. Check both times. Time past midnight is logged as two entries."
_PAST_MIDNIGHT = "With that length it would run past midnight. Check the time, or log it as two entries."
_OTHER_WORDS = "Only the length belongs here. Put {words} under “What you did”."
_DISAGREE = (
    "{start} to {end} is {by_clock}, and this says {by_words}. Change one of them, or leave one empty."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFields:
    """What a form for time asks for."""

    line: DraftLine
    patient: PatientRef = field(repr=False)
    note: str = field(repr=False)
    #: None where the note is to say it.
    activity: Activity | None
    reason: str = field(default="", repr=False)

    @property
    def asked(self) -> LogRequest:
        """The one entry."""
        return self.line.requests[0]

    @property
    def draft(self) -> LogDraft:
        """To be logged: the note is read as nothing else, and says what kind of work it was unless that is stated."""
        line = with_own_note(self.line, self.note)
        more = tuple(warnings(self.note))
        return LogDraft(
            lines=(for_each_request(line, lambda one: replace(one, remarks=(*one.remarks, *more))),)
        )

    def correction(self, entry_id: int, version: int, activity_before: str) -> EntryEdit:
        """To be put in the place of an entry; the kind of work only where it was changed."""
        asked = self.asked
        clock = (
            (asked.started_at.time(), asked.ended_at.time()) if asked.started_at and asked.ended_at else None
        )
        return EntryEdit(
            entry_id=entry_id,
            version=version,
            seconds=asked.seconds,
            clock=clock,
            service_date=asked.service_date,
            activity=None if self.activity is None or self.activity == activity_before else self.activity,
            patient=self.patient,
            note=self.note,
            reason=self.reason,
            remarks=tuple(warnings(self.note)),
        )


async def read_entry(
    bot: BotContext, member: Member, fields: Mapping[str, str]
) -> EntryFields | dict[str, str]:
    """What the fields ask for; or for each field that cannot be taken the sentence that says why."""
    patient = await read_patient(bot, member, fields)
    length = await read_length(bot, member, fields)
    errors = {BlockId.PATIENT.value: patient.sentence} if isinstance(patient, PatientNotRead) else {}
    errors |= length if isinstance(length, dict) else {}
    if isinstance(patient, PatientNotRead) or isinstance(length, dict):
        return errors
    chosen = fields.get(BlockId.ACTIVITY, BY_NOTE) or BY_NOTE
    activity = None if chosen == BY_NOTE else Activity(chosen)

    def settled(one: LogRequest) -> LogRequest:
        about = replace(one, patient=patient)
        if activity is None:
            return about
        return replace(about, activity=activity, activity_source=ActivitySource.STATED)

    return EntryFields(
        line=for_each_request(length, settled),
        patient=patient,
        note=fields.get(BlockId.NOTE, ""),
        activity=activity,
        reason=fields.get(BlockId.REASON, ""),
    )


async def read_length(
    bot: BotContext, member: Member, fields: Mapping[str, str]
) -> DraftLine | dict[str, str]:
    """How long it was and on which day, for a patient who is filled in later; or the errors by field."""
    return await _Length(bot, member, fields, fields.get(BlockId.DAY, "")).read()


class _Length:
    """How long it was and when: in words, by the clock, or both."""

    def __init__(self, bot: BotContext, member: Member, fields: Mapping[str, str], day: str) -> None:
        self._bot = bot
        self._member = member
        self._words = fields.get(BlockId.DURATION, "")
        self._start = _time(fields.get(BlockId.START, ""))
        self._end = _time(fields.get(BlockId.END, ""))
        self._day = day

    async def read(self) -> DraftLine | dict[str, str]:
        """The line of one entry, for a patient who is filled in later; or the errors by field."""
        seconds: int | None = None
        if self._words:
            by_words = await self._understood(self._words, BlockId.DURATION)
            if isinstance(by_words, dict) or (self._start is None and self._end is None):
                return by_words
            seconds = by_words.requests[0].seconds
        elif self._start is None and self._end is None:
            return {BlockId.DURATION: _NO_LENGTH}
        both = self._both(seconds)
        if isinstance(both, dict):
            return both
        by_clock = await self._understood("-".join(map(_spoken, both)), BlockId.END)
        if isinstance(by_clock, dict):
            return by_clock
        if seconds is not None and by_clock.requests[0].seconds != seconds:
            return {BlockId.DURATION: _disagreeing(both, by_clock.requests[0].seconds, seconds)}
        return by_clock

    def _both(self, seconds: int | None) -> tuple[time, time] | dict[str, str]:
        """Start and end, one of them by the other and the length."""
        start, end = self._start, self._end
        if start is not None and end is not None:
            return (start, end) if start < end else {BlockId.END: _BACKWARDS}
        if seconds is None:
            return {BlockId.END: _NO_END} if end is None else {BlockId.START: _NO_START}
        given = start or end
        assert given is not None, "at least one of them was chosen"
        # Any day does: what would leave it is refused.
        moment = datetime.combine(date(2000, 1, 2), given)
        span = timedelta(seconds=seconds)
        other = moment + span if end is None else moment - span
        if other.date() != moment.date():
            return {(BlockId.START if end is None else BlockId.END): _PAST_MIDNIGHT}
        return (given, other.time()) if end is None else (other.time(), given)

    async def _understood(self, length: str, block: BlockId) -> DraftLine | dict[str, str]:
        """The length as the grammar reads it, on the form's day; what is wrong with the day is said there."""
        parsed = await self._bot.understand(f"log {length} {_SOMEBODY} on {self._day}", self._member)
        if parsed.problems or parsed.draft is None:
            return _errors(parsed, len(f"log {length} {_SOMEBODY}"), block)
        (line, *more) = parsed.draft.lines
        if more or len(line.requests) != 1:
            return {block: _NO_LENGTH}
        note = line.requests[0].note
        return {block: _OTHER_WORDS.format(words=f"“{note}”")} if note else _dated_unsaid(line, self._day)


def _dated_unsaid(line: DraftLine, day: str) -> DraftLine:
    """A line without the remark on its date: the date was chosen, and nobody typed it."""
    remark = f"Took {quoted(f'on {day}')}"
    return for_each_request(
        line,
        lambda one: replace(one, remarks=tuple(said for said in one.remarks if not said.startswith(remark))),
    )


def _errors(parsed: Parsed, length_ends: int, block: BlockId) -> dict[str, str]:
    """Each problem's sentence at the field whose words it marks."""
    errors: dict[str, str] = {}
    for problem in parsed.problems:
        errors.setdefault(BlockId.DAY if problem.start > length_ends else block, problem.message)
    return errors or {block: _NO_LENGTH}


def _disagreeing(both: tuple[time, time], by_clock: int, by_words: int) -> str:
    start, end = map(_spoken, both)
    return _DISAGREE.format(start=start, end=end, by_clock=spoken(by_clock), by_words=spoken(by_words))


def _spoken(moment: time) -> str:
    """`2:05pm`."""
    return f"{moment:%I:%M%p}".lstrip("0").lower()


def _time(chosen: str) -> time | None:
    return time.fromisoformat(chosen) if chosen else None
