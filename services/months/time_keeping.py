"""What only many lines of one care manager show about how time is kept: for supervisors."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from billing.findings.finding import Finding
from billing.findings.just_above import just_above
from billing.people import Member
from billing.rules import PracticeRules
from billing.thresholds import Threshold
from services.months.lines import ReportLine


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagerFinding:
    """A finding about one care manager's lines, told once and to supervisors only (R-408)."""

    member: Member
    finding: Finding


def manager_findings(
    lines: Sequence[ReportLine], members: Mapping[int, Member], practice: PracticeRules
) -> tuple[ManagerFinding, ...]:
    """Whose lines cluster just above a threshold, by name.

    Args:
        lines: All lines of a report.
        members: By number.
        practice: Says how near is "just above".
    """
    own: dict[int, list[Threshold]] = defaultdict(list)
    for line in lines:
        if line.result.earned and line.episode is not None and line.episode.care_manager is not None:
            own[line.episode.care_manager].append(line.result.threshold)
    found = ((members[member_id], just_above(reached, practice)) for member_id, reached in own.items())
    told = [
        ManagerFinding(member=member, finding=finding) for member, finding in found if finding is not None
    ]
    return tuple(sorted(told, key=lambda one: (one.member.display_name, one.member.member_id)))
