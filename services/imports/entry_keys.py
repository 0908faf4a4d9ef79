"""Tells the rows that were imported before from the new ones: by their keys, or by what they say."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TypeVar

from billing.references import entry_reference
from services.context import Context
from services.imports.entry_rows import EntryRow
from services.imports.imported_facts import ImportedFacts
from services.imports.outcome import RowProblem
from services.imports.roster import FileRoster
from storage import DERIVED_KEY, ImportedEntry

#: Ends the key of the part after midnight; no key of a file can hold it, for it counts as a space.
_AFTER_MIDNIGHT = "\x1f2"
_Each = TypeVar("_Each")
#: How many rows are compared at a time.
_BATCH = 2000
_DIGEST_BYTES = 12


@dataclass(slots=True, kw_only=True)
class SortedRows:
    """The rows of a file, told apart."""

    new: list[EntryRow] = field(default_factory=list)
    #: Rows that say what was imported before.
    known: list[EntryRow] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    #: Lines of known rows whose entries were corrected or made void since.
    touched: list[int] = field(default_factory=list)
    #: Which of several like it in the file a row without key is, by line; the others are the first.
    twins: dict[int, int] = field(default_factory=dict)
    #: Entries imported without keys on the days of the file, and of no row of it.
    left: set[int] = field(default_factory=set)


def keys_of(row: EntryRow, worker: int | str, twin: int = 1) -> tuple[str, ...]:
    """The keys by which the parts of a row are remembered.

    Args:
        row: A row of the file.
        worker: The member who did the work.
        twin: See `SortedRows.twins`.
    """
    key = row.key or f"{_facts_key(row, worker)}.{twin}"
    return (key,) if row.tail is None else (key, f"{key}{_AFTER_MIDNIGHT}")


def _facts_key(row: EntryRow, worker: int | str) -> str:
    """What a row without key is known by: patient, date, start, person and length, however they are written."""
    start = "" if row.clock is None else row.clock.isoformat()
    said = f"{row.identity}\0{start}\0{worker}\0{row.whole_seconds}"
    digest = blake2b(said.encode(), digest_size=_DIGEST_BYTES).hexdigest()
    return f"{DERIVED_KEY}{row.service_date:%Y%m%d}{digest}"


def sort_rows(context: Context, roster: FileRoster, rows: Sequence[EntryRow]) -> SortedRows:
    """Tell the new rows of a file from those that were imported before, and refuse keys that are used again."""
    found = SortedRows()
    facts = ImportedFacts(context, roster)
    _by_key(context, facts, [row for row in rows if row.key], found)
    _by_facts(context, facts, [row for row in rows if not row.key], found)
    found.new.sort(key=lambda row: row.line)
    return found


# -- rows with keys --------------------------------------------------------------------------------------


def _by_key(context: Context, facts: ImportedFacts, rows: Sequence[EntryRow], found: SortedRows) -> None:
    lines: dict[str, EntryRow] = {}
    for some in _batches(rows):
        keys = [key for row in some for key in keys_of(row, row.worker)]
        numbers = context.uow.imports.entry_ids(keys)
        before = {one.entry_id: one for one in context.uow.imported.as_imported(numbers.values())}
        for row in some:
            earlier = lines.setdefault(row.key, row)
            if earlier is not row:
                found.problems.append(_twice(row, earlier))
                continue
            stored = [before[numbers[key]] for key in keys_of(row, row.worker) if key in numbers]
            if not stored:
                found.new.append(row)
            elif differing := _differences(facts, row, stored):
                found.problems.append(_used_again(row, stored[0], differing))
            else:
                _keep_known(found, row, stored)


def _twice(row: EntryRow, earlier: EntryRow) -> RowProblem:
    is_same = (row.identity, row.worker, row.service_date, row.whole_seconds, row.digest) == (
        *(earlier.identity, earlier.worker, earlier.service_date, earlier.whole_seconds, earlier.digest),
    )
    how = "If it is the same work, remove one of the rows; if not, give each a key of its own."
    if not is_same:
        how = "It is other work there: give each entry a key of its own."
    return RowProblem(
        line=row.line, column="entry_key", message=f"The key is already on line {earlier.line}. {how}"
    )


def _used_again(row: EntryRow, stored: ImportedEntry, differing: tuple[str, ...]) -> RowProblem:
    reference = entry_reference(stored.entry_id)
    return RowProblem(
        line=row.line,
        column="entry_key",
        message=(
            f"The key {row.key} was imported before, as {reference}, with other facts: {'; '.join(differing)}. "
            f"Give new work a key of its own (a prefix will do, such as {row.service_date:%Y-%m}-{row.key}); correct "
            f"{reference} itself in chat."
        ),
    )


def _differences(facts: ImportedFacts, row: EntryRow, stored: Sequence[ImportedEntry]) -> tuple[str, ...]:
    """What a row says otherwise than its entries, of which there are two where it lies across midnight."""
    parts = row.parts
    if len(stored) < len(parts):
        # Imported as one entry, by an earlier version of the program.
        return facts.differences(row.unsplit, stored[0])
    return next(filter(None, map(facts.differences, parts, stored)), ())


def _keep_known(found: SortedRows, row: EntryRow, stored: Iterable[ImportedEntry]) -> None:
    found.known.append(row)
    if any(one.was_touched for one in stored):
        found.touched.append(row.line)


def _batches(rows: Sequence[_Each]) -> Iterator[Sequence[_Each]]:
    return (rows[start : start + _BATCH] for start in range(0, len(rows), _BATCH))


# -- rows without keys -----------------------------------------------------------------------------------


def _by_facts(context: Context, facts: ImportedFacts, rows: Sequence[EntryRow], found: SortedRows) -> None:
    if not rows:
        return
    days = [row.service_date for row in rows]
    keys = context.uow.imported.derived_between(min(days), max(days))
    stored = _by_twin(keys)
    groups: dict[str, list[EntryRow]] = defaultdict(list)
    seen: Counter[str] = Counter()
    for row in rows:
        base = _facts_key(row, row.worker)
        if base in stored:
            groups[base].append(row)
            continue
        seen[base] += 1
        if seen[base] > 1:
            found.twins[row.line] = seen[base]
        found.new.append(row)
    claimed: set[int] = set()
    has_notes = any(row.digest for row in rows)
    for some in _batches(list(groups)):
        asked = {base: stored[base] for base in some}
        numbers = [number for twins in asked.values() for parts in twins.values() for number in parts]
        before = {one.entry_id: one for one in context.uow.imported.as_imported(numbers)}
        for base, twins in asked.items():
            entries = {twin: [before[number] for number in parts] for twin, parts in twins.items()}
            claimed |= _match(facts, groups[base], entries, found, has_notes=has_notes)
    found.left = set(keys.values()) - claimed


def _by_twin(keys: Mapping[str, int]) -> dict[str, dict[int, tuple[int, ...]]]:
    """The entries of rows without keys, with the parts after midnight, by what the rows said and by twin."""
    found: dict[str, dict[int, tuple[int, ...]]] = defaultdict(dict)
    for key, number in keys.items():
        base, _, twin = key.partition(".")
        if twin.isdecimal():
            tail = keys.get(f"{key}{_AFTER_MIDNIGHT}")
            found[base][int(twin)] = (number,) if tail is None else (number, tail)
    return found


def _match(
    facts: ImportedFacts,
    rows: Iterable[EntryRow],
    stored: Mapping[int, Sequence[ImportedEntry]],
    found: SortedRows,
    *,
    has_notes: bool,
) -> set[int]:
    """Give each row that looks like others the entry that was imported for it; returns the entries given.

    Work of one length for one patient on one day is told apart by what else the rows say, first of all by their notes,
    where the file has any.
    """
    free: dict[str, list[int]] = defaultdict(list)
    for twin, entries in stored.items():
        for digest in {version.note_digest for version in entries[0].versions}:
            free[digest].append(twin)
    claimed: set[int] = set()
    last = max(stored)
    for row in rows:
        candidates = free[row.digest] if has_notes else [one for twins in free.values() for one in twins]
        taken = next((one for one in candidates if not _differences(facts, row, stored[one])), None)
        if taken is None:
            last += 1
            found.twins[row.line] = last
            found.new.append(row)
            continue
        claimed.update(one.entry_id for one in stored[taken])
        _keep_known(found, row, stored[taken])
        for twins in free.values():
            if taken in twins:
                twins.remove(taken)
    return claimed
