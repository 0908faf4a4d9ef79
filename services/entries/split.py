"""Splits an entry: it becomes void, and a new one is stored for each part, all in one unit of work."""

from dataclasses import replace

from billing.durations import split_evenly, spoken
from billing.entries import TimeEntry
from billing.people import Member
from services.context import Context
from services.entries.amend import refuse_with_review, standing_entry
from services.entries.changes import EntrySplit
from services.entries.log import with_remarks
from services.entries.receipts import Receipt, standings, views
from services.errors import CannotCorrect
from services.people import patients
from services.people.rights import Action, needs
from storage import ActKind, EntryVersion, NewEntry

#: Where the new entries came through.
SOURCE = "split"
_UNSAID = "shared out between patients"


@needs(Action.CORRECT_OWN, Action.CORRECT_ANY)
def split(context: Context, actor: Member, wanted: EntrySplit) -> Receipt:
    """Share an entry's time out between patients.

    Raises:
        UnknownEntry: when there is none, or it is void already.
        NotAllowed: when it is another person's.
        UnknownPatient: when a part is for somebody whom nobody knows.
        CannotCorrect: when the parts do not add up to the entry's time, are too many for it, or it is the time
            of a case review.
    """
    entry = standing_entry(context, actor, wanted.entry_id)
    refuse_with_review(context, entry)
    lengths = _lengths(entry, wanted)
    whose = [patients.need(context, part.patient).patient_id for part in wanted.parts]
    reason = wanted.reason.strip() or _UNSAID
    before = views(context, [entry])
    last = context.uow.ledger.versions(entry.entry_id)[-1]
    context.uow.acts.begin(ActKind.SPLIT, by=actor.member_id, at=context.now)
    context.uow.ledger.void([entry.entry_id], by=actor.member_id, at=context.now, reason=reason)
    stored = context.uow.ledger.append(
        [
            replace(_whole(context, actor, last), patient_id=patient_id, seconds=seconds)
            for patient_id, seconds in zip(whose, lengths, strict=True)
        ],
        by=actor.member_id,
        at=context.now,
        source=SOURCE,
    )
    shown = with_remarks(context, views(context, stored.entries))
    receipt = Receipt(
        receipt_id=stored.receipt_id,
        entries=shown,
        standings=standings(context, actor, (*shown, *before)),
        today=context.today_of(actor),
        act_id=context.uow.acts.number(),
    )
    context.uow.commit()
    return receipt


def _lengths(entry: TimeEntry, wanted: EntrySplit) -> tuple[int, ...]:
    given = tuple(part.seconds for part in wanted.parts if part.seconds is not None)
    lengths = given or split_evenly(entry.seconds, len(wanted.parts))
    if sum(lengths) != entry.seconds:
        raise CannotCorrect(
            f"The parts make {spoken(sum(lengths))}, and the entry holds {spoken(entry.seconds)}. Make them "
            "add up, or change the entry's time with edit first. Nothing was changed."
        )
    if min(lengths) <= 0:
        raise CannotCorrect(
            f"{spoken(entry.seconds)} cannot be split between so many patients. Nothing was changed."
        )
    return lengths


def _whole(context: Context, actor: Member, last: EntryVersion) -> NewEntry:
    """The entry to be written again: shared time has no clock times of its own."""
    entry = last.entry
    return NewEntry(
        patient_id=entry.patient_id,
        seconds=entry.seconds,
        service_date=entry.service_date,
        activity=entry.activity,
        activity_source=entry.activity_source,
        role=entry.role,
        performed_by=entry.performed_by,
        participants=entry.participants,
        recorded_on=context.today_of(actor),
        note=last.note,
        outcome=last.outcome,
        next_contact=last.next_contact,
    )
