"""Warns about unusual entries of a file, which are imported as they are."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta

from billing.calendar import is_late
from billing.durations import HOUR, spoken
from billing.months import BillingMonth
from billing.people import MemberRole
from billing.quick import quick
from services.context import Context
from services.imports.entry_rows import EntryRow
from services.imports.outcome import RowProblem
from services.months.across import closed_at
from services.people.rights import spoken_roles

#: More rows of one fault are told in one sentence, which names the first.
MANY = 1_000
_NAMED = 5
#: Given the fields in their order.
_problem: Callable[..., RowProblem] = quick(RowProblem)


def warnings(context: Context, rows: Sequence[EntryRow]) -> tuple[RowProblem, ...]:
    """Limits of chat that the rows exceed, and people who do no such work here; by line."""
    found = [*_outside_limits(context, rows), *_long_days(context, rows), *_other_people(rows)]
    return tuple(sorted(found, key=lambda warning: (warning.line, warning.column)))


def mostly_old(context: Context, rows: Sequence[EntryRow]) -> tuple[str, ...]:
    """A sentence about old entries that are too many to be named by line, as in a file of years."""
    old = _old(context, rows)
    return () if len(old) <= MANY else (of_many("service_date", [row.line for row in old], _is_old(context)),)


def of_many(column: str, lines: Sequence[int], message: str) -> str:
    """What is to be said of so many lines that only the first are named."""
    named = ", ".join(map(str, lines[:_NAMED]))
    return f"{column} of line {named} and {len(lines) - _NAMED:,} more: {message}"


def _old(context: Context, rows: Iterable[EntryRow]) -> list[EntryRow]:
    oldest = context.today - timedelta(days=context.settings.backdate_days)
    return [row for row in rows if row.service_date < oldest]


def _is_old(context: Context) -> str:
    return f"The date of service is over {context.settings.backdate_days} days ago."


def undated(context: Context, rows: Iterable[EntryRow]) -> tuple[str, ...]:
    """A sentence about old entries that do not say when they were written down, if there are any."""
    today = context.today
    days = Counter(row.service_date for row in rows if row.recorded_on is None)
    count = sum(
        number
        for day, number in days.items()
        if is_late(day, today, context.days_off, context.rules_on(day).late_after_business_days)
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


def addenda(context: Context, rows: Iterable[EntryRow]) -> tuple[str, ...]:
    """A sentence for each closed month into which the file brings time."""
    counts: Counter[BillingMonth] = Counter()
    seconds: Counter[BillingMonth] = Counter()
    days: dict[date, tuple[int, int]] = {}
    for row in rows:
        for part in row.parts:
            count, passed = days.get(part.service_date, (0, 0))
            days[part.service_date] = count + 1, passed + part.seconds
    for day, (count, passed) in days.items():
        counts[BillingMonth.of(day)] += count
        seconds[BillingMonth.of(day)] += passed
    return tuple(
        f"{month.name} {month.year} is closed and its figures stand: {_entries(counts[month])} "
        f"({spoken(seconds[month])}) of the file {'is an addendum' if counts[month] == 1 else 'are addenda'}, "
        "not billed until the month is reopened and closed again."
        for month in sorted(counts)
        if closed_at(context, month) is not None
    )


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count:,} entries"


def _outside_limits(context: Context, rows: Iterable[EntryRow]) -> Iterator[RowProblem]:
    old = _old(context, rows)
    for row in old if len(old) <= MANY else ():
        yield _warning(row, "service_date", _is_old(context))
    longest = context.settings.max_entry_hours * HOUR
    is_long = f"The entry is longer than {context.settings.max_entry_hours} hours."
    for row in rows:
        if row.whole_seconds > longest:
            yield _warning(row, "minutes", is_long)
        if row.recorded_on is not None and row.recorded_on < row.service_date:
            yield _warning(row, "recorded_on", "The entry was written down before its date of service.")


def _long_days(context: Context, rows: Iterable[EntryRow]) -> Iterator[RowProblem]:
    """The first row with which a person's day, as the file has it, holds more than a working day can."""
    days: Counter[tuple[int | str, date]] = Counter()
    limit = context.settings.max_day_hours * HOUR
    for row in rows:
        for part in row.parts:
            day = part.worker, part.service_date
            before = days[day]
            days[day] += part.seconds
            if before <= limit < days[day]:
                yield _warning(
                    row,
                    "minutes",
                    f"The person's day holds more than {context.settings.max_day_hours} hours.",
                )


def _other_people(rows: Iterable[EntryRow]) -> Iterator[RowProblem]:
    """Rows of people who take no part any more, or who worked in a role that is not theirs."""
    for row in rows:
        person = row.performer
        if row.is_by_newcomer:
            continue
        if not person.active:
            message = f"{person.display_name} takes no part any more. Check that the work was done before."
            yield _warning(row, "performed_by", message)
        if row.role is not None and MemberRole(row.role) not in person.roles:
            theirs = spoken_roles(person.roles) or "without a role"
            message = f"{person.display_name} is {theirs} here, not {row.role.replace('_', ' ')}."
            yield _warning(row, "role", message)


def _warning(row: EntryRow, column: str, message: str) -> RowProblem:
    return _problem(row.line, column, message, "")
