"""Finds rows that are like another one, or like an entry on file, and those that take the place of one (R-216)."""

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from billing.activities import ActivitySource, is_held
from billing.durations import spoken
from billing.entries import TimeEntry
from billing.kinds_of_work import KindOfWork
from billing.references import entry_reference
from services.context import Context
from services.imports.entry_keys import SortedRows
from services.imports.entry_rows import EntryRow
from services.imports.roster import FileRoster

#: Who did what for whom on which day.
_Day = tuple[int | str, int | str, date]
#: When somebody began, for how many seconds, and on which line of the file that stands; 0 is on file.
_Stay = tuple[datetime, int, int]


@dataclass(slots=True, kw_only=True)
class Likeness:
    """What the new rows of a file are like."""

    #: Lines of rows like another row or an entry on file.
    doubles: set[int] = field(default_factory=set)
    #: Entries that rows without keys seem to correct, by line.
    replaced: dict[int, TimeEntry] = field(default_factory=dict)
    #: Lines of rows whose clock time lies in another entry of the same person.
    overlapping: Sequence[int] = ()
    #: Entries imported before without keys, of people whom the file names, on its days, and in none of its rows.
    missing: list[TimeEntry] = field(default_factory=list)
    #: Numbers of what the rows say, in order, as close as they can be kept: see `says`.
    said: Sequence[int] = field(default=(), repr=False)

    def says(self, entry: TimeEntry) -> bool:
        """Whether a row may be an entry that was logged since: of the same work, length and words."""
        number = hash(_signature_of(entry))
        place = bisect_left(self.said, number)
        return place < len(self.said) and self.said[place] == number

    def kind(self, row: EntryRow) -> KindOfWork:
        """What a row's work is taken for: held where it may be there already."""
        if row.line in self.replaced or (row.line in self.doubles and _may_count(row.kind)):
            return KindOfWork(activity=row.kind.activity, source=ActivitySource.REPEATED)
        return row.kind


def _may_count(kind: KindOfWork) -> bool:
    return kind.activity.billable or is_held(kind.activity, kind.source)


def likeness(
    context: Context, roster: FileRoster, sorted_rows: SortedRows, days: tuple[date, date]
) -> Likeness:
    """Look what new rows are like, in the file's order and in one pass over what is on file.

    Args:
        context: Where the import works.
        roster: Knows the patients.
        sorted_rows: The rows of the file.
        days: Its first and its last day.
    """
    if not sorted_rows.new and not sorted_rows.left:
        return Likeness()
    look = _Look(roster, sorted_rows)
    for entry in context.uow.ledger.month(*days):
        look.see(entry)
    return look.found()


class _Look:
    """What is on file, as far as the rows are like it.

    A file has tens of thousands of rows, and few are like anything: only of those is more kept than a number.
    """

    def __init__(self, roster: FileRoster, sorted_rows: SortedRows) -> None:
        self._roster = roster
        self._rows = sorted_rows.new
        self._left = sorted_rows.left
        self._people = {row.worker for rows in (sorted_rows.new, sorted_rows.known) for row in rows}
        self._left_of: dict[_Day, list[TimeEntry]] = defaultdict(list)
        #: Numbers of what the rows say, and of those which more than one row says.
        self._said: set[int] = set()
        #: That of each part, in the order of the rows.
        self._numbers: list[int] = []
        self._repeated: set[int] = set()
        #: Clock times of what is alike.
        self._alike: dict[tuple[object, ...], list[datetime | None]] = defaultdict(list)
        self._busy: dict[int | str, list[_Stay]] = {}
        self._clocked: dict[int | str, list[EntryRow]] = defaultdict(list)
        for row in sorted_rows.new:
            for part in row.parts:
                said = hash(self._signature(part))
                self._numbers.append(said)
                (self._repeated if said in self._said else self._said).add(said)
                if part.started_at is not None:
                    self._clocked[part.worker].append(part)

    def see(self, entry: TimeEntry) -> None:
        """Take in an entry on file."""
        signature = _signature_of(entry)
        said = hash(signature)
        if said in self._said:
            self._repeated.add(said)
            self._alike[signature].append(entry.started_at)
        if entry.entry_id in self._left:
            self._left_of[entry.performed_by, entry.patient_id, entry.service_date].append(entry)
        if entry.started_at is not None and entry.performed_by in self._clocked:
            self._busy.setdefault(entry.performed_by, []).append((entry.started_at, entry.seconds, 0))

    def found(self) -> Likeness:
        """What the rows are like."""
        found = Likeness(said=array("q", sorted(self._said)))
        numbers = iter(self._numbers)
        for row in self._rows:
            # Every part is looked up, and so taken in for the rows after it.
            alike = list(map(self._has_like, row.parts, numbers))
            if any(alike):
                found.doubles.add(row.line)
            elif self._left_of and not row.key and (replaced := self._replaced(row)) is not None:
                found.replaced[row.line] = replaced
        overlapping = set(self._overlapping()) - found.doubles - found.replaced.keys()
        # Copied close together: a number of a row kept here keeps the room of its neighbors.
        found.overlapping = array("q", sorted(overlapping))
        found.missing = [
            entry
            for (worker, _, _), entries in self._left_of.items()
            if worker in self._people
            for entry in entries
        ]
        return found

    def _has_like(self, row: EntryRow, said: int) -> bool:
        """Whether something is like a row; clock times tell two apart only where both are known and differ."""
        if said not in self._repeated:
            return False
        signature = self._signature(row)
        starts = self._alike[signature]
        alike = any(None in {start, row.started_at} or start == row.started_at for start in starts)
        starts.append(row.started_at)
        return alike

    def _replaced(self, row: EntryRow) -> TimeEntry | None:
        """The entry that a row seems to correct: imported without a key, and not in the file any more."""
        left = self._left_of.get((row.worker, self._whom(row), row.service_date), [])
        for place, entry in enumerate(left):
            if _is_near(row, entry):
                return left.pop(place)
        return None

    def _overlapping(self) -> Iterator[int]:
        """Lines of rows in whose clock time the same person did something else."""
        for worker, rows in self._clocked.items():
            stays = [(row.started_at, row.seconds, row.line) for row in rows if row.started_at is not None]
            yield from _at_once([*stays, *self._busy.get(worker, ())])

    def _signature(self, row: EntryRow) -> tuple[object, ...]:
        return (row.worker, self._whom(row), row.service_date, row.seconds, row.digest)

    def _whom(self, row: EntryRow) -> int | str:
        patient = self._roster.number(row.identity)
        return row.identity if patient is None else patient


def _signature_of(entry: TimeEntry) -> tuple[object, ...]:
    """What a row that is like an entry says."""
    return (
        *(entry.performed_by, entry.patient_id, entry.service_date, entry.seconds),
        entry.note_digest,
    )


def _span(start: datetime, seconds: int) -> tuple[datetime, datetime]:
    return start, start + timedelta(seconds=seconds)


def _at_once(stays: list[_Stay]) -> Iterator[int]:
    """Lines of rows that begin before something else is over, or in which something on file begins."""
    stays.sort()
    until, line = None, 0
    for start, seconds, own in stays:
        if until is not None and start < until:
            yield from filter(None, (own or line,))
        end = start + timedelta(seconds=seconds)
        if until is None or end > until:
            until, line = end, own


def _is_near(row: EntryRow, entry: TimeEntry) -> bool:
    """Whether a row may be an entry corrected: of the same time, or of the same words at no certain time."""
    if row.started_at is not None and entry.started_at is not None:
        _, end = _span(row.started_at, row.seconds)
        _, other_end = _span(entry.started_at, entry.seconds)
        return row.started_at < other_end and entry.started_at < end
    return row.seconds == entry.seconds or row.digest == entry.note_digest


def replaces(row: EntryRow, entry: TimeEntry) -> str:
    """Why a row is held that seems to correct an entry."""
    reference = entry_reference(entry.entry_id)
    differs = "with another start, note or kind of work"
    if row.whole_seconds != entry.seconds:
        differs = f"with {spoken(entry.seconds)}, not {spoken(row.whole_seconds)}"
    return (
        f"Held, not counted: it looks like {reference}, which was imported before {differs}, and is not in the file "
        f"any more. If it was corrected in the tracker, /cocm void {reference} with the reason, and confirm this one "
        "as another contact; if not, void this one."
    )
