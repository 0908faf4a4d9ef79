"""The outcome of logging: the entries as stored, and where each patient stands."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from billing.counting import Exclusion
from billing.entries import TimeEntry
from billing.months import BillingMonth
from billing.people import Member, Patient
from services.context import Context
from services.entries.timed import TimedShare
from services.entries.timer_requests import RunningTimer
from services.months.standing import Standing, standing


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryView:
    """One entry with what people need to recognize it."""

    entry: TimeEntry
    patient: Patient
    performer: Member
    #: Those who worked on it at the same time.
    partners: tuple[Member, ...] = ()
    note: str = field(default="", repr=False)
    #: Sentences true of this entry that the person should know: late, overlapping, read as.
    remarks: tuple[str, ...] = field(default=(), repr=False)
    #: Another reading of its date, offered beside the one that was taken.
    other_date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The answer to a log or an undo."""

    receipt_id: int
    entries: tuple[EntryView, ...]
    standings: tuple[Standing, ...]
    #: The recorder's local date when the receipt was made, so that "today" can be said.
    today: date
    #: True when Slack delivered the same request again and nothing new was stored.
    repeated: bool = False
    #: Lines of the same message that were left out, as typed, to be corrected and sent again.
    left: tuple[str, ...] = field(default=(), repr=False)
    #: The act by which a correction, a void or a split can be taken back; None for a log, which its receipt names.
    act_id: int | None = None
    #: How much of each standing's month was timed, in the order of the standings; empty where that was not asked.
    timed: tuple[TimedShare | None, ...] = ()
    #: The timer that runs now, for whoever switched.
    running: RunningTimer | None = None

    def may_be_one_review(self, view: EntryView) -> bool:
        """Whether an entry may be the same case review as another, which nobody has answered yet."""
        return any(
            part.reason is Exclusion.MIRRORED and view.entry.entry_id in {verdict.entry_id, part.kept_by}
            for standing in self.standings
            for verdict in standing.result.verdicts
            for part in verdict.excluded
        )


def views(
    context: Context, entries: Iterable[TimeEntry], notes: Mapping[int, str] | None = None
) -> tuple[EntryView, ...]:
    """Entries with their patients, performers and notes, in the order given.

    The notes by entry come from whoever has just written them; otherwise they are looked up.
    """
    kept = tuple(entries)
    patients = context.uow.patients.many({entry.patient_id for entry in kept})
    people = {who for entry in kept for who in (entry.performed_by, *entry.participants)}
    members = {who: _known(context.uow.members.by_id(who)) for who in people}
    if notes is None:
        notes = context.uow.ledger.notes([entry.entry_id for entry in kept])
    return tuple(
        EntryView(
            entry=entry,
            patient=patients[entry.patient_id],
            performer=members[entry.performed_by],
            partners=tuple(members[who] for who in entry.participants),
            note=notes.get(entry.entry_id, ""),
        )
        for entry in kept
    )


def _known(member: Member | None) -> Member:
    assert member is not None, "entries refer to members, and members are never deleted"
    return member


def standings(
    context: Context, reader: Member, entries: Sequence[EntryView], *, are_new: bool = False
) -> tuple[Standing, ...]:
    """Where each patient and month touched by the entries stands now, each once, in their order.

    Of entries that the reader has just written, what an earlier receipt told is marked as told again.
    """
    new = frozenset(view.entry.entry_id for view in entries) if are_new else frozenset[int]()
    touched = dict.fromkeys((view.patient, BillingMonth.of(view.entry.service_date)) for view in entries)
    return tuple(standing(context, reader, patient, month, new=new) for patient, month in touched)
