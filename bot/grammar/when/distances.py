"""Goes back from a date by days, weeks, fortnights and months."""

import calendar
from datetime import date, timedelta

_DAYS = {"d": 1, "w": 7, "f": 14}
_MONTHS_OF_A_YEAR = 12


def back(day: date, count: int, unit: str) -> date:
    """The date so many `days`, `wks`, `fortnights` or `months` before; the first of all dates where there is none.

    Args:
        day: where to begin.
        count: how many, 0 or more.
        unit: the word for one or many of them.
    """
    if not unit.startswith("mo"):
        return day - timedelta(days=min(count * _DAYS[unit[0]], day.toordinal() - 1))
    months = max(day.year * _MONTHS_OF_A_YEAR + day.month - 1 - count, _MONTHS_OF_A_YEAR)
    year, month = divmod(months, _MONTHS_OF_A_YEAR)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
