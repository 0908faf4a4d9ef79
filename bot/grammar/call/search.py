"""Makes what a line says of an entry into a search for it."""

from dataclasses import dataclass
from datetime import date

from bot.grammar.log.line import LogLine
from bot.grammar.parsed import Arguments
from bot.grammar.text.scan import CLOCK, DATE, DURATION, RANGE
from bot.grammar.when.clock_times import clock_range
from bot.grammar.when.dates import date_of
from bot.grammar.when.durations import duration_of
from services.entries.searches import EntrySearch


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchArguments(Arguments):
    """`delete the 15m MRN123 phone from yesterday`: which entry is meant."""

    search: EntrySearch


def search_of(reading: LogLine, *, asks: bool = False, held: bool = False) -> EntrySearch:
    """Patients, lengths of time and the date of a line, whatever is there."""
    slots = reading.slots
    return EntrySearch(
        patients=slots.patients.patients if slots.patients else (),
        lengths=_lengths(reading),
        day=slots.day.day if slots.day and not slots.day.supplied else _day_left(reading),
        asks=asks,
        held=held,
    )


def _day_left(reading: LogLine) -> date | None:
    """The first past day that the words speak of, `the call from yesterday`."""
    sheet = reading.sheet
    today = sheet.now.date()
    days = (date_of(sheet.plain(i), sheet.now).day for i, item in enumerate(sheet.items) if item.kind == DATE)
    return next((day for day in days if day is not None and day <= today), None)


def _lengths(reading: LogLine) -> tuple[int, ...]:
    sheet = reading.sheet
    found: dict[int, None] = {}
    for index, item in enumerate(sheet.items):
        if item.kind in {DURATION, CLOCK}:
            found[duration_of(sheet.plain(index)).seconds] = None
        elif item.kind == RANGE and (clock := clock_range(sheet.plain(index))) is not None:
            found[clock.wall_seconds] = None
    time = reading.slots.time
    if not found and time is not None and time.seconds:
        found[time.seconds] = None
    return tuple(found)
