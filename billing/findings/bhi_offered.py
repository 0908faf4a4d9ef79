"""Notes when General BHI (99484) would be reached though CoCM is not."""

from billing.findings.finding import Finding, MonthCase, Severity
from billing.findings.row import About, Row
from billing.month_kinds import MonthKind
from billing.people import MemberRole


def bhi_offered(case: MonthCase) -> Finding | None:
    """Notes that 99484 may apply: staff time and consent suffice, and no CoCM code is reached."""
    general = case.rules.general
    if case.kind is MonthKind.GENERAL_BHI or case.threshold.reached or not case.is_cocm:
        return None
    if general.code not in case.rules.covered_codes or case.tally.staff < general.minimum_seconds:
        return None
    if case.episode is None or not case.episode.consents:
        return None
    return ROW.finding()


ROW = Row(
    code="bhi_offered",
    rule="R-317",
    place=420,
    severities=(Severity.NOTE,),
    find=bhi_offered,
    title="General BHI would be reached",
    sentence="No CoCM code is reached, but staff time would reach 99484 (General BHI) instead.",
    fixed_by=(MemberRole.BILLER,),
    to_do="A biller decides which code to bill.",
    about=About.CLAIM,
)
