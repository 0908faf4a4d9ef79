"""`entries`: imports time from another system; importing the same rows twice is harmless, with keys and without."""

from collections.abc import Iterable, Iterator, Sequence

from billing.activities import ActivitySource, is_held
from billing.kinds_of_work import why_held
from billing.references import entry_reference
from services.context import Context
from services.imports.doubles import Likeness, likeness, replaces
from services.imports.entry_checks import MANY, addenda, mostly_old, of_many, undated, warnings
from services.imports.entry_keys import SortedRows, sort_rows
from services.imports.entry_reading import COLUMNS, NEEDED, EntryReader
from services.imports.entry_rows import EntryRow
from services.imports.entry_storing import EntriesToStore
from services.imports.entry_totals import preview, readings, totals
from services.imports.new_entries import NewEntries
from services.imports.outcome import ImportOutcome, RowProblem
from services.imports.questions import settle
from services.imports.request import ImportRequest
from services.imports.roster import FileRoster
from services.imports.sheet import read_sheet
from services.imports.storing import PlannedImport, by_line
from services.imports.team import Team

#: Entries written between two words of progress.
_BATCH = 10_000
#: So many entries are named in a sentence.
_NAMED = 5


def load(context: Context, request: ImportRequest) -> PlannedImport:
    """Write the entries of a file into the ledger; those imported before are left out.

    A row is known by its key; without one by patient, date, start, person, length and which of its like it is. A known
    key with other facts is refused. Chat's limits on age and length only warn here: another system has accepted the
    time already. A row without `recorded_on` is taken as written down there on its date of service. Without an
    activity the note is read as in chat. What is held, by its words (R-214), as a double (R-216) or as
    that of somebody without a role (R-217), is stored, is not counted, and is named by line.
    """
    sheet = read_sheet(request, COLUMNS, NEEDED)
    problems = list(sheet.problems)
    team, roster = Team(context, request.answers), FileRoster(context, request.answers)
    reader = EntryReader(context, team, roster)
    count = len(sheet.rows)
    # A large file's cells take most of the room.
    read = list(reader.read(sheet.drained(problems)))
    problems += reader.dates_for_times()
    rows = sort_rows(context, roster, read)
    problems += rows.problems
    if problems:
        # Rows that could not be read may be the very ones that seem to be missing.
        rows.left.clear()
    like = Likeness()
    if read:
        days = [part.service_date for row in read for part in row.parts]
        like = likeness(context, roster, rows, (min(days), max(days)))
    held = tuple(_held(rows.new, like))
    outcome = ImportOutcome(
        rows=count,
        added=len(rows.new),
        unchanged=len(rows.known),
        problems=tuple(sorted(problems, key=by_line)),
        warnings=(*held, *warnings(context, rows.new), *_noted(reader, rows, like)),
        remarks=(
            *sheet.remarks,
            *_held_in_all(held),
            *_missing(like),
            *_overlapping(like),
            *mostly_old(context, rows.new),
            *team.introductions,
            *roster.introductions,
            *addenda(context, rows.new),
            *undated(context, rows.new),
        ),
        preview=preview(read, like),
        readings=(*sheet.reading.said, *readings(reader)),
        totals=totals(rows, like),
    )
    storing = EntriesToStore(team, roster, NewEntries(rows, like))
    return PlannedImport(
        kind="entries",
        outcome=settle(outcome, team.inquiry, roster.inquiry),
        steps=(team.welcome, roster.admit, storing.append),
        make_ready=storing.make_ready,
        still_holds=storing.still_holds,
    )


def _held(rows: Iterable[EntryRow], like: Likeness) -> Iterator[RowProblem]:
    """Each row that counts nowhere yet, and why."""
    for row in rows:
        if row.line in like.replaced:
            message = replaces(row, like.replaced[row.line])
            yield RowProblem(line=row.line, column="minutes", message=message)
        elif like.kind(row) is not row.kind:
            message = "Held, not counted: it looks like another entry."
            yield RowProblem(line=row.line, column="entry_key" if row.key else "minutes", message=message)
        elif row.kind.source is ActivitySource.WITHOUT_ROLE:
            message = f"Held, not counted: {row.performed_by} has no role here."
            yield RowProblem(line=row.line, column="performed_by", message=message)
        elif is_held(row.kind.activity, row.kind.source):
            why = why_held(row.note, row.kind.activity)
            message = f"Held, not counted: {why}."
            yield RowProblem(line=row.line, column="note", message=message)


def _noted(reader: EntryReader, rows: SortedRows, like: Likeness) -> Iterator[RowProblem]:
    """What is worth a look about clock times, and about rows that were imported before."""
    for lines, column, message in (
        (reader.cut, "started_at", "The work goes over midnight: it is two entries, one for each date."),
        (
            reader.twice,
            "started_at",
            "The clocks were put back and showed that time twice: the first is taken.",
        ),
        (like.overlapping if len(like.overlapping) <= MANY else (), "started_at", _OVERLAPPING),
        (rows.touched, "entry_key", _TOUCHED),
    ):
        for line in lines:
            yield RowProblem(line=line, column=column, message=message)


_OVERLAPPING = "The clock times overlap another entry of the same person: shared time counts once."
_TOUCHED = "Imported before, and corrected or voided here since: it stays as it is here."


def _held_in_all(held: Sequence[RowProblem]) -> tuple[str, ...]:
    """A sentence about what is held, if anything is."""
    if not held:
        return ()
    if len(held) == 1:
        return ("1 entry is held, not counted. Say what it was: /cocm confirm lists it.",)
    said = f"{len(held)} entries are held, not counted. Say what they were: /cocm confirm lists them."
    return (said,)


def _overlapping(like: Likeness) -> tuple[str, ...]:
    """A sentence about clock times that overlap all over a file."""
    if len(like.overlapping) <= MANY:
        return ()
    return (of_many("started_at", like.overlapping, _OVERLAPPING),)


def _missing(like: Likeness) -> tuple[str, ...]:
    """A sentence about entries that an earlier file without keys had, and this one has not."""
    if not like.missing:
        return ()
    count = len(like.missing)
    named = ", ".join(entry_reference(entry.entry_id) for entry in like.missing[:_NAMED])
    more = f" and {count - _NAMED} more" if count > _NAMED else ""
    which = "1 entry" if count == 1 else f"{count} entries"
    said = (
        f"{which} imported before, of these people and days, {'is' if count == 1 else 'are'} not in the file: "
        f"{named}{more}. If the tracker has {'it' if count == 1 else 'them'} no more, void "
        f"{'it' if count == 1 else 'them'} here."
    )
    return (said,)
