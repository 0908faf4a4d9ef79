"""Time of one patient that is in two entries: joint time of the team, or one person twice at once."""

from collections import defaultdict
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from billing.entries import TimeEntry
from billing.overlaps import Overlap, clock, keyed_order
from billing.people import Role

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Cut:
    """Seconds that one entry yields to another."""

    seconds: int
    kept_by: int
    #: True for joint time of two people; False when one person stands in two places.
    joint: bool


def may_be_shared(entries: Sequence[TimeEntry], overlaps: Sequence[Overlap]) -> bool:
    """Whether any entry of a month can have to yield time to another."""
    return bool(overlaps) or len(_shared(entries)) > 1


def _shared(entries: Sequence[TimeEntry]) -> list[TimeEntry]:
    """Those that may be in one place with another."""
    return [entry for entry in entries if entry.started_at is not None or entry.participants]


def cut_shared_time(
    entries: Sequence[TimeEntry], countable: AbstractSet[int], overlaps: Sequence[Overlap]
) -> dict[int, tuple[Cut, ...]]:
    """What each countable entry yields, by entry id; entries that yield nothing are absent.

    The consultant's entry yields to the care manager's, since only staff time counts for every code;
    otherwise the entry written later yields.

    Args:
        entries: One patient's entries of a month.
        countable: Ids of those for which no other reason speaks.
        overlaps: Clock time that belongs to other patients' entries.
    """
    shared = _shared(entries)
    lost_elsewhere: dict[int, list[Overlap]] = defaultdict(list)
    for overlap in overlaps:
        lost_elsewhere[overlap.entry_id].append(overlap)
    days: dict[date, list[TimeEntry]] = defaultdict(list)
    for entry in shared:
        days[entry.service_date].append(entry)
    cuts: dict[int, tuple[Cut, ...]] = {}
    for day in days.values():
        if len(day) > 1 or lost_elsewhere:
            cuts |= _one_day(sorted(day, key=_yielding_order), countable, lost_elsewhere)
    return cuts


def _yielding_order(entry: TimeEntry) -> tuple[bool, datetime, datetime, int]:
    return (entry.role is Role.CONSULTANT, *keyed_order(entry))


def _one_day(
    day: Sequence[TimeEntry], countable: AbstractSet[int], lost_elsewhere: dict[int, list[Overlap]]
) -> dict[int, tuple[Cut, ...]]:
    cuts: dict[int, tuple[Cut, ...]] = {}
    paired: set[int] = set()
    for position, entry in enumerate(day):
        if entry.entry_id not in countable:
            continue
        span = clock(entry)
        if span is None:
            found = _paired(entry, day[:position], countable, paired)
        else:
            keepers = [
                other
                for place, other in enumerate(day)
                if place != position and _keeps(other, entry, countable, before=place < position)
            ]
            found = _clocked(span, entry, keepers, lost_elsewhere.get(entry.entry_id, ()))
        if found:
            cuts[entry.entry_id] = tuple(found)
    return cuts


def _keeps(other: TimeEntry, entry: TimeEntry, countable: AbstractSet[int], *, before: bool) -> bool:
    """Whether another entry's clock time goes first.

    Time that does not count takes none from a colleague, but the same person cannot be in two places.
    """
    if other.entry_id in countable:
        return before
    return other.performed_by == entry.performed_by


def _clocked(
    span: Span, entry: TimeEntry, keepers: Sequence[TimeEntry], elsewhere: Sequence[Overlap]
) -> list[Cut]:
    """Cut a clock time by those that go before it, each second once."""
    free = [span]
    found: list[Cut] = []
    for other in keepers:
        taken = clock(other)
        if taken is not None:
            free, seconds = _subtract(free, taken)
            if seconds:
                found.append(Cut(seconds, other.entry_id, other.performed_by != entry.performed_by))
    for overlap in elsewhere:
        free, seconds = _subtract(free, (overlap.started_at, overlap.ended_at))
        if seconds:
            found.append(Cut(seconds, overlap.kept_by, joint=False))
    return found


def _subtract(free: list[Span], taken: Span) -> tuple[list[Span], int]:
    """Take one span out of others: what is left, and how many seconds went."""
    start, end = taken
    left: list[Span] = []
    gone = timedelta()
    for first, last in free:
        inner_start, inner_end = max(first, start), min(last, end)
        if inner_start >= inner_end:
            left.append((first, last))
            continue
        gone += inner_end - inner_start
        left += [part for part in ((first, inner_start), (inner_end, last)) if part[0] < part[1]]
    return left, int(gone.total_seconds())


def _paired(
    entry: TimeEntry, before: Sequence[TimeEntry], countable: AbstractSet[int], paired: set[int]
) -> list[Cut]:
    """Joint time of one day written down by both, without clock times."""
    for other in before:
        if (
            other.entry_id in countable
            and other.entry_id not in paired
            and other.started_at is None
            and (_each_names_the_other(entry, other) or _written_twice(entry, other))
        ):
            paired.add(other.entry_id)
            return [Cut(min(entry.seconds, other.seconds), other.entry_id, joint=True)]
    return []


def _each_names_the_other(entry: TimeEntry, other: TimeEntry) -> bool:
    return other.performed_by in entry.participants and entry.performed_by in other.participants


def _written_twice(entry: TimeEntry, other: TimeEntry) -> bool:
    """One person's joint time, as long in both, of which each member of the pair wrote an entry."""
    team = {entry.performed_by, *entry.participants}
    return (
        entry.performed_by == other.performed_by
        and team == {other.performed_by, *other.participants}
        and entry.seconds == other.seconds
        and entry.recorded_by != other.recorded_by
        and {entry.recorded_by, other.recorded_by} <= team
    )
