"""Marks reviews, consents, scores and assessments that were written down late, and holds a line that hangs on them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from billing.activities import Activity
from billing.charges import Charge, charges
from billing.clinical import AttestationKind
from billing.counting import tally
from billing.entries import TimeEntry
from billing.episodes import Consent, Episode
from billing.findings.finding import Finding, Has, MonthCase, Severity
from billing.findings.general_bhi import bhi_assessment_missing, bhi_scale_missing
from billing.findings.new_practitioner import new_practitioner
from billing.findings.review_missing import review_missing
from billing.findings.row import About, Fix, Row, When
from billing.findings.scale_missing import scale_missing
from billing.late_records import LateRecord, RecordKind, in_order
from billing.month_kinds import MonthKind, WhySubsequent
from billing.people import MemberRole


def late_recorded(case: MonthCase) -> Finding | None:
    """Notes what the month rests on and was written down later than the practice's days after its date."""
    if not case.late_records:
        return None
    days = case.rules.practice.late_after_business_days
    return LATE_RECORDED.finding(days=str(days), records=_plain(case.late_records))


def late_record_decides(case: MonthCase) -> Finding | None:
    """Holds a line that would not be billable without what was written down late, until a supervisor attests.

    A consent counts from the day on which it was on file. Where units alone are lost, supervisors are told.
    """
    if not case.earned:
        return None
    late_reviews = tuple(entry for entry in case.late_entries if entry.activity is Activity.CASE_REVIEW)
    if not (case.late_records or late_reviews) or case.attested(AttestationKind.LATE_RECORD):
        return None
    late = {(one.kind, one.day, one.recorded_on) for one in case.late_records}
    without = _without(case, late, {entry.entry_id for entry in late_reviews})
    severity = _loses(case, without)
    if severity is None:
        return None
    named = {*case.late_records, *map(_review_of, late_reviews)}
    return LATE_RECORD_DECIDES.finding(
        severity=severity,
        entries=tuple(one.entry_id for one in late_reviews),
        records=_plain(tuple(sorted(named, key=in_order))),
    )


def _review_of(entry: TimeEntry) -> LateRecord:
    """The review that the time of one is."""
    written = entry.recorded_on or entry.recorded_at.date()
    return LateRecord(kind=RecordKind.REVIEW, day=entry.service_date, recorded_on=written)


_Late = set[tuple[RecordKind, date, date]]


def _loses(case: MonthCase, without: MonthCase) -> Severity | None:
    """How much a month loses without its late records: the line, units, or nothing."""
    rests_on = [new_practitioner, bhi_assessment_missing, bhi_scale_missing]
    if case.kind is not MonthKind.GENERAL_BHI:
        rests_on = [new_practitioner, review_missing, scale_missing]
        within_gap = case.place.why_subsequent is WhySubsequent.WITHIN_GAP
        if not within_gap and without.episode and without.episode.initial_assessment_on is None:
            return Severity.BLOCKER
    if any(rule(without) is not None and rule(case) is None for rule in rests_on):
        return Severity.BLOCKER
    counted = tally(without.facts, case.rules, case.kind, portion=case.portion).counted
    earned = charges(counted, case.kind, case.rules, case.rules.max_99494)
    if earned == case.earned:
        return None
    return Severity.WARNING if _same_base(earned, case.earned) else Severity.BLOCKER


def _same_base(earned: tuple[Charge, ...], before: tuple[Charge, ...]) -> bool:
    return bool(earned) and earned[0] == before[0]


def _without(case: MonthCase, late: _Late, late_reviews: set[int]) -> MonthCase:
    """The month as it would stand without what was written down late."""
    facts = case.facts
    episodes = {one.episode_id: _episode(one, late) for one in facts.episodes}
    governing = case.place.episode and episodes[case.place.episode.episode_id]
    return replace(
        case,
        place=replace(case.place, episode=governing),
        facts=replace(
            facts,
            # Their minutes stay: late time is a matter of its own.
            entries=tuple(
                replace(entry, activity=Activity.OTHER) if entry.entry_id in late_reviews else entry
                for entry in facts.entries
            ),
            episodes=tuple(episodes.values()),
            reviews=tuple(
                one
                for one in facts.reviews
                if (RecordKind.REVIEW, one.reviewed_on, one.recorded_on) not in late
            ),
            scores=tuple(
                one
                for one in facts.scores
                if (RecordKind.SCORE, one.measured_on, one.recorded_on) not in late
            ),
        ),
    )


def _episode(episode: Episode, late: _Late) -> Episode:
    assessed = episode.initial_assessment_on, episode.assessment_recorded_on
    if (RecordKind.ASSESSMENT, *assessed) in late:
        episode = replace(episode, initial_assessment_on=None)
    return replace(
        episode,
        consent=_consent(episode.consent, late) if episode.consent else None,
        earlier_consents=tuple(_consent(one, late) for one in episode.earlier_consents),
    )


def _consent(consent: Consent, late: _Late) -> Consent:
    """A consent from the day on which it was on file."""
    written = consent.recorded_on
    if written is None or (RecordKind.CONSENT, consent.given_on, written) not in late:
        return consent
    return replace(consent, given_on=written)


_NAMES = {
    RecordKind.CONSENT: "consent",
    RecordKind.ASSESSMENT: "initial assessment",
    RecordKind.SCORE: "score",
    RecordKind.REVIEW: "case review",
}


def _plain(records: tuple[LateRecord, ...]) -> str:
    return ",".join(f"{one.kind.value} {one.day} {one.recorded_on}" for one in records)


def _sentence(parameters: Mapping[str, str]) -> str:
    days = int(parameters["days"])
    return f"Recorded more than {days} business day{'s' * (days != 1)} after its date: {_named(parameters)}."


def _decisive(parameters: Mapping[str, str]) -> str:
    return f"This line depends on what was recorded late: {_named(parameters)}."


def _named(parameters: Mapping[str, str]) -> str:
    return ", ".join(_told(*one.split()) for one in parameters["records"].split(","))


def _told(kind: str, day: str, recorded_on: str) -> str:
    """`case review of Nov 3 (recorded Nov 9)`."""
    return f"{_NAMES[RecordKind(kind)]} of {_spoken(day)} (recorded {_spoken(recorded_on)})"


def _spoken(text: str) -> str:
    day = date.fromisoformat(text)
    return f"{day:%b} {day.day}, {day.year}"


LATE_RECORDED = Row(
    code="late_recorded",
    rule="R-401",
    place=365,
    severities=(Severity.NOTE,),
    find=late_recorded,
    needs=Has.LATE_RECORDS,
    title="recorded late",
    sentence=_sentence,
    parameters=("days", "records"),
    about=About.TIME,
)

LATE_RECORD_DECIDES = Row(
    code="late_record_decides",
    rule="R-402",
    place=225,
    severities=(
        Severity.BLOCKER,
        Severity.WARNING,
    ),
    find=late_record_decides,
    needs=Has.EARNED,
    title="a late record decides",
    sentence=_decisive,
    parameters=("records",),
    fixed_by=(MemberRole.SUPERVISOR,),
    to_do="A supervisor checks it and attests it: `/cocm attest MRN123 november late record`.",
    told=When.NEAR,
    fix=Fix.ATTEST,
    about=About.TIME,
    supervisors_only=(Severity.WARNING,),
    answered_by=AttestationKind.LATE_RECORD,
)
