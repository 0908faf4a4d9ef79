"""Starts, shows, switches, stops and cancels a person's timer: one runs for each, and counts only once it is logged."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

from pydantic import TypeAdapter

from billing.durations import HOUR
from billing.people import Member, Patient
from billing.timers import SHORT_SECONDS, Timer, TimerOutcome, whole_second
from services.context import Context
from services.entries import log, pending, timer_stops
from services.entries.pending import QUESTION_LIFE, Asked
from services.entries.receipts import Receipt
from services.entries.requests import LogRequest
from services.entries.timer_requests import (
    NoTimer,
    RunningTimer,
    TimerAsked,
    TimerBegun,
    TimerCanceled,
    TimerShort,
    TimerStands,
    TimerStart,
    TimerStop,
    TimerWords,
)
from services.entries.timer_stops import TimerGone
from services.entries.timer_times import began_at, ended_at
from services.errors import QuestionExpired
from services.people import patients
from services.people.lookalikes import Lookalike
from services.people.patient_ref import PatientRef
from services.people.rights import Action, needs
from storage import ActKind, StaleVersion

#: The last timer is named where none runs and it ended so recently.
_REMEMBERED: Final = timedelta(hours=12)
_KIND: Final = "timer"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting:
    """A start that waits for an answer: each choice is the start as it then is; None is to do nothing."""

    choices: tuple[TimerStart | None, ...] = field(repr=False)
    #: Whether the timer that runs is stopped for it.
    switches: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What was answered."""

    #: None is to start nothing.
    start: TimerStart | None = field(repr=False)
    #: Whether the timer that runs is stopped for it.
    switches: bool


_FORM = TypeAdapter(_Waiting)

# -- looking ---------------------------------------------------------------------------------------------


def running(context: Context, member: Member) -> RunningTimer | None:
    """A member's timer that runs."""
    found = context.uow.timers.running(member.member_id)
    return None if found is None else view(context, member, found)


@needs(Action.RUN_TIMER)
def look(context: Context, actor: Member, request_key: str | None = None) -> RunningTimer | NoTimer | Receipt:
    """As `show`; for a request that logged something before, what that was."""
    if request_key is not None and (earlier := context.uow.requests.seen(request_key)) is not None:
        return log.receipt_again(context, actor, earlier)
    return show(context, actor)


@needs(Action.RUN_TIMER)
def show(context: Context, actor: Member) -> RunningTimer | NoTimer:
    """The person's timer, or what became of the last one."""
    found = running(context, actor)
    return found if found is not None else none_runs(context, actor)


def none_runs(context: Context, actor: Member) -> NoTimer:
    """That none runs, with the last one that ended of late."""
    last = context.uow.timers.last_ended(actor.member_id, context.now - _REMEMBERED)
    return NoTimer(last=None if last is None else view(context, actor, last))


def view(context: Context, member: Member, timer: Timer) -> RunningTimer:
    """A timer with its patient; of one who was merged since, the one who has everything now."""
    return RunningTimer(timer=timer, patient=_patient(context, timer), zone=context.zone_of(member))


def _patient(context: Context, timer: Timer) -> Patient | None:
    if timer.patient_id is None:
        return None
    found = context.uow.patients.by_id(timer.patient_id)
    return None if found is None else context.uow.patients.by_handle(found.handle) or found


# -- starting --------------------------------------------------------------------------------------------


@needs(Action.RUN_TIMER)
def start(
    context: Context, actor: Member, words: TimerWords, *, request_key: str | None = None
) -> TimerBegun | TimerStands | TimerAsked:
    """Begin a timer, unless one runs: that is never stopped in passing.

    Args:
        context: where the use case works.
        actor: the member who typed.
        words: whose it is, since when, and what about.
        request_key: Slack's own id of the delivery. The same key again begins nothing.

    Raises:
        TimerTime: when it can not have begun then.
        UnknownPatient: for a patient who is not on the roster, where the practice takes no others.
    """
    found = running(context, actor)
    if request_key is not None and context.uow.acts.of_request(request_key) is not None and found is not None:
        return TimerBegun(running=found, repeated=True)
    wanted = _wanted(context, actor, words)
    if found is not None:
        return _stands(context, actor, found, wanted)
    return _begin(context, actor, wanted, request_key=request_key)


def _wanted(context: Context, actor: Member, words: TimerWords) -> TimerStart:
    longest = context.settings.max_entry_hours * HOUR
    at = began_at(words.at, context.now, context.zone_of(actor), longest)
    return TimerStart(patient=words.patient, started_at=at, note=words.note)


def _stands(context: Context, actor: Member, found: RunningTimer, wanted: TimerStart) -> TimerStands:
    ref = wanted.patient
    same = ref is None or (found.patient is not None and patients.find(context, ref) == found.patient)
    if same:
        return TimerStands(running=found)
    assert ref is not None, "whoever names nobody means the timer that runs"
    said = f"One timer runs at a time. Switch it to {ref.text}?"
    pending_id = _keep(context, actor, (wanted,), (said, f"Switch to {ref.text}"), switches=True)
    context.uow.commit()
    return TimerStands(running=found, wanted=ref.text, pending_id=pending_id)


def _begin(
    context: Context,
    actor: Member,
    wanted: TimerStart,
    *,
    request_key: str | None = None,
    none_ran: bool = False,
    settled: bool = False,
) -> TimerBegun | TimerAsked:
    if not settled and (asked := _which_patient(context, actor, wanted)) is not None:
        return asked
    context.uow.acts.begin(ActKind.START, by=actor.member_id, at=context.now, request_key=request_key)
    begun = timer_stops.begin(context, actor, wanted)
    made = TimerBegun(
        running=begun,
        remarks=_remarks(wanted, begun),
        act_id=context.uow.acts.number(),
        none_ran=none_ran,
    )
    context.uow.commit()
    return made


def _remarks(wanted: TimerStart, begun: RunningTimer) -> tuple[str, ...]:
    patient, ref = begun.patient, wanted.patient
    if patient is None or ref is None:
        return ()
    mrn, said = patients.shown_mrn(patient.mrn), []
    if ref.identity not in {None, patient.identity}:
        said.append(f"{ref.text} was merged into {mrn}.")
    if not patient.on_roster:
        said.append(f"{mrn} is not on the roster: check that the MRN is right.")
    return tuple(said)


def _which_patient(
    context: Context, actor: Member, wanted: TimerStart, *, switches: bool = False
) -> TimerAsked | None:
    """The question about an MRN that is nobody's and much like another's."""
    ref = wanted.patient
    near: Sequence[Lookalike] = patients.lookalikes(context, ref) if ref is not None else ()
    if ref is None or not near:
        return None
    named = [
        (patients.shown_mrn(one.patient.mrn), replace(wanted, patient=_ref(one.patient))) for one in near
    ]
    if context.settings.unknown_patient == "accept":
        named.append((f"Keep {ref.text}", wanted))
    choices: tuple[TimerStart | None, ...] = (*(one for _, one in named), None)
    message = patients.which_is_meant(ref.text, near)
    labels = (*(label for label, _ in named), "Keep the timer as it is" if switches else "Start nothing")
    pending_id = _keep(context, actor, choices, (message, *labels), switches=switches)
    context.uow.commit()
    return TimerAsked(pending_id=pending_id, message=message, choices=labels)


def _ref(patient: Patient) -> PatientRef:
    return PatientRef(text=patients.shown_mrn(patient.mrn), identity=patient.identity)


# -- stopping --------------------------------------------------------------------------------------------


@needs(Action.RUN_TIMER)
def stop(
    context: Context,
    actor: Member,
    timer_id: int,
    words: TimerWords,
    about: tuple[LogRequest, ...],
    *,
    following: TimerWords | TimerStart | None = None,
    request_key: str | None = None,
) -> Receipt | Asked | TimerAsked | TimerStands | TimerShort:
    """Log what a timer measured, and end it; whoever switches begins another at the same moment.

    Args:
        context: where the use case works.
        actor: the member who typed.
        timer_id: the timer that they saw running.
        words: when the work ended; what was done is in `about` already.
        about: what was done, of the timer's patient first, then of another who was named.
        following: what begins then; of a start that waited for an answer, when that was asked for.
        request_key: Slack's own id of the delivery. The same key again logs nothing more.

    Raises:
        TimerGone: when it runs no more.
        TimerTime: when it can not have ended then.
        TimerTooLong: when it is longer than one entry may be.
        Refusal: as for `log.log`; the timer goes on.
    """
    if request_key is not None and (earlier := context.uow.requests.seen(request_key)) is not None:
        return log.receipt_again(context, actor, earlier)
    timer = context.uow.timers.running(actor.member_id)
    if timer is None or timer.timer_id != timer_id:
        raise TimerGone
    end = ended_at(words.at, timer.started_at, context.now, context.zone_of(actor))
    begins = following
    if isinstance(begins, TimerStart):
        end = begins.started_at if timer.started_at < begins.started_at else end
        begins = replace(begins, started_at=end)
    elif begins is not None:
        begins = TimerStart(patient=begins.patient, started_at=end, note=begins.note)
        found = view(context, actor, timer)
        if begins.patient and found.patient and patients.find(context, begins.patient) == found.patient:
            return TimerStands(running=found)
        if (asked := _which_patient(context, actor, begins, switches=True)) is not None:
            return asked
    if timer.seconds(end) < SHORT_SECONDS:
        wanted = begins.patient.text if begins is not None and begins.patient is not None else ""
        running_now = view(context, actor, timer)
        return TimerShort(running=running_now, seconds=timer.seconds(end), wanted=wanted)
    ends = TimerStop(timer_id=timer_id, ended_at=end, following=begins)
    draft = timer_stops.draft_of(context, actor, timer, ends, about)
    return log.log(context, actor, draft, request_key=request_key)


@needs(Action.RUN_TIMER)
def start_instead(
    context: Context, actor: Member, words: TimerWords, *, request_key: str | None = None
) -> TimerBegun | TimerAsked:
    """Begin a timer for whoever asked to switch to it, where none runs.

    Raises:
        TimerTime: when it can not have begun then.
        TimerElsewhere: when one runs after all.
    """
    wanted = _wanted(context, actor, words)
    return _begin(context, actor, wanted, request_key=request_key, none_ran=True)


@needs(Action.RUN_TIMER)
def chosen(context: Context, actor: Member, pending_id: str, choice: int) -> Chosen:
    """Take the answer to whose timer it is.

    Raises:
        QuestionExpired: when it was answered before, or 15 minutes have passed.
    """
    payload = context.uow.pending.take(pending_id, member_id=actor.member_id, at=context.now)
    if payload is None:
        raise QuestionExpired
    waiting = _FORM.validate_python(payload)
    start = pending.one_of(waiting.choices, choice)
    context.uow.commit()
    return Chosen(start=start, switches=waiting.switches)


@needs(Action.RUN_TIMER)
def start_chosen(context: Context, actor: Member, wanted: TimerStart) -> TimerBegun | TimerAsked:
    """Begin a timer whose patient was asked about.

    Raises:
        TimerElsewhere: when one runs by now.
    """
    return _begin(context, actor, wanted, settled=True)


# -- dropping --------------------------------------------------------------------------------------------


@needs(Action.RUN_TIMER)
def cancel(
    context: Context,
    actor: Member,
    *,
    timer_id: int | None = None,
    patient: PatientRef | None = None,
    request_key: str | None = None,
) -> TimerCanceled | TimerStands | NoTimer:
    """Drop a timer; nothing is logged.

    Args:
        context: where the use case works.
        actor: the member who typed or pressed.
        timer_id: the one that they saw; None is the one that runs.
        patient: whose they said it is; another's is not dropped.
        request_key: Slack's own id of the delivery.

    Raises:
        TimerGone: when the one that they saw runs no more.
    """
    again = request_key is not None and context.uow.acts.of_request(request_key) is not None
    found = running(context, actor)
    if found is None or again:
        return _not_canceled(context, actor, timer_id, again=again)
    if timer_id is not None and found.timer.timer_id != timer_id:
        raise TimerGone
    if patient is not None and (found.patient is None or patients.find(context, patient) != found.patient):
        return TimerStands(running=found, wanted=patient.text)
    ended = replace(
        found.timer,
        ended_at=max(whole_second(context.now), found.timer.started_at),
        outcome=TimerOutcome.CANCELED,
    )
    context.uow.acts.begin(ActKind.CANCEL, by=actor.member_id, at=context.now, request_key=request_key)
    try:
        context.uow.timers.change(ended)
    except StaleVersion:
        raise TimerGone from None
    made = _canceled(context, replace(found, timer=ended))
    context.uow.commit()
    return made


def _canceled(context: Context, was: RunningTimer) -> TimerCanceled:
    assert was.timer.ended_at is not None, "what was dropped has ended"
    seconds = was.timer.seconds(was.timer.ended_at)
    return TimerCanceled(was=was, seconds=seconds, act_id=context.uow.acts.number())


def _not_canceled(
    context: Context, actor: Member, timer_id: int | None, *, again: bool
) -> TimerCanceled | NoTimer:
    none = none_runs(context, actor)
    if again and none.last is not None and none.last.timer.outcome is TimerOutcome.CANCELED:
        ended = none.last.timer.ended_at
        assert ended is not None, "what was dropped has ended"
        return TimerCanceled(was=none.last, seconds=none.last.timer.seconds(ended), act_id=0, repeated=True)
    if timer_id is not None:
        raise TimerGone
    return none


def _keep(
    context: Context,
    actor: Member,
    choices: tuple[TimerStart | None, ...],
    said: tuple[str, ...],
    *,
    switches: bool = False,
) -> str:
    """Keep a start until it is answered; `said` is the question, then its answers in words."""
    waiting = _FORM.dump_python(_Waiting(choices=choices, switches=switches), mode="json")
    return context.uow.pending.ask(
        kind=_KIND,
        payload={**waiting, "message": said[0], "labels": list(said[1:])},
        member_id=actor.member_id,
        at=context.now,
        expires_at=context.now + QUESTION_LIFE,
    )
