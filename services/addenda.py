"""What was written about a closed month since: kept, shown, and in no frozen total."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from billing.entries import TimeEntry
from billing.months import BillingMonth
from billing.people import Patient
from services.desk import Desk


class AddendumKind(StrEnum):
    """What became of an entry after the close."""

    ADDED = "added"
    CORRECTED = "corrected"
    #: Made void, or moved to another month or patient.
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Addendum:
    """An entry that stands otherwise than in the closed month."""

    kind: AddendumKind
    entry_id: int
    patient: Patient = field(repr=False)
    month: BillingMonth
    #: Whole seconds as frozen, and as they stand now.
    seconds_before: int
    seconds_after: int


def addenda_of(
    desk: Desk, month: BillingMonth, frozen: Iterable[TimeEntry], now: Iterable[TimeEntry]
) -> tuple[Addendum, ...]:
    """Compare a month's entries as they were frozen with those that stand now; by entry."""
    before = {entry.entry_id: entry for entry in frozen}
    changed: list[tuple[AddendumKind, TimeEntry | None, TimeEntry | None]] = []
    for entry in now:
        old = before.pop(entry.entry_id, None)
        if old is None:
            changed.append((AddendumKind.ADDED, None, entry))
        elif old.version != entry.version:
            changed.append((AddendumKind.CORRECTED, old, entry))
    changed += [(AddendumKind.WITHDRAWN, old, None) for old in before.values()]
    patients = desk.uow.patients.many({_either(old, new).patient_id for _, old, new in changed})
    return tuple(
        sorted(
            (
                Addendum(
                    kind=kind,
                    entry_id=_either(old, new).entry_id,
                    patient=patients[_either(old, new).patient_id],
                    month=month,
                    seconds_before=old.seconds if old else 0,
                    seconds_after=new.seconds if new else 0,
                )
                for kind, old, new in changed
            ),
            key=lambda addendum: addendum.entry_id,
        )
    )


def _either(old: TimeEntry | None, new: TimeEntry | None) -> TimeEntry:
    entry = new or old
    assert entry is not None, "an addendum has an entry before, or after, or both"
    return entry
