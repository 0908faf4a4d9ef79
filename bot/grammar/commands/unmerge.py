"""`unmerge MRN417`: take an MRN apart from the patient it was merged into."""

from bot.grammar.call.command import Call, Command, Section
from bot.grammar.call.leftovers import refuse_leftovers
from bot.grammar.call.line import CallLine
from bot.grammar.call.merging import UnmergeArguments
from bot.grammar.parsed import Parsed
from bot.grammar.text import blanks


def read(call: Call) -> Parsed:
    """The MRN that was merged."""
    line = CallLine(call)
    if more := line.refuse_more_lines():
        return more
    patient = line.patient()
    refuse_leftovers(line)
    if line.problems or patient is None:
        return line.refused((patient.text if patient else blanks.PATIENT,))
    return Parsed(command=call.command.name, arguments=UnmergeArguments(gone=patient))


COMMAND = Command(
    name="unmerge",
    section=Section.CLOSING,
    place=80,
    usage="unmerge <MRN>",
    summary="Take an MRN apart again from the patient it was merged into",
    example="unmerge MRN417",
    topic=(
        "For supervisors. Everything that came from that MRN goes back to it; what was written after the merge stays "
        "with the patient it was written for."
    ),
    read=read,
)
