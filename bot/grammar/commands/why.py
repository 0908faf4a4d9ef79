"""`why MRN123 october`: which minutes count, and why the others do not."""

from dataclasses import dataclass

from billing.months import BillingMonth
from bot.grammar.call.command import Call, Command, Section
from bot.grammar.call.leftovers import refuse_leftovers
from bot.grammar.call.line import CallLine
from bot.grammar.call.log_instead import meant_as_log
from bot.grammar.call.month import take_month
from bot.grammar.parsed import Arguments, Parsed
from bot.grammar.text import blanks
from bot.grammar.text.scan import CLOCK, DATE, DURATION, MEMBER, NUMBER, PATIENT, RANGE, WEAK_DATE
from services.people.patient_ref import PatientRef

#: Other words than these change nothing: `why is MRN123 not billable`.
_FIGURES = (CLOCK, DATE, DURATION, MEMBER, NUMBER, PATIENT, RANGE, WEAK_DATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyArguments(Arguments):
    """`why MRN123 october`."""

    patient: PatientRef
    month: BillingMonth | None = None


def read(call: Call) -> Parsed:
    """One patient, and a month that may be left out."""
    line = CallLine(call)
    if more := line.refuse_more_lines():
        return more
    month = take_month(line)
    patient = line.patient()
    if patient is None or line.items(*_FIGURES):
        refuse_leftovers(line)
    if patient is not None and not line.problems:
        return Parsed(command=call.command.name, arguments=WhyArguments(patient=patient, month=month))
    return meant_as_log(call) or line.refused(
        (patient.text if patient else blanks.PATIENT, str(month) if month else "")
    )


COMMAND = Command(
    name="why",
    section=Section.OVERVIEWS,
    place=50,
    usage="why <patient> [<month>]",
    summary="Explain a patient's month: which minutes count, which do not and why, what is missing",
    example="why MRN123",
    topic=(
        "Lists every entry of the month with the running total: counted, or not and for which reason; "
        "then the codes reached, and what must be fixed before they are billed.\n"
        "Without a month, this one. Write it as october, oct 2026, 2026-10 or last month."
    ),
    read=read,
)
