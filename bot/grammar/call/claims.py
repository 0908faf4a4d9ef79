"""What the commands about submitted claims are given, and how their lines are read."""

from dataclasses import dataclass, field
from datetime import date

from billing.claims import ClaimEventKind
from billing.months import BillingMonth
from bot.grammar.call.command import Call
from bot.grammar.call.leftovers import refuse_leftovers
from bot.grammar.call.line import CallLine
from bot.grammar.call.log_instead import meant_as_log
from bot.grammar.call.month import month_words, need_month
from bot.grammar.log.patients import patient_ref
from bot.grammar.parsed import Arguments, Parsed
from bot.grammar.text.scan import NUMBER, PATIENT
from services.people.patient_ref import PatientRef


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmittedArguments(Arguments):
    """`submitted october MRN123`, `unsubmitted october`; without patients, all of the month's lines."""

    month: BillingMonth
    patients: tuple[PatientRef, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OverpaidWord:
    """`MRN123 october identified 11/20`."""

    patient: PatientRef = field(repr=False)
    month: BillingMonth
    what: ClaimEventKind
    #: Local date.
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class OverpaidArguments(Arguments):
    """`overpaid`, `overpaid october`, `overpaid MRN123 october identified 11/20`."""

    #: Whose list; None is every month.
    month: BillingMonth | None = None
    #: What is to be recorded instead.
    word: OverpaidWord | None = None


def read_submitted(call: Call) -> Parsed:
    """A month, and the patients whose lines are meant."""
    line = CallLine(call)
    if more := line.refuse_more_lines():
        return more
    month = need_month(line)
    named = take_patients(line)
    refuse_leftovers(line)
    if month is not None and not line.problems:
        arguments = SubmittedArguments(month=month, patients=tuple(named))
        return Parsed(command=call.command.name, arguments=arguments)
    return meant_as_log(call) or line.refused((month_words(month), *(one.text for one in named)))


def take_patients(line: CallLine) -> list[PatientRef]:
    """Cut every patient named; a bare number can be nothing else here."""
    named = [line.take_item(item) for item in line.items(PATIENT, NUMBER)]
    pattern = line.call.context.mrn_pattern
    refs: list[PatientRef] = []
    for found in named:
        ref = patient_ref(found.plain, found.shown, pattern)
        if not any(ref.is_same(other) for other in refs):
            refs.append(ref)
    return refs
