"""Finds in which order the dates of a whole file name month and day, or what must be asked about it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from services.imports.outcome import RowProblem
from services.imports.request import DateOrder
from services.imports.values.days import NumericDay, numeric_day, spoken_day
from services.imports.values.shown import shown

#: Columns with days of work, which a file mostly has of the last months.
_WORK = frozenset({"service_date", "service_on", "measured_on"})
_RECENT = timedelta(days=62)
#: So many days of one month, which would otherwise be as many months, speak for themselves.
_SEVERAL = 3
_OTHER = {DateOrder.MDY: DateOrder.DMY, DateOrder.DMY: DateOrder.MDY}
_NAMES_OF = {DateOrder.MDY: "month/day/year", DateOrder.DMY: "day/month/year"}
_HOW = "Add --dates mdy where the month comes first, or --dates dmy where the day does."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """A day of the file in figures, where it first stands."""

    line: int
    column: str
    text: str
    day: NumericDay

    @property
    def is_open(self) -> bool:
        """Whether it is one day by one order and another by the other."""
        return self.day.first != self.day.second and all(map(self.day.may_be, _OTHER))

    def only(self, order: DateOrder) -> bool:
        """Whether the calendar has it by that order alone."""
        return self.day.may_be(order) and not self.day.may_be(_OTHER[order])


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundOrder:
    """In which order a file's dates are read."""

    order: DateOrder
    #: The order and why, in a sentence with an example; empty where no date depends on it.
    said: str = ""
    #: The cell that decided it, for a sentence about one that does not fit.
    decided_by: str = ""
    #: What must be settled first.
    problem: RowProblem | None = None


def found_order(
    days: Mapping[str, Mapping[str, int]], asked: DateOrder | None, today: date | None
) -> FoundOrder:
    """The order of all dates of a file together.

    A day above 12 decides it. Without one the month comes first, unless the dates themselves speak for the day: then
    it must be said.

    Args:
        days: The different words of each column of days, with the line on which they first stand.
        asked: What was said about it.
        today: The practice's local date.
    """
    seen = sorted(_seen(days), key=lambda one: one.line)
    opens = [one for one in seen if one.is_open]
    if asked in _OTHER:
        return FoundOrder(order=asked, said=_said(asked, "as was said", opens))
    by_day = {order: [one for one in seen if one.only(order)] for order in _OTHER}
    order = DateOrder.MDY
    if by_day[DateOrder.MDY] or by_day[DateOrder.DMY]:
        order = max(_OTHER, key=lambda one: len(by_day[one]))
    decided = by_day[order][0] if by_day[order] else None
    problem = None
    if decided is not None and order is DateOrder.DMY and not decided.day.has_century:
        problem = _asked(decided, "with its year in two figures")
    elif decided is None and opens:
        hint = _hint(seen, opens, today)
        problem = _asked(opens[0], hint) if hint else None
    why = f"line {decided.line} has {decided.text}" if decided is not None else ""
    return FoundOrder(
        order=asked or order,
        said="" if asked is DateOrder.ISO else _said(order, why, opens),
        decided_by=why,
        problem=None if asked is DateOrder.ISO else problem,
    )


def _seen(days: Mapping[str, Mapping[str, int]]) -> Iterator[_Seen]:
    """Each day in figures."""
    for column, texts in days.items():
        for text, line in texts.items():
            day = _numeric(text)
            if day is not None:
                yield _Seen(line=line, column=column, text=text, day=day)


def _numeric(text: str) -> NumericDay | None:
    try:
        return numeric_day(text)
    except ValueError:
        return None


def _said(order: DateOrder, why: str, opens: Sequence[_Seen]) -> str:
    """`Dates are read as month/day/year: line 7 has 11/23/2026.`."""
    example = (
        f"{opens[0].text} on line {opens[0].line} is {spoken_day(opens[0].day.read(order))}" if opens else ""
    )
    if not why and not example:
        return ""
    said = f"Dates are read as {_NAMES_OF[order]}: {'; '.join(filter(None, (why, example)))}."
    return said if why else f"{said} Where the day comes first in this file, add --dates dmy."


def _asked(seen: _Seen, why: str) -> RowProblem:
    one, other = (spoken_day(seen.day.read(order)) if seen.day.may_be(order) else "" for order in _OTHER)
    either = f"may be {one} or {other}" if one and other else f"is {one or other} only with the day first"
    return RowProblem(
        line=seen.line, column=seen.column, message=f"{shown(seen.text)} {either}: {why}. {_HOW}"
    )


def _hint(seen: Sequence[_Seen], opens: Sequence[_Seen], today: date | None) -> str:
    """What speaks for the day first in a file whose dates could be either; empty where nothing does."""
    if any(one.day.separator == "." for one in opens):
        return "dates with dots mostly put the day first"
    for column in {one.column: None for one in opens}:
        own = [one.day for one in seen if one.column == column]
        if _is_of_one_month(own):
            return "the dates are of one month with the day first, and of as many months as days with the month first"
        if today is not None and column in _WORK and _are_recent(own, today):
            return "with the day first all are of the last two months, and with the month first they are not"
    return ""


def _is_of_one_month(days: Sequence[NumericDay]) -> bool:
    firsts, seconds = ({one.first for one in days}, {one.second for one in days})
    return (
        len(firsts) >= _SEVERAL
        and len(seconds) == 1
        and len({one.year for one in days}) == 1
        and seconds != {1}
    )


def _are_recent(days: Sequence[NumericDay], today: date) -> bool:
    """Whether with the day first all are of the last months, and with the month first some are not."""
    first, other = (_days(days, order) for order in (DateOrder.DMY, DateOrder.MDY))
    is_recent = len(first) == len(days) and max(first) <= today and min(first) >= today - _RECENT
    return is_recent and min(other, default=today) < today - _RECENT


def _days(days: Sequence[NumericDay], order: DateOrder) -> list[date]:
    return [one.read(order) for one in days if one.may_be(order)]
