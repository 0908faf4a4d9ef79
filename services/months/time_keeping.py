"""Findings about how one care manager keeps time over many lines; for supervisors."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from billing.findings.finding import Finding
from billing.findings.just_above import just_above, margin
from billing.people import Member
from billing.rules import PracticeRules
from services.months.lines import ReportLine


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagerFinding:
    """A finding about one care manager's lines, told once and to supervisors only (R-408)."""

    member: Member
    finding: Finding


class Keeping:
    """Looks at lines as they come, so that none has to be kept."""

    def __init__(self) -> None:
        self._margins: dict[int, list[int]] = defaultdict(list)

    def add(self, line: ReportLine) -> None:
        """Take in a line."""
        manager = line.claim.care_manager
        if manager is not None and line.result.earned:
            self._margins[manager].append(margin(line.result.threshold))

    def findings(self, members: Mapping[int, Member], practice: PracticeRules) -> tuple[ManagerFinding, ...]:
        """Whose lines cluster just above a threshold, by name.

        Args:
            members: By number.
            practice: Says how near is "just above".
        """
        found = (
            (members[member_id], just_above(margins, practice))
            for member_id, margins in self._margins.items()
        )
        told = [
            ManagerFinding(member=member, finding=finding) for member, finding in found if finding is not None
        ]
        return tuple(sorted(told, key=lambda one: (one.member.display_name, one.member.member_id)))
