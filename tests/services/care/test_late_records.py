"""Consents, scores, assessments and reviews know on which day they were written down."""

from datetime import date

import pytest

from billing.clinical import AttestationKind, Scale
from billing.episodes import Consent, ConsentKind, Episode
from billing.evaluate import LineStatus
from billing.months import BillingMonth
from billing.people import Member, MemberRole
from services.care.receipts import CareReceipt
from services.care.requests import Assess, Attest, Enroll, GiveConsent, Measured, Review
from services.care.statements import NothingToAttest
from services.entries import log
from services.errors import NotAllowed
from storage import Database
from tests.support.care import record, ref
from tests.support.practice import TryPractice, asked, draft

#: Wednesday, and the two working days before it.
TODAY, YESTERDAY, MONDAY = date(2026, 11, 18), date(2026, 11, 17), date(2026, 11, 16)
NOVEMBER = BillingMonth(2026, 11)
LATE = "Recorded late, more than 1 business day after its date: where the month depends on it, a supervisor attests it."


@pytest.fixture
def practice(database: Database) -> TryPractice:
    return TryPractice(database)


def episode_of(practice: TryPractice) -> Episode:
    patient = practice.see(lambda context: context.uow.patients.by_identity("123"))
    assert patient is not None
    return practice.see(lambda context: context.uow.episodes.of_patient(patient.patient_id))[-1]


def consent_on(day: date, *, corrects: bool = False, cost_sharing: bool | None = None) -> GiveConsent:
    return GiveConsent(
        patient=ref(), on=day, kind=ConsentKind.VERBAL, cost_sharing=cost_sharing, corrects=corrects
    )


def assess_on(day: date, value: int = 14) -> Assess:
    return Assess(patient=ref(), on=day, scores=(Measured(scale=Scale.PHQ9, value=value),))


def consent_of(practice: TryPractice) -> Consent:
    consent = episode_of(practice).consent
    assert consent is not None
    return consent


def enrolled(practice: TryPractice) -> Member:
    ana = practice.member()
    record(practice, ana, Enroll(patient=ref(), on=date(2026, 11, 2), npi="1234567893"))
    return ana


def remarks(receipt: CareReceipt) -> tuple[str, ...]:
    return receipt.remarks


def test_what_is_recorded_late_says_so_on_its_receipt(practice: TryPractice) -> None:
    """Two working days after its date; yesterday's is in time."""
    ana = enrolled(practice)
    doc = practice.member("Grace Cho", MemberRole.CONSULTANT, slack="U0CHO")
    assert LATE in remarks(record(practice, ana, consent_on(MONDAY)))
    assert LATE in remarks(record(practice, ana, assess_on(MONDAY)))
    assert LATE in remarks(record(practice, doc, Review(patients=(ref(),), on=MONDAY)))
    assert LATE not in remarks(record(practice, ana, assess_on(YESTERDAY)))
    assert LATE not in remarks(record(practice, doc, Review(patients=(ref(),), on=YESTERDAY)))


def test_the_day_of_writing_is_on_file(practice: TryPractice) -> None:
    """Today's, for each of them."""
    ana = enrolled(practice)
    doc = practice.member("Grace Cho", MemberRole.CONSULTANT, slack="U0CHO")
    record(practice, ana, consent_on(MONDAY))
    record(practice, ana, assess_on(MONDAY))
    record(practice, doc, Review(patients=(ref(),), on=MONDAY))
    episode = episode_of(practice)
    assert (consent_of(practice).recorded_on, episode.assessment_recorded_on) == (TODAY, TODAY)
    ids, days = (episode.patient_id,), (date.min, date.max)
    scores = practice.see(lambda context: context.uow.scores.of_patients(ids, *days))
    reviews = practice.see(lambda context: context.uow.reviews.of_patients(ids, *days))
    assert [one.recorded_on for one in scores[episode.patient_id]] == [TODAY]
    assert [one.recorded_on for one in reviews[episode.patient_id]] == [TODAY]


def test_a_consent_completed_later_stays_as_old_as_it_is(practice: TryPractice) -> None:
    """Cost-sharing told two days on, or a later day put right, is not written down anew; an earlier day is."""
    ana = enrolled(practice)
    record(practice, ana, consent_on(MONDAY))
    practice.clock.pass_(days=2)
    told = record(practice, ana, consent_on(MONDAY, cost_sharing=True))
    assert consent_of(practice).recorded_on == TODAY
    assert LATE in remarks(told)
    record(practice, ana, consent_on(YESTERDAY, corrects=True))
    assert (consent_of(practice).given_on, consent_of(practice).recorded_on) == (YESTERDAY, TODAY)
    record(practice, ana, consent_on(date(2026, 11, 3), corrects=True))
    assert consent_of(practice).recorded_on == date(2026, 11, 20)


def test_a_score_put_right_stays_as_old_as_it_is(practice: TryPractice) -> None:
    """The scale was on file in time, whatever its value."""
    ana = enrolled(practice)
    record(practice, ana, assess_on(TODAY))
    practice.clock.pass_(days=5)
    assert LATE not in remarks(record(practice, ana, assess_on(TODAY, 17)))
    patient_id = episode_of(practice).patient_id
    scores = practice.see(lambda context: context.uow.scores.of_patients((patient_id,), date.min, date.max))
    assert [(one.value, one.recorded_on) for one in scores[patient_id]] == [(17, TODAY)]


def test_another_day_of_the_same_month_leaves_the_assessment_as_old_as_it_is(practice: TryPractice) -> None:
    """An earlier day in another month is written down anew."""
    ana = practice.member()
    record(practice, ana, Enroll(patient=ref(), on=date(2026, 10, 1), npi="1234567893"))
    record(practice, ana, assess_on(TODAY))
    practice.clock.pass_(days=2)
    record(practice, ana, assess_on(MONDAY))
    episode = episode_of(practice)
    assert (episode.initial_assessment_on, episode.assessment_recorded_on) == (MONDAY, TODAY)
    record(practice, ana, assess_on(date(2026, 10, 5)))
    episode = episode_of(practice)
    assert (episode.initial_assessment_on, episode.assessment_recorded_on) == (
        date(2026, 10, 5),
        date(2026, 11, 20),
    )


def test_an_assessment_before_the_enrollment_keeps_its_day_of_writing(practice: TryPractice) -> None:
    """The score was written down first; the enrollment finds it."""
    ana = practice.member()
    practice.do(log.log, ana, draft(asked(minutes=10)))
    record(practice, ana, assess_on(YESTERDAY))
    practice.clock.pass_(days=2)
    record(practice, ana, Enroll(patient=ref(), on=date(2026, 11, 2), npi="1234567893"))
    episode = episode_of(practice)
    assert (episode.initial_assessment_on, episode.assessment_recorded_on) == (YESTERDAY, TODAY)


def test_a_supervisor_attests_what_was_recorded_late(practice: TryPractice) -> None:
    """70 minutes of Monday under a consent that was recorded on Wednesday: held, attested, billable; once."""
    ana = enrolled(practice)
    doc = practice.member("Grace Cho", MemberRole.CONSULTANT, slack="U0CHO")
    boss = practice.member("Chloe Lindqvist", MemberRole.SUPERVISOR, slack="U0BOSS")
    record(practice, ana, assess_on(MONDAY))
    record(practice, ana, consent_on(MONDAY))
    practice.do(log.log, ana, draft(asked(minutes=75, service_date=YESTERDAY)))
    held = record(practice, doc, Review(patients=(ref(),), on=YESTERDAY))
    assert held.standings[0].result.status is LineStatus.BLOCKED
    word = Attest(patient=ref(), month=NOVEMBER, kind=AttestationKind.LATE_RECORD)
    for who in (ana, practice.member("Sam Whitfield", MemberRole.BILLER, slack="U0SAM")):
        with pytest.raises(NotAllowed, match="late records"):
            record(practice, who, word)
    attested = record(practice, boss, word)
    assert attested.standings[0].result.status is LineStatus.BILLABLE
    with pytest.raises(NothingToAttest, match="does not depend on anything that was recorded late"):
        record(practice, boss, word)
