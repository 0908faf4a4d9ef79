"""Words for a worksheet's cells: what a spreadsheet shows where that matters, and never binary noise."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from services.imports.tables.grid import NO_VALUE

#: A spreadsheet keeps so many digits of a number; of a longer one the last are gone.
_KEPT_DIGITS = 15
_DAY_SECONDS = 86_400
_HOUR = 3_600
_MINUTE = 60
#: `00000`, `"MRN"00000`, `000000"-A"`: whole numbers written with leading zeros.
_PADDED = re.compile(r'(?:"([^"]*)")?(0{2,})(?:"([^"]*)")?(?:;.*)?', re.DOTALL)
#: What of a number format is not about the value: colors, conditions, words in quotes, escaped characters.
_DECORATION = re.compile(r'\[[^\]hms]*\]|"[^"]*"|\\.|_.|\*.')
#: What a cell says whose number has more digits than the workbook keeps.
LOST_DIGITS = "\N{SYMBOL FOR UNIT SEPARATOR}digits"


def shown(value: object, data_type: str, number_format: str) -> str:
    """The words of a cell.

    Args:
        value: As the workbook has it.
        data_type: Of its XML: `s` text, `n` number, `d` date, `b` yes or no, `e` error, `f` formula without a value.
        number_format: How the spreadsheet writes it.
    """
    if data_type == "f":
        return NO_VALUE
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int | float):
        return _number(value, number_format)
    return _of_time(value, number_format)


def _of_time(value: object, number_format: str) -> str:
    if isinstance(value, datetime):
        return _instant(value, _DECORATION.sub("", number_format).casefold())
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return _clock(value)
    if isinstance(value, timedelta):
        return _length(value)
    return str(value).strip()


def _number(value: float, number_format: str) -> str:
    if not float(value).is_integer():
        return f"{Decimal(f'{value:.{_KEPT_DIGITS}g}'):f}"
    whole = int(value)
    if len(str(abs(whole))) > _KEPT_DIGITS:
        return LOST_DIGITS
    padded = _PADDED.fullmatch(number_format) if whole >= 0 else None
    if padded is None:
        return str(whole)
    before, zeros, after = padded.groups(default="")
    return f"{before}{whole:0{len(zeros)}d}{after}"


def _instant(value: datetime, pattern: str) -> str:
    """A date, with its time of day where the spreadsheet shows one; what it hides is not said."""
    rounded = _rounded(value)
    if not any(letter in pattern for letter in "hs") or rounded.time() == time(0):
        return rounded.date().isoformat() if any(letter in pattern for letter in "dy") else _full(rounded)
    return _full(rounded)


def _full(value: datetime) -> str:
    return value.isoformat(sep=" ")


def _rounded(value: datetime) -> datetime:
    """To the second: binary fractions of a day are off by microseconds."""
    return (value + timedelta(microseconds=500_000)).replace(microsecond=0)


def _clock(value: time) -> str:
    seconds = round(
        value.hour * _HOUR + value.minute * _MINUTE + value.second + value.microsecond / 1_000_000
    )
    return _hours(seconds)


def _length(value: timedelta) -> str:
    """A length of time in hours, which may be more than a day's: `36:15:00`."""
    seconds = round(value.total_seconds())
    return f"-{_hours(-seconds)}" if seconds < 0 else _hours(seconds)


def _hours(seconds: int) -> str:
    return f"{seconds // _HOUR}:{seconds // _MINUTE % _MINUTE:02d}:{seconds % _MINUTE:02d}"
