"""Logs time: finds the patients, asks what must be asked, stores the entries, says where each patient stands."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from billing.activities import Activity, ActivitySource
from billing.calendar import is_late
from billing.durations import HOUR, spoken
from billing.entries import TimeEntry
from billing.mirrored_reviews import answers
from billing.people import Member
from billing.references import entry_reference
from services.context import Context
from services.entries import guards, pending, performers, timer_stops
from services.entries.named_partners import meant
from services.entries.pending import LEAVE_OUT, Asked, NotLogged, Offered, PendingLog
from services.entries.receipts import EntryView, Receipt, standings, views
from services.entries.requests import DraftLine, LogDraft, LogRequest
from services.entries.timed import timed_shares
from services.errors import DayTooLong
from services.months.after_close import closed_remark
from services.people import members, patients
from services.people.rights import needs
from storage import TIMED_SOURCE, NewEntry

#: The answers to an offer, by their numbers: whether the clear lines are logged.
_OFFER = (True, False)


@needs(*performers.WRITES)
def log(
    context: Context,
    actor: Member,
    draft: LogDraft,
    *,
    request_key: str | None = None,
    left: tuple[str, ...] = (),
) -> Receipt | Asked:
    """Store every entry of a draft, all or none, or ask the first question that stands before them.

    Args:
        context: where the use case works.
        actor: the member who typed.
        draft: what the words meant; at least one entry.
        request_key: Slack's own id of the delivery. The same key again stores nothing and is
            answered with the first receipt.
        left: lines of the same message that are left out, as typed; the answer gives them back.

    Raises:
        Refusal: when an entry cannot be kept as asked; nothing is stored.
    """
    if request_key is not None:
        earlier = context.uow.requests.seen(request_key)
        if earlier is not None:
            return receipt_again(context, actor, earlier)
    performers.check(context, actor, draft)
    draft = _with_partners(context, actor, draft)
    guarded = draft if draft.open_question else guards.with_questions(context, actor, draft)
    if guarded.open_question is not None:
        asked = pending.ask(context, actor, PendingLog(draft=guarded, request_key=request_key, left=left))
        context.uow.commit()
        return asked
    return replace(_keep(context, actor, draft, request_key), left=left)


@needs(*performers.WRITES)
def offer(
    context: Context,
    actor: Member,
    clear: LogDraft,
    typed: tuple[str, ...],
    left: tuple[str, ...],
    *,
    request_key: str | None = None,
) -> Offered:
    """Keep the clear lines of a message until the person says whether to log them without the others.

    Args:
        context: where the use case works.
        actor: the member who typed.
        clear: the lines that were understood.
        typed: all lines as typed.
        left: those that were not understood.
        request_key: Slack's own id of the delivery.
    """
    waiting = PendingLog(draft=clear, request_key=request_key, left=left, offered=typed)
    offered = pending.offer(context, actor, waiting)
    context.uow.commit()
    return offered


@needs(*performers.WRITES)
def answer(
    context: Context, actor: Member, pending_id: str, choice: int
) -> Receipt | Asked | NotLogged | None:
    """Take a person's answer to a question or an offer; None when the answer was to store nothing.

    Raises:
        QuestionExpired: when it was answered before, or 15 minutes have passed.
        Refusal: as for `log`.
    """
    waiting = pending.take(context, actor, pending_id)
    if waiting.offered:
        if pending.one_of(_OFFER, choice):
            return log(context, actor, waiting.draft, request_key=waiting.request_key, left=waiting.left)
        context.uow.commit()
        return NotLogged(left=waiting.offered)
    lines = list(waiting.draft.lines)
    number = next(n for n, line in enumerate(lines) if line.question is not None)
    question = lines[number].question
    assert question is not None
    chosen = pending.one_of(question.choices, choice)
    left = (*waiting.left, lines[number].text) if chosen.label == LEAVE_OUT else waiting.left
    lines[number] = DraftLine(requests=chosen.requests, text=lines[number].text)
    kept = tuple(line for line in lines if line.requests)
    if not kept:
        context.uow.commit()
        timed = waiting.draft.timer is not None
        return NotLogged(left=left, timer_runs=timed) if left or timed else None
    return log(context, actor, replace(waiting.draft, lines=kept), request_key=waiting.request_key, left=left)


def _keep(context: Context, actor: Member, draft: LogDraft, request_key: str | None) -> Receipt:
    requests, timer = draft.requests, draft.timer
    context.uow.acts.begin(timer_stops.act_of(timer), by=actor.member_id, at=context.now)
    performed = [performers.performer_of(context, actor, request) for request in requests]
    _refuse_overlong_days(context, actor, requests, performed)
    new = [_new_entry(context, request, who) for request, who in zip(requests, performed, strict=True)]
    stored = context.uow.ledger.append(
        new,
        by=actor.member_id,
        at=context.now,
        source="chat" if timer is None else TIMED_SOURCE,
        request_key=request_key,
    )
    following = None if timer is None else timer_stops.end(context, actor, timer, stored.receipt_id)
    notes = {entry.entry_id: one.note for entry, one in zip(stored.entries, new, strict=True)}
    shown = tuple(
        replace(
            view,
            remarks=(*request.remarks, *_merged(request, view), *_remarks(context, view)),
            other_date=request.other_date,
        )
        for view, request in zip(views(context, stored.entries, notes), requests, strict=True)
    )
    stand = standings(context, actor, shown, are_new=True)
    receipt = Receipt(
        receipt_id=stored.receipt_id,
        entries=shown,
        standings=stand,
        today=context.today_of(actor),
        timed=timed_shares(context, stand),
        running=following,
    )
    context.uow.commit()
    return receipt


def _merged(request: LogRequest, view: EntryView) -> tuple[str, ...]:
    """That the MRN typed is another's by now."""
    if request.patient.identity in {None, view.patient.identity}:
        return ()
    return (f"{request.patient.text} was merged into {patients.shown_mrn(view.patient.mrn)}.",)


def receipt_again(context: Context, actor: Member, receipt_id: int) -> Receipt:
    """The answer to a request that was carried out before: what it logged then."""
    shown = views(context, context.uow.ledger.receipt(receipt_id).entries)
    return Receipt(
        receipt_id=receipt_id,
        entries=shown,
        standings=standings(context, actor, shown, are_new=True),
        today=context.today_of(actor),
        repeated=True,
    )


def _new_entry(context: Context, request: LogRequest, performer: Member) -> NewEntry:
    patient = patients.find(context, request.patient) or patients.admit(context, request.patient)
    return NewEntry(
        patient_id=patient.patient_id,
        seconds=request.seconds,
        service_date=request.service_date,
        activity=request.activity,
        activity_source=request.activity_source,
        role=performers.worked_as(performer),
        performed_by=performer.member_id,
        recorded_on=context.today_of(performer),
        started_at=request.started_at,
        ended_at=request.ended_at,
        participants=request.participants,
        note=request.note,
        outcome=request.outcome,
        next_contact=request.next_contact,
    )


def _with_partners(context: Context, actor: Member, draft: LogDraft) -> LogDraft:
    """The draft with everyone looked up whom `with @cho` names, or the words of a case review."""
    if not any(request.partners or request.named for request in draft.requests):
        return draft
    return replace(
        draft,
        lines=tuple(
            replace(line, requests=tuple(_joined(context, actor, request) for request in line.requests))
            for line in draft.lines
        ),
    )


def _joined(context: Context, actor: Member, request: LogRequest) -> LogRequest:
    if not request.partners:
        return _named(context, actor, request)
    found = [members.known(context, name) for name in request.partners]
    if any(member is None or member.working_role is None for member in found):
        what = "not a member here" if None in found else "a member without minutes"
        said = f"Somebody named with @ is {what}: the words stay in the note."
        return replace(
            request, partners=(), whole_note="", note=request.whole_note, remarks=(*request.remarks, said)
        )
    performer = performers.performer_of(context, actor, request)
    ids = dict.fromkeys(member.member_id for member in found if member and member != performer)
    return replace(request, partners=(), whole_note="", named=(), participants=tuple(ids))


def _named(context: Context, actor: Member, request: LogRequest) -> LogRequest:
    """The case review of whoever the note plainly names; the words stay in the note."""
    inferred = request.activity_source is ActivitySource.INFERRED and request.activity.billable
    if not request.named or not (inferred or request.activity is Activity.CASE_REVIEW):
        return replace(request, named=())
    performer, everyone = performers.performer_of(context, actor, request), context.uow.members.all()
    found = [meant(name, performer, everyone) for name in request.named]
    ids = dict.fromkeys(
        (*request.participants, *(member.member_id for member in found if member is not None))
    )
    activity = Activity.CASE_REVIEW if len(ids) > len(request.participants) else request.activity
    return replace(request, named=(), participants=tuple(ids), activity=activity)


def _refuse_overlong_days(
    context: Context, actor: Member, requests: tuple[LogRequest, ...], performers: list[Member]
) -> None:
    limit = context.settings.max_day_hours * HOUR
    added: Counter[tuple[Member, date]] = Counter()
    for request, performer in zip(requests, performers, strict=True):
        added[performer, request.service_date] += request.seconds
    for (performer, day), seconds in added.items():
        before = context.uow.ledger.member_seconds_on(performer.member_id, day)
        if before + seconds > limit:
            whose = "you have" if performer == actor else f"{performer.display_name} has"
            raise DayTooLong(
                f"{spoken(seconds)} more would make {spoken(before + seconds)} on {day:%a %b} {day.day}, and a day "
                f"holds at most {spoken(limit)}. So far {whose} {spoken(before)}. Nothing was stored. "
                "Check the duration and the date, or undo an entry that is wrong."
            )


def with_remarks(context: Context, shown: Iterable[EntryView]) -> tuple[EntryView, ...]:
    """Entries just kept, each with what is true of it: that it is late, overlaps another, is an addendum."""
    return tuple(replace(view, remarks=_remarks(context, view)) for view in shown)


def _remarks(context: Context, view: EntryView) -> tuple[str, ...]:
    """What is true of a kept entry beside what was typed: that it is late, that it overlaps another."""
    entry = view.entry
    said: list[str] = []
    zone = context.zone_of(view.performer)
    if entry.activity is Activity.CASE_REVIEW and _said_to_be_two(context, entry):
        mrn = patients.shown_mrn(view.patient.mrn)
        said.append(
            f"{mrn}'s case reviews of that day were said to be two, so each counts. If this one is the same as "
            f"another: /cocm state {mrn} same review on {entry.service_date.month}/{entry.service_date.day}"
        )
    if not view.patient.on_roster:
        said.append(not_on_roster(patients.shown_mrn(view.patient.mrn)))
    days = context.rules_on(entry.service_date).late_after_business_days
    if entry.recorded_on is not None and is_late(
        entry.service_date, entry.recorded_on, context.days_off, days
    ):
        said.append(f"Late entry: written more than {_business_days(days)} after the day it was done.")
    closed = closed_remark(context, entry.service_date)
    if closed is not None:
        said.append(closed)
    if entry.started_at is not None and entry.ended_at is not None:
        others = context.uow.ledger.overlapping(entry.performed_by, entry.started_at, entry.ended_at)
        for other in views(context, [found for found in others if found.entry_id != entry.entry_id]):
            assert other.entry.started_at is not None
            clock = f"{other.entry.started_at.astimezone(zone):%I:%M %p}".lstrip("0").lower()
            own = f"{entry_reference(entry.entry_id)} {_without(entry, other.entry, zone)}"
            said.append(
                f"Overlaps the {clock} {other.entry.activity.label} time for {patients.shown_mrn(other.patient.mrn)}, "
                f"{entry_reference(other.entry.entry_id)}: time worked for two patients at once counts once. "
                f"To correct the times: /cocm edit {own}"
            )
    return tuple(said)


def _without(entry: TimeEntry, other: TimeEntry, zone: ZoneInfo) -> str:
    """The times of an entry that leave out what it shares with another, where one move does that; else a gap."""
    assert entry.started_at is not None, "only clock times overlap"
    assert entry.ended_at is not None, "only clock times overlap"
    assert other.started_at is not None, "only clock times overlap"
    assert other.ended_at is not None, "only clock times overlap"
    start, end = entry.started_at, entry.ended_at
    if start < other.started_at and end <= other.ended_at:
        end = other.started_at
    elif start >= other.started_at and end > other.ended_at:
        start = other.ended_at
    else:
        return "___"
    return "-".join(f"{at.astimezone(zone):%I:%M%p}".lstrip("0").lower() for at in (start, end))


def _business_days(days: int) -> str:
    return "one business day" if days == 1 else f"{days} business days"


def _said_to_be_two(context: Context, entry: TimeEntry) -> bool:
    """Whether somebody has said of an entry's day that its case reviews are two."""
    day = entry.service_date
    found = context.uow.statements.of_patients([entry.patient_id], day, day).get(entry.patient_id, ())
    return answers(found).get(day) is False


def not_on_roster(mrn: str) -> str:
    """A patient known from chat alone."""
    return f"{mrn} is not on the roster: check that the MRN is right."
