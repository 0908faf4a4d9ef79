"""`reopen october two reviews came late`: open a closed month again."""

from dataclasses import dataclass, field

from billing.months import BillingMonth
from bot.grammar.call.command import Call, Command, Section
from bot.grammar.call.entry import need_reason
from bot.grammar.call.line import CallLine
from bot.grammar.call.log_instead import meant_as_log
from bot.grammar.call.month import month_words, need_month
from bot.grammar.parsed import Arguments, Parsed
from bot.grammar.text import blanks

_REASON = "two reviews were entered late"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenArguments(Arguments):
    """`reopen october two reviews were entered late`."""

    month: BillingMonth
    reason: str = field(repr=False)


def read(call: Call) -> Parsed:
    """A month and a reason."""
    line = CallLine(call)
    if more := line.refuse_more_lines():
        return more
    month = need_month(line)
    reason = need_reason(line)
    if month is not None and not line.problems:
        return Parsed(command=call.command.name, arguments=ReopenArguments(month=month, reason=reason))
    return meant_as_log(call) or line.refused((month_words(month), reason or blanks.REASON))


COMMAND = Command(
    name="reopen",
    section=Section.CLOSING,
    place=30,
    usage="reopen <month> <reason>",
    summary="Open a closed month again, for a reason that stays on file",
    example=f"reopen last month {_REASON}",
    topic=(
        "For billers and administrators. What was frozen stays; closing the month again makes the next revision, "
        "with its differences."
    ),
    read=read,
)
