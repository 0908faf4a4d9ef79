"""Warns about unusual entries of a file, which are imported as they are."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from billing.calendar import is_late
from billing.durations import HOUR
from billing.entries import TimeEntry
from services.context import Context
from services.imports.outcome import RowProblem
from services.imports.roster import FileRoster


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What of a row is looked at."""

    line: int
    identity: str
    #: Words that name who did the work, whatever their case.
    performer: str
    service_date: date
    seconds: int
    recorded_on: date | None


def warnings(context: Context, rows: Sequence[Checked]) -> tuple[RowProblem, ...]:
    """Limits of chat that the rows exceed; by line."""
    found = [*_outside_limits(context, rows), *_long_days(context, rows)]
    return tuple(sorted(found, key=lambda warning: (warning.line, warning.column)))


def changed_since(
    context: Context, rows: Mapping[int, Checked], roster: FileRoster
) -> tuple[RowProblem, ...]:
    """Rows whose entry was imported before with other facts, and stands as it was imported.

    Args:
        context: Where the import works.
        rows: Rows imported before, by the number of their entry.
        roster: Knows the patients.
    """
    if not rows:
        return ()
    days = [row.service_date for row in rows.values()]
    stored = context.uow.ledger.month(min(days) - _DATE_SLIP, max(days) + _DATE_SLIP)
    return tuple(
        _warning(rows[entry.entry_id], "entry_key", _IMPORTED_BEFORE)
        for entry in stored
        if entry.entry_id in rows and entry.version == 1 and not _says(rows[entry.entry_id], entry, roster)
    )


#: A corrected date of service is rarely further off.
_DATE_SLIP = timedelta(days=62)
_IMPORTED_BEFORE = (
    "The key was imported before with another patient, date or duration, and that entry stays as it is. "
    "Edit it in chat with a reason, or give new work a new key."
)


def _says(row: Checked, entry: TimeEntry, roster: FileRoster) -> bool:
    return (row.seconds, row.service_date) == (
        entry.seconds,
        entry.service_date,
    ) and roster.knows(row.identity, entry.patient_id)


def undated(context: Context, rows: Iterable[Checked]) -> tuple[str, ...]:
    """A sentence about old entries that do not say when they were written down, if there are any."""
    today = context.today
    count = sum(
        row.recorded_on is None
        and is_late(
            row.service_date,
            today,
            context.days_off,
            context.rules_on(row.service_date).late_after_business_days,
        )
        for row in rows
    )
    if not count:
        return ()
    if count == 1:
        taken = (
            "1 entry does not say when it was written down and is taken as written on its date of service."
        )
        return (f"{taken} If it was late, give the day in the column recorded_on.",)
    taken = f"{count} entries do not say when they were written down and are taken as written on their date of service."
    return (f"{taken} If some were late, give the day in the column recorded_on.",)


def _outside_limits(context: Context, rows: Iterable[Checked]) -> Iterator[RowProblem]:
    today = context.today
    oldest = today - timedelta(days=context.settings.backdate_days)
    longest = context.settings.max_entry_hours * HOUR
    for row in rows:
        if row.service_date < oldest:
            yield _warning(
                row, "service_date", f"The date of service is over {context.settings.backdate_days} days ago."
            )
        if row.seconds > longest:
            yield _warning(
                row, "minutes", f"The entry is longer than {context.settings.max_entry_hours} hours."
            )
        if row.recorded_on is not None and row.recorded_on < row.service_date:
            yield _warning(row, "recorded_on", "The entry was written down before its date of service.")


def _long_days(context: Context, rows: Iterable[Checked]) -> Iterator[RowProblem]:
    """The first row with which a person's day, as the file has it, holds more than a working day can."""
    days: Counter[tuple[str, date]] = Counter()
    limit = context.settings.max_day_hours * HOUR
    for row in rows:
        day = row.performer, row.service_date
        before = days[day]
        days[day] += row.seconds
        if before <= limit < days[day]:
            yield _warning(
                row, "minutes", f"The person's day holds more than {context.settings.max_day_hours} hours."
            )


def _warning(row: Checked, column: str, message: str) -> RowProblem:
    return RowProblem(line=row.line, column=column, message=message)
