"""`admit MRN123 on 11/3 left on 11/9`: days in a hospital or another facility."""

from bot.grammar.call.command import Call, Command, Section
from bot.grammar.call.leftovers import refuse_leftovers, refuse_other_commands
from bot.grammar.call.line import CallLine
from bot.grammar.parsed import Parsed
from bot.grammar.problems import ProblemCode
from bot.grammar.text import blanks
from bot.grammar.text.phrases import all_quoted
from bot.grammar.text.wordlists import words
from services.care.requests import Admit

_EXAMPLE = "admit MRN123 on 11/3 left on 11/9"
_LEFT = "left|home|released|discharged|out|to|until|till|through|thru"
_LEFT_BEFORE = "{left} is before {admitted}. Check the two dates."


def read(call: Call) -> Parsed:
    """The patient, the day of admission, and the day of leaving once it is known."""
    line = CallLine(call)
    if more := line.refuse_more_lines():
        return more
    words_left, left = line.day_behind(_LEFT)
    refuse_other_commands(line)
    admitted = line.given_day()
    patient = line.patient()
    refuse_leftovers(line)
    if words_left is not None and left and admitted and left < admitted:
        message = _LEFT_BEFORE.format(
            left=all_quoted((words_left.shown,)), admitted=f"{admitted:%b} {admitted.day}"
        )
        line.find(ProblemCode.DATES_OUT_OF_ORDER, message, words_left.start, words_left.end)
        left = None
    if line.problems or patient is None:
        since = f"on {admitted.month}/{admitted.day}/{admitted.year}" if admitted else ""
        return line.refused((patient.text if patient else blanks.PATIENT, since))
    if admitted is None and words_left is None:
        admitted = line.today
    return line.understood(
        Admit(patient=patient, admitted_on=admitted, left_on=left, remarks=tuple(line.remarks))
    )


COMMAND = Command(
    name="admit",
    section=Section.CARE,
    place=60,
    usage="admit <patient> [on <date>] [left on <date>]",
    summary="Record a patient's days in a hospital or another facility",
    example=_EXAMPLE,
    keywords=words("admitted admission inpatient hospital facility stay"),
    topic=(
        "Time on inpatient days does not count unless the practice decided otherwise. The day of leaving counts.\n"
        "When the patient comes home, record it: admit MRN123 left on 11/9."
    ),
    read=read,
)
