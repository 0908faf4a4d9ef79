"""`status MRN123`: where a patient's month stands."""

from dataclasses import dataclass

from bot.grammar.call import sentences
from bot.grammar.call.command import Call, Command, Section
from bot.grammar.log.patients import patient_ref
from bot.grammar.parsed import Arguments, Parsed
from bot.grammar.problems import ProblemCode
from bot.grammar.text import blanks
from bot.grammar.text.phrases import quoted
from bot.grammar.text.scan import NUMBER, PATIENT, SEPARATOR, scan
from services.people.patient_ref import PatientRef

_EXAMPLE = "status MRN123"
_NO_PATIENT = "status needs one patient: add the MRN."


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusArguments(Arguments):
    """`status MRN123`."""

    patient: PatientRef


def read(call: Call) -> Parsed:
    """One patient, in any form; a bare number needs no roster here, for it can be nothing else."""
    line = call.lines[0]
    items = [item for item in scan(line.plain, call.context.mrn_pattern) if item.kind != SEPARATOR]
    named = [item for item in items if item.kind in {PATIENT, NUMBER}]
    if not named or len(call.lines) > 1:
        example = f"{call.command.name} {blanks.PATIENT.shown}"
        return call.problem(ProblemCode.NO_PATIENT, _NO_PATIENT, example=example)
    start, end = named[0].start, named[0].end
    ref = patient_ref(line.plain[start:end], line.shown[start:end], call.context.mrn_pattern)
    if len(items) > 1:
        extra = next(item for item in items if item is not named[0])
        word = quoted(line.shown[extra.start : extra.end])
        message = sentences.MORE_WORDS.format(command="status", takes="one patient and no more", word=word)
        prefix = "MRN" if named[0].kind == NUMBER else ""
        return call.problem(
            ProblemCode.EXTRA_WORDS,
            message,
            example=f"status {prefix}{ref.text}",
            span=(extra.start, extra.end),
        )
    return Parsed(command=call.command.name, arguments=StatusArguments(patient=ref))


COMMAND = Command(
    name="status",
    section=Section.OVERVIEWS,
    place=40,
    usage="status <patient>",
    summary="Show a patient's minutes this month and what is still missing",
    example=_EXAMPLE,
    topic="Shows the month's minutes against the patient's threshold, the last entries, and what is missing.",
    read=read,
)
