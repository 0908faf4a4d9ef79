"""`merge MRN417 into MRN00417`: two MRNs of one person."""

import re
from enum import StrEnum

from bot.grammar.call.command import Call, Command, Section
from bot.grammar.call.entry import checked_reason
from bot.grammar.call.leftovers import refuse_leftovers
from bot.grammar.call.line import CallLine
from bot.grammar.call.merging import MergeArguments
from bot.grammar.log.patients import patient_ref
from bot.grammar.parsed import Parsed
from bot.grammar.text import blanks
from bot.grammar.text.scan import NUMBER, PATIENT, scan
from services.people.patient_ref import PatientRef

_REASON = re.compile(r"(?<!\w)(?:because|bc|reason)\b[:,]?\s+([^|]*)")
_INTO = re.compile(r"(?<!\w)(?:in\s?to|to|->|=>)(?!\w)")
_EXAMPLE = "merge MRN417 into MRN00417"
_NEEDS_TWO = (
    "merge needs two MRNs with into between them: first the one that becomes another name, then the one that "
    "stays."
)


class MergeProblem(StrEnum):
    """What can be wrong with a merge besides `ProblemCode`."""

    NEEDS_TWO = "needs_two_patients"


def read(call: Call) -> Parsed:
    """Two patients, and which of them stays."""
    line = CallLine(call)
    if more := line.refuse_more_lines():
        return more
    said = line.take(_REASON)
    reason = checked_reason(line, said.shown_group) if said else ""
    into = line.take(_INTO)
    before, behind = _patients(line, into.start if into else len(line.plain))
    if into is None or len(before) != 1 or len(behind) != 1:
        line.find(MergeProblem.NEEDS_TWO, _NEEDS_TWO)
    refuse_leftovers(line)
    if line.problems:
        gone, kept = (side[0].text if len(side) == 1 else blanks.PATIENT for side in _sides(before, behind))
        return line.refused((gone, "into", kept, f"because {reason}" if reason else ""))
    return Parsed(
        command=call.command.name, arguments=MergeArguments(gone=before[0], into=behind[0], reason=reason)
    )


def _patients(line: CallLine, middle: int) -> tuple[list[PatientRef], list[PatientRef]]:
    """Those before a place and those behind it; a bare number can be nothing else here."""
    pattern = line.call.context.mrn_pattern
    sides: tuple[list[PatientRef], list[PatientRef]] = ([], [])
    for item in scan(line.plain, pattern):
        if item.kind in {PATIENT, NUMBER}:
            found = line.take_item(item)
            sides[found.start > middle].append(patient_ref(found.plain, found.shown, pattern))
    return sides


def _sides(before: list[PatientRef], behind: list[PatientRef]) -> tuple[list[PatientRef], list[PatientRef]]:
    """The two patients in the order in which they were named, where `into` does not stand between them."""
    both = [*before, *behind]
    return (both[:1], both[1:]) if len(both) == 2 else (before, behind)  # noqa: PLR2004 - a merge is of two


COMMAND = Command(
    name="merge",
    section=Section.CLOSING,
    place=70,
    usage="merge <MRN> into <MRN> [because <reason>]",
    summary="Make two MRNs of one person one patient, with everything on file",
    example=_EXAMPLE,
    topic=(
        "For supervisors. Entries, enrollment, consent, scores and reviews go to the second MRN; the first still "
        "finds the patient, and receipts say so. Closed months stand as they were billed: what moved is an addendum. "
        "Where both are enrolled at the same time, one enrollment must end or be taken back first.\n"
        "unmerge takes the two apart again."
    ),
    read=read,
)
