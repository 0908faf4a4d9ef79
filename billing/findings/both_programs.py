"""Notes the codes of the program that a month does not bill, where it is in both."""

from collections.abc import Mapping

from billing.candidates import Candidate
from billing.charges import Charge, charges, codes_of
from billing.findings.finding import Finding, Has, MonthCase, Severity
from billing.findings.row import About, Row
from billing.month_kinds import MonthKind
from billing.people import MemberRole


def both_programs(case: MonthCase) -> Finding | None:
    """Notes that time in the other program of the month reaches codes too, which one month cannot bill beside."""
    other = case.other_program
    if other is None:
        return None
    is_general = case.kind is MonthKind.GENERAL_BHI
    codes = _beside(case, other)
    return (
        ROW.finding(billed="general" if is_general else "collaborative", codes=codes_of(codes))
        if codes
        else None
    )


def _beside(case: MonthCase, other: Candidate) -> tuple[Charge, ...]:
    """What the other program reaches by the time that this line does not count: a day may belong to both."""
    pairs = zip(case.tally.verdicts, other.tally.verdicts, strict=True)
    left = sum(theirs.counted for own, theirs in pairs if not own.counted)
    return charges(left, other.place.kind, other.rules, other.rules.max_99494)


def _sentence(parameters: Mapping[str, str]) -> str:
    return _SENTENCES[parameters["billed"]].format(codes=parameters["codes"])


_SENTENCES = {
    "collaborative": "Time in General BHI reaches {codes} too. A month bills one program: CoCM, which pays more.",
    "general": "Time in CoCM would reach {codes}, but CoCM bills nothing without an initial assessment: "
    "General BHI is billed instead.",
}


ROW = Row(
    code="both_programs",
    rule="R-115",
    place=425,
    severities=(Severity.NOTE,),
    find=both_programs,
    needs=Has.EARNED,
    title="two programs reach a code",
    sentence=_sentence,
    parameters=("billed", "codes"),
    fixed_by=(MemberRole.BILLER,),
    to_do="A biller bills one of the two.",
    about=About.CLAIM,
)
