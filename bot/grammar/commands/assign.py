"""`assign MRN123 @ana`: who looks after a patient."""

import re
from enum import StrEnum

from bot.grammar.call.claim_words import nearest, one_from
from bot.grammar.call.command import Call, Command, Section
from bot.grammar.call.leftovers import refuse_leftovers, refuse_other_commands
from bot.grammar.call.line import CallLine
from bot.grammar.parsed import Parsed
from bot.grammar.text import blanks
from bot.grammar.text.blanks import Blank
from bot.grammar.text.wordlists import words
from services.care.requests import Assign

_EXAMPLE = "assign MRN123 me"
_ME = re.compile(r"\b(?:to\s+)?(?:me|myself)\b")
_NO_MEMBER = "Nobody to assign to: add the care manager, such as @ana, or me."


class AssignProblem(StrEnum):
    """What can be wrong with an assignment besides `ProblemCode`."""

    NO_MEMBER = "no_member"


def read(call: Call) -> Parsed:
    """The patient and the care manager."""
    line = CallLine(call)
    if more := line.refuse_more_lines():
        return more
    refuse_other_commands(line)
    since = one_from(line)
    manager = line.one_member("for|with|to|manager")
    me = manager is None and line.take(_ME) is not None
    claim_from = nearest(line, since) if since is not None else None
    patient = line.patient()
    if manager is None and not me and not line.problems:
        line.find(AssignProblem.NO_MEMBER, _NO_MEMBER)
    refuse_leftovers(line)
    if line.problems or patient is None:
        return line.refused(
            (
                patient.text if patient else blanks.PATIENT,
                f"@{manager}" if manager else "me" if me else Blank("@___", "me"),
                f"from {claim_from.month}/{claim_from.day}/{claim_from.year}" if claim_from else "",
            )
        )
    return line.understood(
        Assign(patient=patient, care_manager=manager, claim_from=claim_from, remarks=tuple(line.remarks))
    )


COMMAND = Command(
    name="assign",
    section=Section.CARE,
    place=50,
    usage="assign <patient> @manager|me [from <date>]",
    summary="Say which care manager looks after a patient",
    example=_EXAMPLE,
    keywords=words("assigned manager"),
    topic=(
        "The patient goes to the care manager's caseload and digest. Pick the person with Slack's @ list, or write me. "
        "That holds from today on, or from the date given."
    ),
    read=read,
)
