"""One case review in two entries, the care manager's and the consultant's, that do not say so of each other (R-215)."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date

from billing.activities import Activity
from billing.clinical import Statement, StatementKind
from billing.entries import TimeEntry
from billing.overlaps import keyed_order
from billing.people import Role

#: For days of which somebody said so: whether the care manager's and the consultant's entries are one review.
Answers = Mapping[date, bool]


_SAID = {StatementKind.SAME_REVIEW: True, StatementKind.TWO_REVIEWS: False}


def answers(statements: Iterable[Statement]) -> Answers:
    """What was said of each day; the last word stands."""
    said = sorted(
        (one for one in statements if one.kind in _SAID), key=lambda statement: statement.statement_id
    )
    return {one.made_on: _SAID[one.kind] for one in said}


def may_be_mirrored(entries: Sequence[TimeEntry]) -> bool:
    """Whether a case review of a month can be in two entries."""
    days = {entry.service_date for entry in entries if entry.role is Role.CONSULTANT}
    return bool(days) and any(
        entry.role is Role.CARE_MANAGER and entry.service_date in days for entry in entries
    )


def mirrors(
    entries: Sequence[TimeEntry], linked: Collection[AbstractSet[int]] = ()
) -> tuple[tuple[TimeEntry, TimeEntry], ...]:
    """The pairs that may be one review: the care manager's entry and the consultant's, each in one pair at most.

    Both are of one day and of kind case review, or one is and the other names who wrote it; clock times of both
    tell for themselves what is shared. A pair of the same length, or of which one names the other, comes first.

    Args:
        entries: One patient's entries, those that count.
        linked: Ids of entries that are known to be about the same time.
    """
    if not may_be_mirrored(entries):
        return ()
    known = {entry_id for talk in linked if len(talk) > 1 for entry_id in talk}
    free = [entry for entry in sorted(entries, key=keyed_order) if entry.entry_id not in known]
    own = [entry for entry in free if entry.role is Role.CARE_MANAGER]
    consultants = [entry for entry in free if entry.role is Role.CONSULTANT]
    return tuple(_paired(own, consultants))


def _paired(own: list[TimeEntry], consultants: Sequence[TimeEntry]) -> Iterator[tuple[TimeEntry, TimeEntry]]:
    near = [(_distance(one, other), one, other) for one in own for other in consultants if _alike(one, other)]
    taken: set[int] = set()
    for _, one, other in sorted(near, key=lambda pair: pair[0]):
        if taken.isdisjoint((one.entry_id, other.entry_id)):
            taken |= {one.entry_id, other.entry_id}
            yield one, other


def _alike(own: TimeEntry, consultants: TimeEntry) -> bool:
    """Whether two entries can be about one review."""
    if own.service_date != consultants.service_date or own.performed_by == consultants.performed_by:
        return False
    if own.started_at is not None and consultants.started_at is not None:
        return False
    kinds = [entry.activity is Activity.CASE_REVIEW for entry in (own, consultants)]
    return all(kinds) or (kinds[0] and _names(consultants, own)) or (kinds[1] and _names(own, consultants))


def _names(entry: TimeEntry, other: TimeEntry) -> bool:
    return other.performed_by in entry.participants


def _distance(own: TimeEntry, consultants: TimeEntry) -> tuple[bool, bool, int, int]:
    names = _names(own, consultants) or _names(consultants, own)
    return not names, own.seconds != consultants.seconds, own.entry_id, consultants.entry_id
