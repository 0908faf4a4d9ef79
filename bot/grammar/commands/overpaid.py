"""`overpaid MRN123 october identified 11/20`: money that may have to go back to a payer."""

import re
from datetime import date
from enum import StrEnum

from billing.claims import ClaimEventKind
from bot.grammar.call.claimed import Found
from bot.grammar.call.claims import OverpaidArguments, OverpaidWord
from bot.grammar.call.command import Call, Command, Section
from bot.grammar.call.leftovers import refuse_leftovers
from bot.grammar.call.line import CallLine
from bot.grammar.call.log_instead import meant_as_log
from bot.grammar.call.month import month_words, need_month, take_month
from bot.grammar.parsed import Parsed
from bot.grammar.text import blanks
from bot.grammar.text.blanks import Blank
from bot.grammar.text.scan import DATE, PATIENT, WEAK_DATE
from bot.grammar.text.wordlists import words

_KINDS = {
    "identified": ClaimEventKind.IDENTIFIED,
    "investigating": ClaimEventKind.INVESTIGATING,
    "investigated": ClaimEventKind.INVESTIGATED,
    "returned": ClaimEventKind.RETURNED,
    "none": ClaimEventKind.DISMISSED,
}
_WORD = re.compile(rf"(?<!\w)({'|'.join(_KINDS)})(?!\w)(?:\s+(?:on|since|from|until))?")
_ONE_WORD = "Say one thing of the overpayment: identified, investigating, investigated, returned or none, with its day."


class OverpaidProblem(StrEnum):
    """What can be wrong with the word about an overpayment besides `ProblemCode`."""

    ONE_WORD = "one_word"


def read(call: Call) -> Parsed:
    """Nothing, a month, or a patient's month with what is to be recorded and its day."""
    line = CallLine(call)
    if more := line.refuse_more_lines():
        return more
    said = line.take_all(_WORD)
    kinds = [_KINDS[found.group] for found in said]
    day = _day_behind(line, said[0].end) if said else None
    if not said and not line.items(PATIENT):
        month = take_month(line)
        refuse_leftovers(line)
        if not line.problems:
            return Parsed(command=call.command.name, arguments=OverpaidArguments(month=month))
        return meant_as_log(call) or line.refused((month_words(month),) if month else ())
    month = need_month(line)
    if said and day is None and not line.problems:
        day = line.day()
    patient = line.patient()
    if len(kinds) != 1:
        line.find(OverpaidProblem.ONE_WORD, _ONE_WORD)
    refuse_leftovers(line)
    if line.problems or patient is None or month is None or day is None:
        gap = Blank(f"{said[0].group} ___", f"{said[0].group} yesterday") if len(said) == 1 else _IDENTIFIED
        return meant_as_log(call) or line.refused(
            (patient.text if patient else blanks.PATIENT, month_words(month), _shown(said, day) or gap)
        )
    word = OverpaidWord(patient=patient, month=month, what=kinds[0], day=day)
    return Parsed(command=call.command.name, arguments=OverpaidArguments(word=word))


_IDENTIFIED = Blank("identified ___", "identified yesterday")


def _shown(said: list[Found], day: date | None) -> str:
    return f"{said[0].group} {day.month}/{day.day}/{day.year}" if len(said) == 1 and day else ""


def _day_behind(line: CallLine, end: int) -> date | None:
    """The past date right behind the word, so that it is not taken for the month."""
    behind = [item for item in line.items(DATE, WEAK_DATE) if 0 <= item.start - end <= 1]
    return line.past(line.take_item(behind[0])) if behind else None


COMMAND = Command(
    name="overpaid",
    section=Section.CLOSING,
    place=60,
    usage="overpaid [<patient>] [<month>] [identified|investigating|investigated|returned|none <date>]",
    summary="List lines that bill less than was submitted, or record what is done about one",
    example="overpaid MRN123 last month identified today",
    keywords=words(
        "overpayment overpayments refund refunds return identified investigating investigated returned"
    ),
    topic=(
        "overpaid alone lists every line that bills less than what was submitted, with the day by which a federal "
        "program must be paid back: 60 days from the day on which a person identified the overpayment. While a "
        "good-faith investigation runs, these days stop, until 180 days after that day at the latest (42 CFR 401.305). "
        "Other payers: by contract. The dates are reminders and no legal advice.\n"
        "Billers and administrators record: identified 11/20, investigating 11/25, investigated 12/20, "
        "returned 12/28, or none where the payer did not pay too much after all. To correct one, type it again "
        "with the right day. Closing a month again with less than was submitted identifies it on that day."
    ),
    read=read,
)
