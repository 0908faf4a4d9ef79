"""Settles entries that are held: what kind of work it was, or whether two alike are two contacts or one."""

from billing.activities import Activity, ActivitySource
from billing.entries import TimeEntry
from billing.kinds_of_work import care_management_kind, plain_form, why_held
from billing.people import Member
from billing.references import entry_reference
from services.context import Context
from services.entries import amend, amending, void
from services.entries.amending import WhyAsked
from services.entries.changes import HeldAnswer
from services.entries.receipts import EntryView, Receipt
from services.errors import CannotCorrect
from services.people.rights import Action, needs

#: What an entry that waits can be answered with.
KINDS = (HeldAnswer.CARE_MANAGEMENT, HeldAnswer.BILLED_SEPARATELY, HeldAnswer.CLERICAL)
TWINS = (HeldAnswer.ANOTHER_CONTACT, HeldAnswer.THE_SAME)
_SAME = "the same contact, entered twice"
_REPEATED = "it looks like another entry of the same person, patient and day"
_WITHOUT_ROLE = "it came in a file, and whoever did it had no role here"
_SETTLED = (
    "That entry is not held: it is {kind} already. Nothing was changed. To change it, say what it was and why: "
    "edit {reference} #{activity} because ..."
)
_SEPARATE = frozenset({Activity.PSYCHOTHERAPY, Activity.CRISIS, Activity.BILLED_SEPARATELY})


def answers(entry: TimeEntry) -> tuple[HeldAnswer, ...]:
    """What an entry can be answered with; nothing for one that is not held."""
    if not entry.is_held:
        return ()
    return TWINS if entry.activity_source is ActivitySource.REPEATED else KINDS


def held_because(view: EntryView) -> str:
    """Why an entry waits, in words; empty for one that does not."""
    if not view.entry.is_held:
        return ""
    if view.entry.activity_source is ActivitySource.REPEATED:
        return _REPEATED
    if view.entry.activity_source is ActivitySource.WITHOUT_ROLE:
        return _WITHOUT_ROLE
    return why_held(view.note, view.entry.activity)


@needs(Action.CORRECT_OWN, Action.CORRECT_ANY)
def settle(context: Context, actor: Member, entry_id: int, answer: HeldAnswer) -> Receipt | WhyAsked:
    """Take a person's word for what a held entry was; `THE_SAME` voids it.

    Raises:
        UnknownEntry: when there is none, or it was undone.
        NotAllowed: when it is another person's.
        CannotCorrect: when it is not held, or held for another question than the one answered.
    """
    entry = amend.standing_entry(context, actor, entry_id)
    if answer not in answers(entry):
        raise CannotCorrect(_no_answer(entry))
    if answer is HeldAnswer.THE_SAME:
        return void.void(context, actor, entry_id, _SAME)
    if answer is HeldAnswer.ANOTHER_CONTACT:
        return _tell_apart(context, actor, entry)
    return amending.set_activity(context, actor, entry_id, _kind(context, entry, answer))


def _tell_apart(context: Context, actor: Member, entry: TimeEntry) -> Receipt | WhyAsked:
    if entry.activity.billable:
        return amending.set_activity(context, actor, entry.entry_id, entry.activity)
    # What kind of work it was is still to be said.
    return amend.set_activity(context, actor, entry.entry_id, entry.activity, source=ActivitySource.INFERRED)


def _kind(context: Context, entry: TimeEntry, answer: HeldAnswer) -> Activity:
    if answer is HeldAnswer.CLERICAL:
        return Activity.ADMIN
    if answer is HeldAnswer.BILLED_SEPARATELY:
        return entry.activity if entry.activity in _SEPARATE else Activity.BILLED_SEPARATELY
    if entry.activity.billable:
        return entry.activity
    note = context.uow.ledger.notes([entry.entry_id]).get(entry.entry_id, "")
    return care_management_kind(plain_form(note))


def _no_answer(entry: TimeEntry) -> str:
    if not entry.is_held:
        reference = entry_reference(entry.entry_id)
        activity = Activity.CARE_COORDINATION
        return _SETTLED.format(kind=entry.activity.label, reference=reference, activity=activity)
    choices = " or ".join(f"confirm {entry_reference(entry.entry_id)} {one.label}" for one in answers(entry))
    return f"That entry waits for another answer. Nothing was changed. Type {choices}."
