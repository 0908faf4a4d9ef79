"""Finds what was written down long after its day: reviews, consents, scores and initial assessments (R-401)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from billing.calendar import is_late
from billing.episodes import Episode, leading_up_to
from billing.facts import MonthFacts
from billing.month_kinds import MonthKind, MonthPlace
from billing.rules import RuleSet


class RecordKind(StrEnum):
    """What was recorded."""

    CONSENT = "consent"
    ASSESSMENT = "assessment"
    SCORE = "score"
    REVIEW = "review"


@dataclass(frozen=True, slots=True, kw_only=True)
class LateRecord:
    """Something that decides money and was written down late."""

    kind: RecordKind
    #: Local dates: of what was done, and of its being written down.
    day: date
    recorded_on: date


#: Months whose code rests on the score of a validated scale.
_SCORED = frozenset({MonthKind.INITIAL, MonthKind.GENERAL_BHI})
#: Months whose code rests on a case review.
_REVIEWED = frozenset({MonthKind.INITIAL, MonthKind.SUBSEQUENT})
_KINDS = tuple(RecordKind)


def late_records(facts: MonthFacts, place: MonthPlace, rules: RuleSet) -> tuple[LateRecord, ...]:
    """What a month rests on and was written down late, by kind and day.

    What was on file on the month's first day is in time for that month. What has no day of writing is not late.
    """
    first, last, practice = facts.month.first_day, facts.month.last_day, rules.practice
    late = {
        LateRecord(kind=kind, day=day, recorded_on=written)
        for kind, day, written in _recorded(facts, place, rules)
        # Most are written on the day itself, which needs no calendar.
        if day is not None and written is not None and written > day and day <= last and written > first
        if is_late(day, written, practice.days_off, practice.late_after_business_days)
    }
    return tuple(sorted(late, key=in_order)) if late else ()


def in_order(one: LateRecord) -> tuple[int, date, date]:
    """The order in which they are named: by kind, then by day."""
    return _KINDS.index(one.kind), one.day, one.recorded_on


#: What it is, its day, and the day on which it was written down.
_Recorded = tuple[RecordKind, date | None, date | None]


def _recorded(facts: MonthFacts, place: MonthPlace, rules: RuleSet) -> Iterator[_Recorded]:
    """What a month rests on."""
    for episode in facts.episodes:
        for consent in episode.consents:
            yield RecordKind.CONSENT, consent.given_on, consent.recorded_on
    for episode in _assessed(facts, place, rules):
        yield RecordKind.ASSESSMENT, episode.initial_assessment_on, episode.assessment_recorded_on
    if place.kind in _SCORED:
        for score in facts.scores:
            yield RecordKind.SCORE, score.measured_on, score.recorded_on
    if place.kind in _REVIEWED and rules.practice.review_required:
        reviews = (one for one in facts.reviews if one.reviewed_on in facts.month)
        for review in reviews:
            yield RecordKind.REVIEW, review.reviewed_on, review.recorded_on


def _assessed(facts: MonthFacts, place: MonthPlace, rules: RuleSet) -> tuple[Episode, ...]:
    """The episodes whose initial assessment stands for the month."""
    if place.episode is None or place.kind is not MonthKind.GENERAL_BHI:
        return (place.episode,) if place.episode else ()
    return leading_up_to(place.episode, facts.episodes, rules.practice.episode_gap_months)
