"""Notes when a visit on the day care began may need modifier 25."""

from billing.findings.finding import Finding, Has, MonthCase, Severity
from billing.findings.row import About, Row
from billing.people import MemberRole
from billing.rules import VISIT


def modifier_25(case: MonthCase) -> Finding | None:
    """Notes an E/M visit on the day the episode began, where the payer asks for a modifier on it."""
    episode = case.episode
    wanted = next((each.modifier for each in case.rules.modifiers if each.code == VISIT), None)
    if episode is None or wanted is None:
        return None
    if not any(_is_visit(other.code) and other.service_on == episode.starts_on for other in case.services()):
        return None
    return ROW.finding(modifier=wanted)


def _is_visit(code: str) -> bool:
    """Office visits of new and established patients."""
    return len(code) == len(_FIRST_VISIT) and _FIRST_VISIT <= code <= _LAST_VISIT


_FIRST_VISIT = "99202"
_LAST_VISIT = "99215"


ROW = Row(
    code="modifier_25",
    rule="R-322",
    place=410,
    severities=(Severity.NOTE,),
    find=modifier_25,
    needs=Has.SERVICES,
    title="modifier on the first visit",
    sentence="A visit was billed on the day care began: this payer asks for modifier {modifier} on it.",
    parameters=("modifier",),
    fixed_by=(MemberRole.BILLER,),
    to_do="A biller puts the modifier on the visit's claim.",
    about=About.CLAIM,
)
