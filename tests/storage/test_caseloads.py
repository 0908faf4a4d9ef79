"""A person's patients read together, on both databases: who they are, their time, and when they were last seen."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from billing.activities import Activity, ActivitySource
from billing.clinical import CaseReview, Scale, Score
from billing.episodes import Consent, Episode
from storage import Database, NewEntry
from storage.caseloads import LookedAfter, MonthSum
from tests.support.keeping import kept, read
from tests.support.storing import NOW, TODAY, SmallPractice

FIRST = date(2026, 11, 1)


def three_entries(practice: SmallPractice) -> list[NewEntry]:
    start = datetime(2026, 11, 10, 15, tzinfo=UTC)
    held = {"activity": Activity.ADMIN, "activity_source": ActivitySource.INFERRED}
    return [
        practice.entry(service_date=date(2026, 10, 20), next_contact=date(2026, 11, 3)),
        practice.entry(service_date=date(2026, 11, 10), started_at=start, ended_at=start.replace(minute=15)),
        practice.entry(service_date=date(2026, 11, 12), next_contact=date(2026, 11, 20), **held),
    ]


@pytest.fixture
def patient_id(database: Database, practice: SmallPractice) -> int:
    """The practice's patient, in Ana's care since October, with three entries, a review and a score."""
    patient, ana = practice.patient.patient_id, practice.ana.member_id

    def settle(uow: Any) -> None:
        uow.episodes.add(
            Episode(
                episode_id=0,
                patient_id=patient,
                enrolled_on=date(2026, 10, 5),
                consent=Consent(given_on=date(2026, 10, 5)),
                payer="Cedar Health",
                care_manager=ana,
            )
        )
        uow.ledger.append(three_entries(practice), by=ana, at=NOW, source="chat")
        review = CaseReview(
            review_id=0,
            patient_id=patient,
            reviewed_on=date(2026, 10, 9),
            consultant=ana,
            recorded_by=ana,
            recorded_at=NOW,
        )
        uow.reviews.add(review)
        wrong = uow.reviews.add(replace(review, reviewed_on=date(2026, 11, 9)))
        uow.reviews.withdraw(wrong.review_id, by=ana, at=NOW)
        uow.scores.add(
            Score(score_id=0, patient_id=patient, scale=Scale.PHQ9, value=9, measured_on=date(2026, 11, 2))
        )

    kept(database, settle, practice.tenant_id)
    return patient


def test_who_is_looked_after(database: Database, practice: SmallPractice, patient_id: int) -> None:
    """From enrollment to discharge, with what the episode lacks."""

    def look(uow: Any) -> None:
        caseloads, ana = uow.caseloads, practice.ana.member_id
        (one,) = caseloads.looked_after(ana, TODAY)
        assert one == LookedAfter(
            patient_id, "Cedar Health", "CoCM", True, False, since=date(2026, 10, 5), discharged_on=None
        )
        assert one.is_in_care(TODAY)
        assert not one.is_in_care(date(2026, 10, 4))
        assert caseloads.looked_after(ana + 1, TODAY) == ()
        assert caseloads.episodes_of([patient_id], TODAY) == (one,)
        assert caseloads.worked_for(ana, FIRST, TODAY) == {patient_id}
        assert caseloads.worked_for(ana + 1, FIRST, TODAY) == frozenset()

    read(database, look, practice.tenant_id)

    def discharge(uow: Any) -> None:
        (episode,) = uow.episodes.of_patient(patient_id)
        uow.episodes.update(replace(episode, discharged_on=date(2026, 11, 17)))

    kept(database, discharge, practice.tenant_id)

    def look_again(uow: Any) -> None:
        caseloads, ana = uow.caseloads, practice.ana.member_id
        (one,) = caseloads.looked_after(ana, FIRST)
        assert not one.is_in_care(TODAY)
        assert one.is_in_care(date(2026, 11, 17))
        assert caseloads.looked_after(ana, TODAY) == ()

    read(database, look_again, practice.tenant_id)


def test_whom_a_consultant_reviews(database: Database, practice: SmallPractice, patient_id: int) -> None:
    """Whom they have reviewed before, and whom nobody has; another's patients are not theirs."""

    def look(uow: Any) -> None:
        caseloads, ana = uow.caseloads, practice.ana.member_id
        assert caseloads.of_consultant(ana, TODAY) == (patient_id,)
        assert caseloads.of_consultant(ana + 1, TODAY) == ()

    read(database, look, practice.tenant_id)

    def withdraw(uow: Any) -> None:
        for review in uow.reviews.of_patients((patient_id,), date.min, date.max)[patient_id]:
            uow.reviews.withdraw(review.review_id, by=practice.ana.member_id, at=NOW)

    kept(database, withdraw, practice.tenant_id)
    assert read(
        database,
        lambda uow: uow.caseloads.of_consultant(practice.ana.member_id + 1, TODAY),
        practice.tenant_id,
    ) == (patient_id,)


def test_time_and_days_are_told_together(
    database: Database, practice: SmallPractice, patient_id: int
) -> None:
    """Sums of the days asked for, the last day before a date, and the plan of the newest entry that has one."""

    def look(uow: Any) -> None:
        caseloads, ids = uow.caseloads, [patient_id, patient_id + 1]
        assert caseloads.sums(ids, FIRST, TODAY) == {
            patient_id: MonthSum(seconds=1800, held=1, last_day=date(2026, 11, 12))
        }
        assert caseloads.last_days(ids, date(2026, 11, 11)) == {patient_id: date(2026, 11, 10)}
        assert caseloads.next_contacts(ids, FIRST) == {patient_id: date(2026, 11, 20)}
        assert caseloads.next_contacts(ids, date(2026, 11, 13)) == {}

    read(database, look, practice.tenant_id)


def test_withdrawn_facts_tell_nothing(database: Database, practice: SmallPractice, patient_id: int) -> None:
    """The last review and score that stand, up to a date."""

    def look(uow: Any) -> None:
        assert uow.caseloads.reviewed([patient_id], TODAY) == {patient_id: date(2026, 10, 9)}
        assert uow.caseloads.scored([patient_id], TODAY) == {patient_id: date(2026, 11, 2)}
        assert uow.caseloads.scored([patient_id], FIRST) == {}

    read(database, look, practice.tenant_id)
