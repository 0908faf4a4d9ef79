"""Loads what only a look across patients shows: shared clock times, repeated words, and what was closed."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from billing.claims import Claim
from billing.closing import MonthStatus
from billing.entries import TimeEntry
from billing.months import BillingMonth
from billing.overlaps import Clocked, Overlap, clock, find_overlaps
from billing.repetition import OUR_OWN_WORDS
from services.context import Context
from services.months.claims import claims_of
from services.months.state import month_state
from storage import note_digest

#: Overlaps by entry.
Overlaps = Mapping[int, tuple[Overlap, ...]]

#: Fingerprints of words that nobody typed: a review without a recommendation is not a cloned record.
_OUR_OWN = frozenset(map(note_digest, OUR_OWN_WORDS))


#: Of so many patients a month is asked about one by one; after them it is read for everybody.
_ONE_BY_ONE = 100


class Across:
    """A practice's months, each looked at once."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._overlaps: dict[BillingMonth, Overlaps] = {}
        self._asked: Counter[BillingMonth] = Counter()
        self._repeated: dict[BillingMonth, frozenset[str]] = {}
        self._closed_at: dict[BillingMonth, datetime | None] = {}
        self._revisions: dict[BillingMonth, int] = {}
        self._claims: dict[BillingMonth, dict[int, Claim]] = {}
        self._ever_closed: frozenset[BillingMonth] | None = None

    def overlaps(self, month: BillingMonth) -> Overlaps:
        """Clock time of a month's entries that belongs to another patient's, of everybody."""
        if month not in self._overlaps:
            found = self._context.uow.ledger.clocked(month.first_day, month.last_day)
            self._overlaps[month] = _by_entry(found, lambda one: one.service_date in month)
        return self._overlaps[month]

    def overlaps_of(self, entries: Iterable[TimeEntry]) -> Overlaps:
        """The same of some entries; asked for where one of them has a clock time."""
        own = [entry for entry in entries if clock(entry) is not None]
        if not own:
            return {}
        days = [entry.service_date for entry in own]
        people = {entry.performed_by for entry in own}
        mine = {entry.entry_id for entry in own}
        found = self._context.uow.ledger.clocked_with(people, min(days), max(days))
        return _by_entry(found, lambda one: one.entry_id in mine)

    def overlaps_in(self, month: BillingMonth, entries: Sequence[TimeEntry]) -> Overlaps:
        """The same of one patient's month that is looked at for a later one's sake; few are, and of few entries."""
        self._asked[month] += 1
        if month in self._overlaps or self._asked[month] > _ONE_BY_ONE:
            return self.overlaps(month)
        # Entry by entry, so that of each person only the days around it are read.
        return {key: found for entry in entries for key, found in self.overlaps_of((entry,)).items()}

    def repeated_words(self, month: BillingMonth) -> frozenset[str]:
        """Fingerprints of words that stand in many patients' records."""
        if month not in self._repeated:
            patients = self._context.rules_of(month).repeated_words_patients
            found = self._context.uow.ledger.repeated_words(month.first_day, month.last_day, patients)
            self._repeated[month] = found - _OUR_OWN
        return self._repeated[month]

    def closed_at(self, month: BillingMonth) -> datetime | None:
        """When a month was closed; None while it is open, a draft, or opened again."""
        if month not in self._closed_at:
            self._closed_at[month] = closed_at(self._context, month)
        return self._closed_at[month]

    def submitted_codes(self, month: BillingMonth, patient_id: int) -> tuple[str, ...]:
        """The codes with which a patient's line of a month was submitted; nothing where it was not."""
        if month not in self._claims:
            self._claims[month] = claims_of(self._context, month)
        claim = self._claims[month].get(patient_id)
        return (
            tuple(charge.code for charge in claim.claimed) if claim is not None and claim.is_submitted else ()
        )

    def revision(self, month: BillingMonth) -> int:
        """The revision that stands for a closed month; 0 for one that is not closed."""
        if self._ever_closed is None:
            self._ever_closed = frozenset(one for one, _ in self._context.uow.closes.revisions())
        if month not in self._ever_closed:
            return 0
        if month not in self._revisions:
            state = month_state(self._context, month)
            self._revisions[month] = state.revision if state.status is MonthStatus.CLOSED else 0
        return self._revisions[month]


def closed_at(context: Context, month: BillingMonth) -> datetime | None:
    """When a month was closed; None while it is open, a draft, or opened again."""
    if context.today <= month.last_day:
        return None
    state = month_state(context, month)
    if state.status is not MonthStatus.CLOSED:
        return None
    return max(close.closed_at for close in state.closes)


def _by_entry(found: Iterable[Clocked], is_asked: Callable[[Clocked], bool]) -> Overlaps:
    by_entry: dict[int, list[Overlap]] = defaultdict(list)
    known = list(found)
    asked = {one.entry_id for one in known if is_asked(one)}
    for overlap in find_overlaps(known):
        if overlap.entry_id in asked:
            by_entry[overlap.entry_id].append(overlap)
    return {entry_id: tuple(overlaps) for entry_id, overlaps in by_entry.items()}
