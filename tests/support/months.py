"""Facts of a patient's month as a few words: what tests of billing and of others start from."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from billing.activities import Activity, ActivitySource
from billing.clinical import CaseReview, Scale, Score
from billing.closing import JudgedBy
from billing.entries import TimeEntry
from billing.episodes import Consent, ConsentKind, Episode
from billing.facts import MonthFacts
from billing.months import BillingMonth
from billing.people import Role
from tests.support.payers import lakeside

PATIENT = 1
ANA = 11
BEN = 12
DR_CHO = 13
NOVEMBER = BillingMonth(2026, 11)
#: Passes Luhn with the prefix 80840.
GOOD_NPI = "1234567893"
#: A payer with verified rules that are the practice's own.
#: What judged the months that tests freeze.
JUDGED_BY = JudgedBy(program="0.2.0", calendar="holidays 0.60, tzdata 2025.1")

TEST_PAYER = lakeside()


def an_entry(
    entry_id: int = 1, minutes: float = 15, day: date = date(2026, 11, 3), **changes: Any
) -> TimeEntry:
    """A phone call by a care manager, keyed on its own day at 18:00 UTC."""
    entry = TimeEntry(
        entry_id=entry_id,
        version=1,
        patient_id=PATIENT,
        seconds=round(minutes * 60),
        service_date=day,
        activity=Activity.PHONE,
        activity_source=ActivitySource.STATED,
        role=Role.CARE_MANAGER,
        performed_by=ANA,
        recorded_by=ANA,
        recorded_at=datetime(day.year, day.month, day.day, 18, tzinfo=UTC) + timedelta(seconds=entry_id),
        recorded_on=day,
        note_digest=f"words {entry_id}",
    )
    return replace(entry, **changes)


def an_episode(**changes: Any) -> Episode:
    """Enrolled, consented and assessed on 5 October 2026: November is a subsequent month."""
    episode = Episode(
        episode_id=1,
        patient_id=PATIENT,
        enrolled_on=date(2026, 10, 5),
        initial_assessment_on=date(2026, 10, 5),
        consent=Consent(
            given_on=date(2026, 10, 5), kind=ConsentKind.VERBAL, recorded_by=ANA, cost_sharing_disclosed=True
        ),
        payer="Lakeside Health",
        care_manager=ANA,
        initiating_visit_on=date(2026, 10, 1),
        diagnosis_codes=("F32.1",),
    )
    return replace(episode, **changes)


def a_review(day: date = date(2026, 11, 10), **changes: Any) -> CaseReview:
    """A review by the consultant in the month."""
    review = CaseReview(
        review_id=1,
        patient_id=PATIENT,
        reviewed_on=day,
        consultant=DR_CHO,
        recorded_by=ANA,
        recorded_at=datetime(day.year, day.month, day.day, 18, tzinfo=UTC),
    )
    return replace(review, **changes)


def a_score(day: date = date(2026, 10, 5), value: int = 14, **changes: Any) -> Score:
    """A PHQ-9 taken at the initial assessment."""
    score = Score(score_id=1, patient_id=PATIENT, scale=Scale.PHQ9, value=value, measured_on=day)
    return replace(score, **changes)


def a_month(*minutes: float, **changes: Any) -> MonthFacts:
    """A clean subsequent November with entries of so many minutes on the 3rd, 4th, 5th and so on."""
    facts = MonthFacts(
        patient_id=PATIENT,
        month=NOVEMBER,
        entries=tuple(
            an_entry(number, length, date(2026, 11, 2) + timedelta(days=number))
            for number, length in enumerate(minutes, start=1)
        ),
        episodes=(an_episode(),),
        reviews=(a_review(),),
        scores=(a_score(),),
        referring_npi=GOOD_NPI,
        problems_recorded=True,
    )
    return replace(facts, **changes)


def a_first_month(*minutes: float, **changes: Any) -> MonthFacts:
    """The same November, as the month of the initial assessment."""
    start = date(2026, 11, 2)
    consent = Consent(given_on=start, kind=ConsentKind.VERBAL, recorded_by=ANA, cost_sharing_disclosed=True)
    episode = an_episode(enrolled_on=start, initial_assessment_on=start, consent=consent)
    return replace(a_month(*minutes, episodes=(episode,), scores=(a_score(start),)), **changes)
