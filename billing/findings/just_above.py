"""Reports care managers whose monthly totals cluster just above a threshold; for supervisors."""

from collections.abc import Sequence

from billing.findings.finding import Finding, Severity
from billing.findings.row import About, Row
from billing.people import MemberRole
from billing.rules import PracticeRules
from billing.thresholds import Threshold

#: Fewer months than this say nothing, and of those at least every second must lie just above.
_FEWEST = 5
_ONE_IN = 2


def just_above(margins: Sequence[int], practice: PracticeRules) -> Finding | None:
    """Tells supervisors when most of one care manager's finished months barely reach their code.

    Args:
        margins: The `margin` of each month that earns a code, among all of one care manager's patients.
        practice: Says how near is "just above".
    """
    near = sum(seconds <= practice.just_above_seconds for seconds in margins)
    if near < _FEWEST or near * _ONE_IN < len(margins):
        return None
    return ROW.finding(near=str(near), reached=str(len(margins)))


def margin(threshold: Threshold) -> int:
    """Whole seconds of a month that earned a code above the last threshold that it reached."""
    return threshold.counted_seconds - threshold.reached_seconds


ROW = Row(
    code="just_above",
    rule="R-408",
    place=430,
    severities=(Severity.WARNING,),
    title="months just above a threshold",
    sentence="{near} of {reached} months lie just above a threshold.",
    parameters=("near", "reached"),
    fixed_by=(MemberRole.SUPERVISOR,),
    to_do="A supervisor looks at how the care manager keeps time.",
    about=About.TIME,
    supervisors_only=(Severity.WARNING,),
)
