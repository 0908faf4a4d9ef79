"""Finds what waits for a word of one person: entries that are held, clock times that overlap, and open questions."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from billing.entries import TimeEntry
from billing.months import BillingMonth
from billing.overlaps import Overlap, find_overlaps
from billing.people import Member
from services.context import Context
from services.entries.open_questions import Waits, waits
from services.entries.receipts import EntryView, views
from services.entries.trimming import Trim, trim_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlapping:
    """An entry of which clock time counts for another patient, and how to settle that."""

    view: EntryView
    #: The entry that keeps the time.
    kept: EntryView
    #: Whole seconds that both hold.
    seconds: int
    #: The move that ends it; None where only the person can say what is right.
    trim: Trim | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What waits for a person's word, the newest first."""

    held: tuple[EntryView, ...] = field(repr=False)
    overlapping: tuple[Overlapping, ...] = field(repr=False)
    #: The next to expire first.
    questions: tuple[Waits, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.held or self.overlapping or self.questions)


def waiting_for(context: Context, actor: Member, entries: Sequence[TimeEntry], today: date) -> Waiting:
    """What waits for a member among their own entries of late.

    Args:
        context: where the use case works.
        actor: the member.
        entries: their work since `waits_since`.
        today: their local date.
    """
    held = [entry for entry in entries if entry.is_held]
    overlaps = _overlaps(context, actor, today)
    by_id = {entry.entry_id: entry for entry in entries}
    lost = [by_id[entry_id] for entry_id in overlaps if entry_id in by_id]
    wanted = {one.kept_by for entry in lost for one in overlaps[entry.entry_id]}
    kept = [by_id.get(entry_id) or context.uow.ledger.entry(entry_id) for entry_id in sorted(wanted)]
    shown = [*held, *lost, *(entry for entry in kept if entry is not None)]
    seen = {view.entry.entry_id: view for view in views(context, shown)}
    return Waiting(
        held=_newest_first(seen[entry.entry_id] for entry in held),
        overlapping=tuple(
            Overlapping(
                view=seen[entry.entry_id],
                kept=seen[overlaps[entry.entry_id][0].kept_by],
                seconds=_shared(overlaps[entry.entry_id]),
                trim=trim_of(entry, overlaps[entry.entry_id]),
            )
            for entry in sorted(lost, key=_age, reverse=True)
            if overlaps[entry.entry_id][0].kept_by in seen
        ),
        questions=waits(context, actor),
    )


def waits_since(context: Context, today: date) -> date:
    """From when on entries are looked at: the month before this one, or as far back as time may be logged."""
    back = today - timedelta(days=context.settings.backdate_days)
    return min(BillingMonth.of(today).plus(-1).first_day, back)


def _overlaps(context: Context, actor: Member, today: date) -> dict[int, list[Overlap]]:
    since = waits_since(context, today)
    found = find_overlaps(context.uow.ledger.clocked_with({actor.member_id}, since, today))
    by_entry: dict[int, list[Overlap]] = defaultdict(list)
    for one in found:
        by_entry[one.entry_id].append(one)
    return by_entry


def _shared(overlaps: Sequence[Overlap]) -> int:
    return int(sum((one.ended_at - one.started_at).total_seconds() for one in overlaps))


def _newest_first(found: Iterable[EntryView]) -> tuple[EntryView, ...]:
    return tuple(sorted(found, key=lambda view: _age(view.entry), reverse=True))


def _age(entry: TimeEntry) -> tuple[date, int]:
    return entry.service_date, entry.entry_id
