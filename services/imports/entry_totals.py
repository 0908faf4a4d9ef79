"""Tells what a file of entries was understood to hold: its totals, how it was read, its first rows."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from billing.activities import is_held
from billing.durations import spoken
from billing.months import BillingMonth
from services.imports.doubles import Likeness
from services.imports.entry_keys import SortedRows
from services.imports.entry_reading import EntryReader
from services.imports.entry_rows import EntryRow
from services.imports.outcome import ImportTotal, Preview
from services.people.patients import shown_mrn

_PREVIEWED = 10
#: So many of a note's characters are shown.
_NOTE = 32
#: So many names are named.
_NAMED = 5


def totals(rows: SortedRows, like: Likeness) -> tuple[ImportTotal, ...]:
    """The file's time by person and month; every row is in one of them."""
    found: dict[tuple[int, int, str], list[int]] = defaultdict(_nothing)
    for first, some in ((0, rows.new), (4, rows.known)):
        for row in some:
            held = not first and _is_held(row, like)
            for part in row.parts:
                day = part.service_date
                sums = found[day.year, day.month, row.performer.display_name]
                sums[first] += 1
                sums[first + 1] += part.seconds
                if held:
                    sums[2] += 1
                    sums[3] += part.seconds
    return tuple(
        ImportTotal(
            person=person,
            month=BillingMonth(year, month),
            entries=sums[0],
            seconds=sums[1],
            held_entries=sums[2],
            held_seconds=sums[3],
            known_entries=sums[4],
            known_seconds=sums[5],
        )
        for (year, month, person), sums in sorted(found.items())
    )


def _nothing() -> list[int]:
    """The figures of an `ImportTotal`."""
    return [0] * 6


def _is_held(row: EntryRow, like: Likeness) -> bool:
    kind = like.kind(row)
    return is_held(kind.activity, kind.source)


def readings(reader: EntryReader) -> tuple[str, ...]:
    """How clock times were read."""
    if not reader.zones:
        return ()
    if len(reader.zones) == 1:
        return (f"Clock times are those of {next(iter(reader.zones))}.",)
    zones = sorted(reader.zones.items(), key=lambda item: (-len(item[1]), item[0]))
    named = "; ".join(f"{zone} for {_people(people)}" for zone, people in zones)
    return (f"Clock times are those of {named}.",)


def _people(names: Iterable[str]) -> str:
    some = sorted(names)
    more = f" and {len(some) - _NAMED} more" if len(some) > _NAMED else ""
    return f"{', '.join(some[:_NAMED])}{more}"


def preview(rows: Sequence[EntryRow], like: Likeness) -> Preview:
    """The first rows as they were understood, each part with its own date."""
    shown = [(row, part) for row in rows[:_PREVIEWED] for part in row.parts][:_PREVIEWED]
    return Preview(
        columns=("Line", "MRN", "Date of service", "Start", "Time", "Activity", "Performed by", "Note"),
        rows=tuple(
            (
                f"{row.line}",
                shown_mrn(row.identity),
                f"{part.service_date}",
                "" if part.clock is None else f"{part.clock:%H:%M}",
                spoken(part.seconds),
                f"{row.kind.activity.label}{', held' if _is_held(row, like) else ''}",
                row.performer.display_name,
                row.note if len(row.note) <= _NOTE else f"{row.note[: _NOTE - 3].rstrip()}...",
            )
            for row, part in shown
        ),
    )
