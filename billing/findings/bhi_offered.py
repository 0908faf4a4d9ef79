"""Notes when General BHI (99484) would be reached though CoCM is not."""

from billing.findings.finding import Finding, MonthCase, Severity
from billing.findings.row import About, Row
from billing.month_kinds import MonthKind
from billing.people import MemberRole


def bhi_offered(case: MonthCase) -> Finding | None:
    """Notes that 99484 may apply: staff time and consent suffice, and no CoCM code is reached."""
    general = case.rules.general
    if case.threshold.reached or general.code not in case.rules.covered_codes:
        return None
    staff, episode = case.tally.staff, case.episode
    if case.kind is MonthKind.GENERAL_BHI and case.other_program is not None:
        # Of a month in both programs, the time in CoCM is looked at, whatever the patient is in now.
        staff, episode = case.other_program.tally.staff, case.other_program.place.episode
    elif not case.is_cocm:
        return None
    if staff < general.minimum_seconds or episode is None or not episode.consents:
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
