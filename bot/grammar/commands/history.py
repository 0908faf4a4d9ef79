"""`history e-36`, `history MRN123`: every version of an entry, or of the care facts about a patient."""

from bot.grammar.call.command import Call, Command, Section
from bot.grammar.call.entry import EXAMPLE, EntryArguments, named, need_entry
from bot.grammar.call.fact import FACT_EXAMPLE, FactArguments, PatientHistoryArguments, names_fact, need_fact
from bot.grammar.call.leftovers import refuse_leftovers
from bot.grammar.call.line import CallLine
from bot.grammar.call.log_instead import meant_as_log
from bot.grammar.parsed import Parsed
from bot.grammar.text.scan import PATIENT, scan


def read(call: Call) -> Parsed:
    """One entry, one care fact, or one patient."""
    line = CallLine(call)
    if more := line.refuse_more_lines():
        return more
    if names_fact(line):
        return _read_fact(call, line)
    if any(item.kind == PATIENT for item in scan(line.plain, call.context.mrn_pattern)):
        return _read_patient(call, line)
    entry_id = need_entry(line)
    refuse_leftovers(line)
    if entry_id is not None and not line.problems:
        return Parsed(command=call.command.name, arguments=EntryArguments(entry_id=entry_id))
    return meant_as_log(call) or line.refused((named(entry_id),))


def _read_fact(call: Call, line: CallLine) -> Parsed:
    reference = need_fact(line)
    refuse_leftovers(line)
    if reference is not None and not line.problems:
        return Parsed(command=call.command.name, arguments=FactArguments(reference=reference))
    return meant_as_log(call) or line.refused((str(reference) if reference else FACT_EXAMPLE,))


def _read_patient(call: Call, line: CallLine) -> Parsed:
    patient = line.patient()
    refuse_leftovers(line)
    if patient is not None and not line.problems:
        return Parsed(command=call.command.name, arguments=PatientHistoryArguments(patient=patient))
    return meant_as_log(call) or line.refused((patient.text if patient else EXAMPLE,))


COMMAND = Command(
    name="history",
    section=Section.ENTRIES,
    place=60,
    usage="history <entry or patient>",
    summary="Show every version of an entry, or of a patient's care: who wrote it, when, and why it changed",
    example=f"history {EXAMPLE}",
    topic=(
        "An entry is never overwritten: each correction is a further version, and an entry that was undone or voided "
        "keeps all of its own.\n"
        "history MRN123 does the same for the patient's enrollment, consent, scores, reviews, statements and stays. "
        "Each line has a reference for void."
    ),
    read=read,
)
