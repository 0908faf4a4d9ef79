"""Chooses the findings shown to a person without asking, while they can still be fixed (R-330)."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from enum import StrEnum

from billing.findings.finding import Finding, Severity
from billing.findings.registry import open_to_all, row_of
from billing.findings.row import When
from billing.people import MemberRole
from billing.thresholds import Threshold


class Nearness(StrEnum):
    """How a month stands to the next code."""

    FAR = "far"
    #: The next code is within the practice's near minutes.
    NEAR = "near"
    REACHED = "reached"

    @classmethod
    def of(cls, threshold: Threshold, near_seconds: int) -> "Nearness":
        """Where a month stands; `near_seconds` is what the practice calls near."""
        if threshold.reached:
            return cls.REACHED
        is_near = threshold.next_code is not None and threshold.remaining_seconds <= near_seconds
        return cls.NEAR if is_near else cls.FAR


def worth_telling(
    findings: Iterable[Finding], nearness: Nearness, *, month_end: bool, roles: AbstractSet[MemberRole]
) -> tuple[Finding, ...]:
    """The findings to tell a care manager now: what blocks the line first, then what else they can fix.

    A blocker is told whoever fixes it, because the reader can ask them; a warning only to who can fix it. Notes,
    and what only supervisors see, are never shown unless asked for.

    Args:
        findings: All of the month, `MonthResult.findings`.
        nearness: How the month stands to the next code.
        month_end: Whether the month's last working days have come, or the month is over.
        roles: Those of the reader.
    """
    told = [
        finding
        for finding in findings
        if _is_due(_when(finding), nearness, month_end=month_end) and _concerns(finding, roles)
    ]
    return tuple(sorted(told, key=_blockers_first))


def worth_showing(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings for whoever asks about one patient, blockers first; no notes, and nothing for supervisors only."""
    shown = [
        finding for finding in findings if open_to_all(finding) and finding.severity is not Severity.NOTE
    ]
    return tuple(sorted(shown, key=_blockers_first))


def _when(finding: Finding) -> When:
    """From when on a finding is told: what blocks the line does not wait for the month's end."""
    told = row_of(finding).told
    return When.NEAR if told is When.MONTH_END and finding.severity is Severity.BLOCKER else told


def _is_due(when: When, nearness: Nearness, *, month_end: bool) -> bool:
    is_near = nearness is not Nearness.FAR
    due = {
        When.FROM_THE_START: True,
        When.NEAR: is_near,
        When.MONTH_END: is_near and month_end,
        When.WHEN_ASKED: False,
    }
    return due[when]


def _concerns(finding: Finding, roles: AbstractSet[MemberRole]) -> bool:
    if finding.severity is Severity.NOTE or not open_to_all(finding):
        return False
    row = row_of(finding)
    # What is held until somebody vouches for it is as much news as what blocks.
    is_held = row.answered_by is not None
    return finding.severity is Severity.BLOCKER or is_held or bool(roles & {*row.fixed_by, MemberRole.ADMIN})


def _blockers_first(finding: Finding) -> bool:
    return finding.severity is not Severity.BLOCKER
