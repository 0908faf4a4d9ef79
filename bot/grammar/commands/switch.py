"""`switch MRN124`: stop the timer, log what it measured, and start one for another patient."""

from bot.grammar.call.command import Call, Command, Section
from bot.grammar.call.timer_words import over, read_timer, understood
from bot.grammar.parsed import Parsed
from bot.grammar.problems import ProblemCode
from bot.grammar.text.blanks import GAP

_EXAMPLE = "switch MRN124 chart review"
_NO_PATIENT = "No patient: say to whom the timer is to go. Add the MRN, such as MRN124 or #124."
_NOT_FIRST = (
    "switch stops your timer and starts one for the patient named first. If that is meant, name the patient first; if "
    "it was work that is over, log it with its length:"
)


def read(call: Call) -> Parsed:
    """The next patient, then words about the work with them."""
    found = read_timer(call, patient_needed=True)
    if isinstance(found, Parsed):
        return found
    line, arguments = found
    if arguments.patient is None:
        return call.problem(ProblemCode.NO_PATIENT, _NO_PATIENT, example=f"switch MRN{GAP}")
    if over(line, arguments.note):
        return line.refused([])
    before = line.line.shown[: line.named_patients[0].start].casefold()
    if before.strip(" ,:") not in {"", "to", "over to", "over", "timer", "timer to", "the timer to"}:
        # `switch to lexapro MRN123` speaks of a medication more often than of a timer.
        example = f"log {GAP} {arguments.patient.text} switch {arguments.note}".strip()
        return call.problem(ProblemCode.EXTRA_WORDS, _NOT_FIRST, example=example)
    return understood(line, arguments)


COMMAND = Command(
    name="switch",
    section=Section.ENTRIES,
    place=14,
    usage="switch <patient> [<note>]",
    summary="Stop your timer, log it, and start one for another patient",
    example=_EXAMPLE,
    topic=(
        "Logs what the timer measured so far, and starts one for the patient named, at the same moment. undo takes "
        "both back."
    ),
    read=read,
)
