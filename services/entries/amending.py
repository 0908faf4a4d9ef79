"""Carries out what was asked of one entry: asks which one where that is not plain, and why where a reason is needed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Final

from pydantic import TypeAdapter

from billing.activities import Activity
from billing.entries import TimeEntry
from billing.people import Member
from services.context import Context
from services.entries import amend
from services.entries.changes import LAST_ENTRY, EntryEdit, EntrySplit, HeldAnswer
from services.entries.pending import QUESTION_LIFE
from services.entries.receipts import EntryView, Receipt, views
from services.errors import QuestionExpired, ReasonNeeded, UnknownEntry
from services.people.rights import Action, needs

#: The last entry is plain so long after it was written, as undo is.
PLAIN_WITHIN: Final = timedelta(hours=24)
#: Older ones are offered so far back, and so many.
_OFFERED_WITHIN: Final = timedelta(days=7)
_OFFERED: Final = 5
#: What an act waits as: for its reason, or behind a button that offers it.
_WHY, _BEHIND_BUTTON = "why", "entry_act"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryAct:
    """What was asked of one entry."""

    #: `edit`, `void`, `split`, `history` or `confirm`.
    command: str
    #: `LAST_ENTRY` stands for the one that the person wrote last.
    entry_id: int
    edit: EntryEdit | None = None
    split: EntrySplit | None = None
    answer: HeldAnswer | None = None
    reason: str = field(default="", repr=False)

    def of(self, entry_id: int) -> "EntryAct":
        """The same, asked of another entry."""
        return replace(
            self,
            entry_id=entry_id,
            edit=self.edit and replace(self.edit, entry_id=entry_id),
            split=self.split and replace(self.split, entry_id=entry_id),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WhichEntry:
    """It is not plain which entry is the last one: the person picks one."""

    pending_id: str
    #: The newest first.
    entries: tuple[EntryView, ...]
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyAsked:
    """Nothing is changed yet: a reason is needed first."""

    pending_id: str
    #: The sentence that says why one is needed.
    sentence: str
    before: EntryView
    after: EntryView
    today: date


_FORM = TypeAdapter(EntryAct)


@needs(Action.CORRECT_OWN, Action.CORRECT_ANY, Action.SEE_OWN_TIME, Action.SEE_ANY_HISTORY)
def which(context: Context, actor: Member, act: EntryAct) -> EntryAct | WhichEntry:
    """The act with the number of its entry; or those among which to pick where the last one is not plain.

    It is plain where one entry was written last, by itself, within 24 hours, and no older one corrected since.

    Raises:
        UnknownEntry: when the person has written none of late.
    """
    if act.entry_id != LAST_ENTRY:
        return act
    found = context.uow.ledger.recent_of(actor.member_id, context.now - _OFFERED_WITHIN, _OFFERED)
    if not found:
        raise UnknownEntry(
            "You have written no entry in the last 7 days that still stands. Name the one you mean by its "
            "reference, such as e-36: it is on the receipt, in month and in why."
        )
    newest = found[0]
    together = sum(1 for one in found if one.recorded_at == newest.recorded_at)
    # Who corrected an older entry since may well mean that one.
    corrected = any(one.corrected_at and one.corrected_at > newest.recorded_at for one in found[1:])
    if together == 1 and not corrected and context.now - newest.recorded_at <= PLAIN_WITHIN:
        return act.of(newest.entry_id)
    asked = WhichEntry(
        pending_id=_keep(context, actor, act),
        entries=views(context, found),
        today=context.today_of(actor),
    )
    context.uow.commit()
    return asked


@needs(Action.CORRECT_OWN, Action.CORRECT_ANY)
def offer(context: Context, actor: Member, wanted: EntryEdit) -> str:
    """Keep an edit that the person has yet to confirm, of the entry as it stands; returns the id for its button.

    Raises:
        UnknownEntry: when the entry does not stand any more.
        NotAllowed: when it is another person's.
    """
    entry = amend.standing_entry(context, actor, wanted.entry_id)
    pinned = replace(wanted, version=entry.version)
    return _keep(
        context, actor, EntryAct(command="edit", entry_id=entry.entry_id, edit=pinned), _BEHIND_BUTTON
    )


def offered(context: Context, actor: Member, pending_id: str) -> EntryEdit:
    """Take an edit that was offered and is now confirmed.

    Raises:
        QuestionExpired: when it was answered before, or 15 minutes have passed.
    """
    wanted = _take(context, actor, pending_id).edit
    if wanted is None:
        raise QuestionExpired
    return wanted


@needs(Action.CORRECT_OWN, Action.CORRECT_ANY, Action.SEE_OWN_TIME, Action.SEE_ANY_HISTORY)
def picked(context: Context, actor: Member, pending_id: str, entry_id: int) -> EntryAct:
    """What was asked, of the entry that the person picked.

    Raises:
        QuestionExpired: when it was answered before, or 15 minutes have passed.
    """
    act = _take(context, actor, pending_id).of(entry_id)
    context.uow.commit()
    return act


@needs(Action.CORRECT_OWN, Action.CORRECT_ANY)
def edit(context: Context, actor: Member, wanted: EntryEdit) -> Receipt | WhyAsked:
    """Change an entry; or ask for the reason that it needs.

    Raises:
        Refusal: as for `amend.edit`.
    """
    try:
        return amend.edit(context, actor, wanted)
    except ReasonNeeded as needed:
        entry = amend.standing_entry(context, actor, wanted.entry_id)
        pinned = replace(wanted, version=entry.version)
        asked = _asked(context, actor, entry, pinned, needed)
        context.uow.commit()
        return asked


@needs(Action.CORRECT_OWN, Action.CORRECT_ANY)
def set_activity(context: Context, actor: Member, entry_id: int, activity: Activity) -> Receipt | WhyAsked:
    """Say what kind of work an entry was; or ask why, where its time would count by that and did not before.

    Raises:
        Refusal: as for `amend.set_activity`.
    """
    try:
        return amend.set_activity(context, actor, entry_id, activity)
    except ReasonNeeded:
        return edit(context, actor, EntryEdit(entry_id=entry_id, activity=activity))


@needs(Action.CORRECT_OWN, Action.CORRECT_ANY)
def for_reason(context: Context, actor: Member, pending_id: str, reason: str) -> Receipt:
    """Carry out an edit that waited for its reason.

    Raises:
        QuestionExpired: when it was answered before, or 15 minutes have passed.
        Refusal: as for `amend.edit`.
    """
    return amend.edit(context, actor, replace(offered(context, actor, pending_id), reason=reason))


def _asked(
    context: Context, actor: Member, entry: TimeEntry, wanted: EntryEdit, needed: ReasonNeeded
) -> WhyAsked:
    act = EntryAct(command="edit", entry_id=entry.entry_id, edit=wanted)
    (before,) = views(context, [entry])
    changes: Mapping[str, Any] = needed.changes
    columns = {name: value for name, value in changes.items() if name in TimeEntry.__dataclass_fields__}
    patients = context.uow.patients.many({changes.get("patient_id", entry.patient_id)})
    after = replace(
        before,
        entry=replace(entry, **columns),
        patient=next(iter(patients.values())),
        note=changes.get("note", before.note),
    )
    return WhyAsked(
        pending_id=_keep(context, actor, act),
        sentence=needed.sentence,
        before=before,
        after=after,
        today=context.today_of(actor),
    )


def _keep(context: Context, actor: Member, act: EntryAct, kind: str = _WHY) -> str:
    return context.uow.pending.ask(
        kind=kind,
        payload=_FORM.dump_python(act, mode="json"),
        member_id=actor.member_id,
        at=context.now,
        expires_at=context.now + QUESTION_LIFE,
    )


def _take(context: Context, actor: Member, pending_id: str) -> EntryAct:
    payload = context.uow.pending.take(pending_id, member_id=actor.member_id, at=context.now)
    if payload is None:
        raise QuestionExpired
    return _FORM.validate_python(payload)
