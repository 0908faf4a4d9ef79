"""Finds what a message wrote that its author changed or deleted afterwards, and offers the correction."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time

from billing.people import Member
from services.context import Context
from services.entries import amending, pending
from services.entries.changes import EntryEdit
from services.entries.pending import Asked, PendingLog
from services.entries.receipts import EntryView, views
from services.entries.requests import Choice, DraftLine, LogDraft, LogRequest, Question
from services.people import patients
from services.people.rights import Action, needs
from storage import NO_RECEIPT

LOG_AFTER_ALL = "log_after_all"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedChange:
    """One entry, and what it would be by the new words."""

    before: EntryView
    after: EntryView
    pending_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageChanged:
    """A message that wrote entries says something else now, or is gone. Nothing was changed by that."""

    receipt_id: int
    #: What still stands of it.
    entries: tuple[EntryView, ...]
    #: What its new words come to; empty where they cannot be matched with the entries.
    offered: tuple[OfferedChange, ...] = ()
    is_deleted: bool = False
    today: date = field(kw_only=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingStands:
    """A message says something else now, and what it wrote was undone, voided or split since."""


@needs(Action.CORRECT_OWN, Action.CORRECT_ANY)
def deleted(context: Context, actor: Member, request_key: str) -> MessageChanged | None:
    """What still stands of a message that its author deleted; None where it wrote nothing that does."""
    return _standing(context, actor, request_key, is_deleted=True)


@needs(Action.CORRECT_OWN, Action.CORRECT_ANY)
def changed(
    context: Context,
    actor: Member,
    request_key: str,
    before: Sequence[LogRequest],
    after: Sequence[LogRequest] | None,
) -> MessageChanged | NothingStands | Asked | None:
    """What to offer for a message that its author changed.

    Args:
        context: where the use case works.
        actor: the author.
        request_key: the message's own.
        before: the entries that its words asked for, as they were.
        after: those that they ask for now; None where the words are no plain log any more.

    Returns:
        The question whether to log it after all, where the message wrote nothing before; None where nothing that is
        stored is otherwise by the new words.
    """
    found = _standing(context, actor, request_key)
    if found is None:
        wrote = context.uow.requests.seen(request_key) not in {None, NO_RECEIPT}
        if wrote:
            return None if after is not None and tuple(after) == tuple(before) else NothingStands()
        return _log_after_all(context, actor, tuple(after), request_key) if after else None
    if after is None or not (len(before) == len(after) == len(found.entries)):
        return found
    if any(_people(old) != _people(new) for old, new in zip(before, after, strict=True)):
        return found
    offered = tuple(_offers(context, actor, found.entries, before, after))
    context.uow.commit()
    return replace(found, offered=offered) if offered else None


def _standing(
    context: Context, actor: Member, request_key: str, *, is_deleted: bool = False
) -> MessageChanged | None:
    receipt_id = context.uow.requests.seen(request_key)
    if receipt_id is None or receipt_id == NO_RECEIPT:
        return None
    entries = views(context, context.uow.ledger.receipt(receipt_id).entries)
    if not entries:
        return None
    return MessageChanged(
        receipt_id=receipt_id, entries=entries, is_deleted=is_deleted, today=context.today_of(actor)
    )


def _log_after_all(
    context: Context, actor: Member, requests: tuple[LogRequest, ...], request_key: str
) -> Asked:
    question = Question(
        code=LOG_AFTER_ALL,
        message="You changed your message. Before, it logged nothing; now it can be read. Log it?",
        choices=(Choice(label="Log it", requests=requests), Choice(label="Log nothing", requests=())),
    )
    draft = LogDraft(lines=(DraftLine(requests=requests, question=question),))
    asked = pending.ask(context, actor, PendingLog(draft=draft, request_key=request_key))
    context.uow.commit()
    return asked


def _offers(
    context: Context,
    actor: Member,
    entries: Sequence[EntryView],
    before: Sequence[LogRequest],
    after: Sequence[LogRequest],
) -> Iterator[OfferedChange]:
    for view, old, new in zip(entries, before, after, strict=True):
        wanted = _edit(view.entry.entry_id, old, new)
        if wanted.changes_something:
            yield OfferedChange(
                before=view,
                after=_as_said(context, view, wanted, new),
                pending_id=amending.offer(context, actor, wanted),
            )


def _edit(entry_id: int, old: LogRequest, new: LogRequest) -> EntryEdit:
    """What the new words say otherwise than the old ones; what was corrected since stays."""
    same_patient = (old.patient.identity, old.patient.handle) == (new.patient.identity, new.patient.handle)
    clock = _clock(new) if _clock(new) != _clock(old) else None
    return EntryEdit(
        entry_id=entry_id,
        seconds=new.seconds if new.seconds != old.seconds and clock is None else None,
        clock=clock,
        service_date=new.service_date if new.service_date != old.service_date else None,
        activity=new.activity if new.activity is not old.activity else None,
        patient=None if same_patient else new.patient,
        note=new.note if new.note != old.note else "",
    )


def _as_said(context: Context, view: EntryView, wanted: EntryEdit, new: LogRequest) -> EntryView:
    """The entry as it would be, to be shown."""
    entry = replace(
        view.entry,
        seconds=new.seconds if wanted.seconds or wanted.clock else view.entry.seconds,
        service_date=wanted.service_date or view.entry.service_date,
        activity=wanted.activity or view.entry.activity,
    )
    patient = view.patient
    if wanted.patient is not None:
        known = patients.find(context, wanted.patient)
        patient = known or replace(patient, mrn=wanted.patient.text)
    return replace(view, entry=entry, patient=patient, note=wanted.note or view.note)


def _clock(request: LogRequest) -> tuple[time, time] | None:
    if request.started_at is None or request.ended_at is None:
        return None
    return request.started_at.time(), request.ended_at.time()


def _people(request: LogRequest) -> tuple[object, ...]:
    """Whose work it was: no edit changes that."""
    return request.performed_by, request.participants, request.partners
