"""A month as typed to the calendar month that it names: always this one or one gone by."""

import re
from datetime import date

from billing.months import BillingMonth
from bot.grammar.call import month_sentences
from bot.grammar.call.line import CareLine, Found
from bot.grammar.problems import ProblemCode
from bot.grammar.sentences import quoted
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
_CENTURY = 2000
_BACK = {"this": 0, "current": 0}


def take_month(line: CareLine) -> BillingMonth | None:
    """Cut the first month that a line names; None when there is none, or after a problem.

    A month without its year is the latest one that has begun. A month that is still to come, and figures
    that are no month, are noted as problems.
    """
    stretches = [match for pattern in _SHAPES if (match := pattern.search(line.plain))]
    if not stretches:
        return None
    first = min(stretches, key=lambda match: match.start())
    found = line.take(first.re)
    assert found is not None, "what was found a moment ago is still there"
    month = _month(first, line.today)
    word = quoted(found.shown)
    if month is None:
        line.find(ProblemCode.NO_SUCH_MONTH, month_sentences.NO_SUCH_MONTH.format(word=word), *_span(found))
    elif month > BillingMonth.of(line.today):
        line.find(ProblemCode.FUTURE, month_sentences.AHEAD.format(word=word), *_span(found))
        return None
    return month


def need_month(line: CareLine) -> BillingMonth | None:
    """As `take_month`, but that none was named is a problem too."""
    before = len(line.problems)
    month = take_month(line)
    if month is None and len(line.problems) == before:
        command = line.call.command.name
        line.find(ProblemCode.NO_MONTH, month_sentences.NO_MONTH.format(command=command))
    return month


def month_words(month: BillingMonth | None, today: date) -> str:
    """A month as an example writes it; last month where none was understood."""
    return str(month or BillingMonth.of(today).plus(-1))


_SHAPES = (_NAMED, _NUMERIC, _RELATIVE, _AGO)


def _span(found: Found) -> tuple[int, int]:
    return found.start, found.end


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
