"""Commands that take a month, or none, and no more."""

from bot.grammar.arguments import MonthArguments
from bot.grammar.call.command import Call
from bot.grammar.call.line import CareLine
from bot.grammar.call.log_instead import meant_as_log
from bot.grammar.call.month import month_words, need_month, take_month
from bot.grammar.parsed import Parsed


def read_month_call(call: Call) -> Parsed:
    """A month that may be left out."""
    return _read(call, needed=False)


def read_needed_month_call(call: Call) -> Parsed:
    """A month that must be named."""
    return _read(call, needed=True)


def _read(call: Call, *, needed: bool) -> Parsed:
    line = CareLine(call)
    if more := line.refuse_more_lines():
        return more
    month = need_month(line) if needed else take_month(line)
    line.refuse_leftovers()
    if not line.problems:
        return Parsed(command=call.command.name, arguments=MonthArguments(month=month))
    return meant_as_log(call) or line.refused((month_words(month, line.today),))
