"""Takes a month off a command's line, and reads the commands that take one and no more."""

from dataclasses import dataclass

from billing.months import BillingMonth
from bot.grammar.call import sentences
from bot.grammar.call.claimed import Found
from bot.grammar.call.command import Call
from bot.grammar.call.leftovers import refuse_leftovers
from bot.grammar.call.line import CallLine
from bot.grammar.call.log_instead import meant_as_log
from bot.grammar.parsed import Arguments, Parsed
from bot.grammar.problems import ProblemCode
from bot.grammar.text import blanks
from bot.grammar.text.blanks import Part
from bot.grammar.text.phrases import quoted
from bot.grammar.when.months import first_month


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthArguments(Arguments):
    """`month october`, `close october`; without a month, the command's own choice."""

    month: BillingMonth | None = None


def read_month_call(call: Call) -> Parsed:
    """A month that may be left out."""
    return _read_month(call, needed=False)


def read_needed_month_call(call: Call) -> Parsed:
    """A month that must be named."""
    return _read_month(call, needed=True)


def take_month(line: CallLine) -> BillingMonth | None:
    """Cut the first month that a line names; None when there is none, or after a problem.

    A month without its year is the latest one that has begun. A month that is still to come, and figures
    that are no month, are noted as problems.
    """
    reading = first_month(line.plain, line.today)
    if reading is None:
        return None
    month, found = reading.month, line.cut(reading.match)
    word = quoted(found.shown)
    if month is None:
        line.find(ProblemCode.NO_SUCH_MONTH, sentences.NO_SUCH_MONTH.format(word=word), *_span(found))
    elif month > BillingMonth.of(line.today):
        line.find(ProblemCode.FUTURE, sentences.MONTH_AHEAD.format(word=word), *_span(found))
        return None
    return month


def need_month(line: CallLine) -> BillingMonth | None:
    """As `take_month`, but that none was named is a problem too."""
    before = len(line.problems)
    month = take_month(line)
    if month is None and len(line.problems) == before:
        command = line.call.command.name
        line.find(ProblemCode.NO_MONTH, sentences.NO_MONTH.format(command=command))
    return month


def month_words(month: BillingMonth | None) -> Part:
    """A month as an example writes it."""
    return blanks.MONTH if month is None else str(month)


def _span(found: Found) -> tuple[int, int]:
    return found.start, found.end


def _read_month(call: Call, *, needed: bool) -> Parsed:
    line = CallLine(call)
    if more := line.refuse_more_lines():
        return more
    month = need_month(line) if needed else take_month(line)
    refuse_leftovers(line)
    if not line.problems:
        return Parsed(command=call.command.name, arguments=MonthArguments(month=month))
    return meant_as_log(call) or line.refused((month_words(month),))
