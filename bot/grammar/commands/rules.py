"""`rules diff december january`: which rules change between two months."""

import re
from dataclasses import dataclass
from enum import StrEnum

from billing.months import BillingMonth
from bot.grammar.call import sentences
from bot.grammar.call.command import Call, Command, Section
from bot.grammar.call.leftovers import refuse_leftovers
from bot.grammar.call.line import CallLine
from bot.grammar.call.log_instead import meant_as_log
from bot.grammar.parsed import Arguments, Parsed
from bot.grammar.problems import ProblemCode
from bot.grammar.text.phrases import quoted
from bot.grammar.text.wordlists import words
from bot.grammar.when.months import nearest_month

_VERB = re.compile(r"\b(?:diff|difference|differences|compare|changes?|changed|what|which|between)\b")
_JOINTS = re.compile(r"(?<![\w-])(?:and|to|with|from|vs|rules?|in|are|is|the)\b")
_DASH = re.compile(r"\s(?:-|–|—|->|→)\s")
_EXAMPLE = "rules diff december january"
_TWO = "Which two months? Write the earlier one first: rules diff december january."
_ORDER = "{first} is not before {second}. Write the earlier month first."


class RulesProblem(StrEnum):
    """What can be wrong with a comparison besides `ProblemCode`."""

    TWO_MONTHS = "two_months"


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesArguments(Arguments):
    """`rules diff december january`; without months, this one and the next."""

    first: BillingMonth
    second: BillingMonth


def read(call: Call) -> Parsed:
    """Two months, or none for this one and the next."""
    line = CallLine(call)
    if more := line.refuse_more_lines():
        return more
    line.take_all(_VERB)
    found: list[BillingMonth] = []
    while (reading := nearest_month(line.plain, line.today)) is not None:
        cut = line.cut(reading.match)
        if reading.month is None:
            message = sentences.NO_SUCH_MONTH.format(word=quoted(cut.shown))
            line.find(ProblemCode.NO_SUCH_MONTH, message, cut.start, cut.end)
        else:
            found.append(_after(found, reading.month, has_year=any(map(str.isdigit, cut.plain))))
    line.take_all(_JOINTS)
    line.take_all(_DASH)
    refuse_leftovers(line)
    if not line.problems and len(found) not in {0, 2}:
        line.find(RulesProblem.TWO_MONTHS, _TWO)
    if len(found) == 2 and found[0] >= found[1]:  # noqa: PLR2004 - two months
        line.find(RulesProblem.TWO_MONTHS, _ORDER.format(first=found[0], second=found[1]))
    if line.problems:
        return meant_as_log(call) or line.refused(("diff", *(str(month) for month in sorted(set(found))[:2])))
    now = BillingMonth.of(line.today)
    first, second = found or (now, now.plus(1))
    return Parsed(command=call.command.name, arguments=RulesArguments(first=first, second=second))


def _after(found: list[BillingMonth], month: BillingMonth, *, has_year: bool) -> BillingMonth:
    """A second month without its year comes after the first."""
    return month.plus(12) if found and not has_year and month <= found[0] else month


COMMAND = Command(
    name="rules",
    section=Section.PEOPLE,
    place=42,
    usage="rules diff <month> <month>",
    summary="Show which rules change between two months: codes, payers, settings, rates",
    example=_EXAMPLE,
    keywords=words("rule difference differences changes codes rates"),
    topic=(
        "Lists what changes from the first month to the second, each with the old value, the new one, the day and the "
        "source: codes in force, payers' rules, the practice's settings, rates. rules alone compares this month with "
        "the next.\n"
        "To see which of the practice's own lines would change: cocm rules diff 2026-12 2027-01 --practice on the "
        "server."
    ),
    read=read,
)
