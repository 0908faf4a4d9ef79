"""Asks of a General BHI month what CMS asks: an initial assessment, a validated scale, and a visit where needed."""

from datetime import timedelta

from billing.episodes import Episode, leading_up_to
from billing.findings.finding import Finding, MonthCase, Severity
from billing.findings.row import About, Fix, Row, When
from billing.month_kinds import MonthKind
from billing.people import MemberRole

_YEAR = timedelta(days=366)


def bhi_assessment_missing(case: MonthCase) -> Finding | None:
    """Blocks a month without an initial assessment of this care, or of what led up to it without a gap."""
    if case.kind is not MonthKind.GENERAL_BHI:
        return None
    last = case.facts.month.last_day
    for episode in _care(case):
        assessed = episode.initial_assessment_on
        if assessed is not None and assessed <= last:
            return None
    return BHI_ASSESSMENT_MISSING.finding()


def bhi_scale_missing(case: MonthCase) -> Finding | None:
    """Blocks a month by whose end no score of a validated scale stands."""
    if case.kind is not MonthKind.GENERAL_BHI:
        return None
    first, last = _care(case)[0].starts_on, case.facts.month.last_day
    if any(first <= score.measured_on <= last for score in case.facts.scores):
        return None
    return BHI_SCALE_MISSING.finding()


def bhi_initiating_visit(case: MonthCase) -> Finding | None:
    """Blocks where a visit was needed and is missing; warns in the first month while nobody said whether it was.

    A visit counts when it lies within the year before care began, or since.
    """
    if case.kind is not MonthKind.GENERAL_BHI:
        return None
    care = _care(case)
    needed = care[-1].initiating_visit_needed
    if needed is False or any(_was_seen(episode, case) for episode in care):
        return None
    if needed:
        return BHI_VISIT_MISSING.finding()
    is_first = len(care) == 1 and case.month_number == 1
    return BHI_VISIT_UNKNOWN.finding() if is_first else None


def _was_seen(episode: Episode, case: MonthCase) -> bool:
    visit = episode.initiating_visit_on
    return visit is not None and visit <= case.facts.month.last_day and episode.starts_on - visit <= _YEAR


def _care(case: MonthCase) -> tuple[Episode, ...]:
    """The episode that governs the month, after those that led up to it without a gap."""
    assert case.episode is not None, "a General BHI month has its episode"
    return leading_up_to(case.episode, case.facts.episodes, case.rules.practice.episode_gap_months)


BHI_ASSESSMENT_MISSING = Row(
    code="bhi_assessment_missing",
    rule="R-327",
    place=62,
    severities=(Severity.BLOCKER,),
    find=bhi_assessment_missing,
    kind=MonthKind.GENERAL_BHI,
    title="initial assessment missing",
    sentence="Initial assessment missing: 99484 rests on one, as the CoCM codes do.",
    fixed_by=(MemberRole.CARE_MANAGER,),
    to_do="Record its scale, score and date: `/cocm assess MRN123 PHQ-9 14 on 11/3`.",
    told=When.FROM_THE_START,
    fix=Fix.ASSESS,
    about=About.ASSESSMENT,
)

BHI_SCALE_MISSING = Row(
    code="bhi_scale_missing",
    rule="R-327",
    place=82,
    severities=(Severity.BLOCKER,),
    find=bhi_scale_missing,
    kind=MonthKind.GENERAL_BHI,
    title="validated scale missing",
    sentence="Validated scale missing: 99484 asks for one (PHQ-9, GAD-7 ...), and no score since care began is on "
    "file.",
    fixed_by=(MemberRole.CARE_MANAGER,),
    to_do="Record the score with its date: `/cocm assess MRN123 PHQ-9 14 on 11/3`.",
    told=When.NEAR,
    fix=Fix.ASSESS,
    about=About.ASSESSMENT,
)

BHI_VISIT_MISSING = Row(
    code="bhi_visit_missing",
    rule="R-327",
    place=132,
    severities=(Severity.BLOCKER,),
    find=bhi_initiating_visit,
    kind=MonthKind.GENERAL_BHI,
    title="initiating visit missing",
    sentence="Initiating visit missing: 99484 needs one for this patient, and no visit within a year is on file.",
    fixed_by=(MemberRole.ADMIN,),
    to_do="An administrator imports the visit's date with the roster: `cocm import patients roster.csv`.",
    told=When.NEAR,
    about=About.CLAIM,
)

BHI_VISIT_UNKNOWN = Row(
    code="bhi_visit_unknown",
    rule="R-327",
    place=142,
    severities=(Severity.WARNING,),
    find=bhi_initiating_visit,
    kind=MonthKind.GENERAL_BHI,
    title="initiating visit not on file",
    sentence="No initiating visit on file for 99484, and no record that none was needed.",
    fixed_by=(MemberRole.ADMIN,),
    to_do="An administrator imports the visit's date, or that none was needed, with the roster: "
    "`cocm import patients roster.csv`.",
    told=When.NEAR,
    about=About.CLAIM,
)
