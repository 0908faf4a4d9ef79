"""Which time entries are a psychiatric consultant's case review (R-309)."""

from collections.abc import Set as AbstractSet

from billing.activities import Activity
from billing.entries import TimeEntry
from billing.people import Role


def is_review(entry: TimeEntry, consultants: AbstractSet[int]) -> bool:
    """Whether an entry is the consultant's review: their own of that kind, or a colleague's who names them.

    Args:
        entry: As it stands.
        consultants: Members who are psychiatric consultants.
    """
    if entry.activity is not Activity.CASE_REVIEW:
        return False
    return entry.role is Role.CONSULTANT or not consultants.isdisjoint(entry.participants)
