"""Makes entries of what a timer measured, and ends it in the unit of work that logs them."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from billing.durations import HOUR, spoken
from billing.people import Member
from billing.stretches import Stretch, cut_at_midnight
from billing.timers import LONG_SECONDS, Timer, TimerOutcome
from services.context import Context
from services.entries.requests import Choice, DraftLine, LogDraft, LogRequest, Question
from services.entries.timer_requests import RunningTimer, TimerStart, TimerStop
from services.errors import Refusal
from services.people import patients
from storage import ActKind, AlreadyExists, StaleVersion

#: Codes of the questions that only stopping raises.
LONG: Final = "timer_long"
WHOSE: Final = "timer_whose"
KEEP_RUNNING: Final = "Keep it running"


class TimerGone(Refusal):
    """That timer runs no more, so nothing was changed. `/cocm timer` shows what runs, `/cocm today` what was logged."""

    code = "timer_gone"


class TimerElsewhere(Refusal):
    """Another timer of yours was started at the same moment, so this one was not. `/cocm timer` shows it."""

    code = "timer_elsewhere"


class TimerTooLong(Refusal):
    """The timer ran longer than one entry may hold. Say when you stopped."""

    code = "timer_too_long"


def draft_of(
    context: Context, actor: Member, timer: Timer, stop: TimerStop, about: tuple[LogRequest, ...]
) -> LogDraft:
    """What a timer measured as a draft: an entry for each local date, each as the template says but for its time.

    Args:
        context: where the use case works.
        actor: whose timer it is.
        timer: what ran.
        stop: when it ended, and what follows.
        about: what was done, for each patient that it may have been for; the first is the timer's own.

    Raises:
        TimerTooLong: when it is longer than an entry may be, or longer ago than anything may be logged.
    """
    _must_fit(context, actor, timer, stop)
    zone = context.zone_of(actor)
    stretches = cut_at_midnight(timer.started_at.astimezone(zone), stop.ended_at.astimezone(zone), zone)

    def entries(one: LogRequest) -> tuple[LogRequest, ...]:
        return tuple(
            replace(
                one,
                seconds=stretch.seconds,
                service_date=stretch.day,
                started_at=stretch.started_at,
                ended_at=stretch.ended_at,
                remarks=(*one.remarks, _timed(stretch)),
            )
            for stretch in stretches
            if stretch.seconds > 0
        )

    line = DraftLine(requests=entries(about[0]))
    if len(about) > 1:
        own, other = (patients.shown_mrn(one.patient.text) for one in about)
        choices = [
            Choice(label=name, requests=entries(one)) for name, one in zip((own, other), about, strict=True)
        ]
        line = replace(
            line,
            question=Question(
                code=WHOSE,
                message=f"Your timer runs for {own}, and you named {other}. Whose time was it?",
                choices=(*choices, Choice(label=KEEP_RUNNING, requests=())),
            ),
        )
    return LogDraft(lines=(line,), timer=stop)


def _timed(stretch: Stretch) -> str:
    assert stretch.started_at is not None, "what a timer measured has clock times"
    assert stretch.ended_at is not None, "what a timer measured has clock times"
    began, ended = (f"{at:%I:%M %p}".lstrip("0").lower() for at in (stretch.started_at, stretch.ended_at))
    return f"Timed from {began} to {ended}."


def _must_fit(context: Context, actor: Member, timer: Timer, stop: TimerStop) -> None:
    seconds, most = timer.seconds(stop.ended_at), context.settings.max_entry_hours * HOUR
    if seconds > most:
        raise TimerTooLong(
            f"The timer has run for {spoken(seconds // 60 * 60)}, and one entry holds at most {spoken(most)}. Nothing "
            "was logged, and it keeps running. Say when you stopped, such as `/cocm stop at 11:40am`, or drop it with "
            "`/cocm cancel`."
        )
    began = timer.started_at.astimezone(context.zone_of(actor)).date()
    if began < context.today_of(actor) - timedelta(days=context.settings.backdate_days - 1):
        raise TimerTooLong(
            f"The timer began more than {context.settings.backdate_days} days ago, and so late nothing can be logged. "
            "Nothing was changed. Drop it with `/cocm cancel`."
        )


def with_question(draft: LogDraft) -> LogDraft:
    """The draft, with the question that a very long time raises, if it was not answered."""
    seconds = sum(request.seconds for request in draft.requests)
    (line,) = draft.lines
    settled = any(LONG in request.settled for request in line.requests)
    if draft.timer is None or seconds <= LONG_SECONDS or settled:
        return draft
    kept = tuple(replace(request, settled=(*request.settled, LONG)) for request in line.requests)
    question = Question(
        code=LONG,
        message=f"The timer ran for {spoken(seconds)}. Was all of that time spent on the patient?",
        choices=(
            Choice(label=f"Log {spoken(seconds)}", requests=kept),
            Choice(label=KEEP_RUNNING, requests=()),
        ),
    )
    return replace(draft, lines=(replace(line, question=question),))


def act_of(stop: TimerStop | None) -> ActKind:
    """What logging a draft is."""
    if stop is None:
        return ActKind.LOG
    return ActKind.STOP if stop.following is None else ActKind.SWITCH


def end(context: Context, actor: Member, stop: TimerStop, receipt_id: int) -> RunningTimer | None:
    """End a timer whose time was just logged; returns the one that follows.

    Raises:
        TimerGone: when it runs no more.
    """
    timer = context.uow.timers.by_id(stop.timer_id)
    if timer is None or timer.member_id != actor.member_id:
        raise TimerGone
    ended = replace(timer, ended_at=stop.ended_at, outcome=TimerOutcome.LOGGED, receipt_id=receipt_id)
    try:
        context.uow.timers.change(ended)
    except StaleVersion:
        raise TimerGone from None
    return begin(context, actor, stop.following) if stop.following is not None else None


def begin(context: Context, actor: Member, start: TimerStart) -> RunningTimer:
    """Keep a timer that begins; its patient is known, or was asked about.

    Raises:
        TimerElsewhere: when another one of theirs runs.
        UnknownPatient: for a patient who is not on the roster, where the practice takes no others.
    """
    patient = None
    if start.patient is not None:
        patient = patients.find(context, start.patient) or patients.admit(context, start.patient)
    try:
        timer = context.uow.timers.start(
            member_id=actor.member_id,
            patient_id=None if patient is None else patient.patient_id,
            started_at=start.started_at,
            begun_at=context.now,
            note=start.note,
        )
    except AlreadyExists:
        raise TimerElsewhere from None
    return RunningTimer(timer=timer, patient=patient, zone=context.zone_of(actor))
