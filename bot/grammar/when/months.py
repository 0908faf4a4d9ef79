"""Reads months: `october`, `oct 2026`, `2026-10`, `last month`, `two months ago`."""

import re
from dataclasses import dataclass
from datetime import date

from billing.months import BillingMonth
from bot.grammar.text import patterns
from bot.grammar.text.numbers import amount

_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR = r"(?:[,.]?\s*(?:of\s+)?(\d{4})|\s*'(\d\d))"
_LEAD = r"(?<![\w#'-])(?:(?:in|for|of|during|the)\s+){0,2}"
_END = r"(?![\w/'-]|[.:,]\d)"
_NAMED = re.compile(rf"{_LEAD}({patterns.MONTH})\b\.?(?:{_YEAR}|-(\d{{4}}))?{_END}")
_NUMERIC = re.compile(rf"{_LEAD}(?:(\d{{4}})[-/.](\d{{1,2}})|(\d{{1,2}})[-/](\d{{4}})){_END}")
_RELATIVE = re.compile(
    rf"{_LEAD}(?:(this|current|last|previous|prev|past)\s+month|(month\s+before\s+last)){_END}"
)
_AGO = re.compile(rf"{_LEAD}(an?|couple\s+of|{patterns.WORD_NUMBER}|\d{{1,3}})\s+months?\s+ago{_END}")
_NEXT = re.compile(rf"{_LEAD}next\s+month{_END}")
_CENTURY = 2000
_BACK = {"this": 0, "current": 0}
_SHAPES = (_NAMED, _NUMERIC, _RELATIVE, _AGO)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthReading:
    """A month where it stands in a text."""

    match: re.Match[str]
    #: None when the figures are no month of any calendar.
    month: BillingMonth | None


def first_month(plain: str, today: date) -> MonthReading | None:
    """The first month that a text names; a month without its year is the latest one that has begun.

    Args:
        plain: the plain form of a line.
        today: the reader's own date.
    """
    found = [match for shape in _SHAPES if (match := shape.search(plain))]
    if not found:
        return None
    first = min(found, key=lambda match: match.start())
    return MonthReading(match=first, month=_month(first, today))


def nearest_month(plain: str, today: date) -> MonthReading | None:
    """As `first_month` for what may lie ahead: a month without its year is the nearest one; `next month` is read."""
    ahead, found = _NEXT.search(plain), first_month(plain, today)
    if ahead is not None and (found is None or ahead.start() < found.match.start()):
        return MonthReading(match=ahead, month=BillingMonth.of(today).plus(1))
    if found is None or found.month is None or found.match.re is not _NAMED or any(found.match.groups()[1:]):
        return found
    now = BillingMonth.of(today)
    near = min((found.month, found.month.plus(12)), key=lambda one: abs(one.months_since(now)))
    return MonthReading(match=found.match, month=near)


def _month(match: re.Match[str], today: date) -> BillingMonth | None:
    now = BillingMonth.of(today)
    try:
        if match.re is _RELATIVE:
            return now.plus(-2) if match[2] else now.plus(-_BACK.get(match[1], 1))
        if match.re is _AGO:
            return now.plus(-(2 if match[1].startswith("couple") else int(amount(match[1]))))
        if match.re is _NUMERIC:
            return BillingMonth(int(match[1] or match[4]), int(match[2] or match[3]))
        number = _NAMES.index(match[1][:3]) + 1
        year = int(match[2] or match[4] or 0) or (_CENTURY + int(match[3]) if match[3] else 0)
        return BillingMonth(year or today.year - (number > today.month), number)
    except ValueError:
        return None
