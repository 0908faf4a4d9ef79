"""Assessments: the first one opens the month of 99492, the others are scores."""

from datetime import date

import pytest

from billing.clinical import Direction, Scale
from billing.month_kinds import MonthKind
from services.care import carry_out
from services.care.receipts import Assessed, CareQuestion, CareReceipt, Initial
from services.care.requests import Assess, Measured
from storage import Database
from tests.support.care import audited, done, enrolled, episodes, record, ref
from tests.support.practice import TryPractice


@pytest.fixture
def practice(database: Database) -> TryPractice:
    return TryPractice(database)


def phq(value: int, on: date, **more: int) -> Assess:
    scores = [Measured(scale=Scale.PHQ9, value=value)]
    scores += [Measured(scale=Scale.GAD7, value=gad) for gad in more.values()]
    return Assess(patient=ref(), on=on, scores=tuple(scores))


def test_the_first_assessment_is_the_episodes_initial_one(practice: TryPractice) -> None:
    """Its month is the first month, and nothing asks for an assessment any more."""
    ana = practice.member()
    patient = enrolled(practice, ana)
    receipt = record(practice, ana, phq(18, date(2026, 11, 3), gad=11))
    assert isinstance(receipt.outcome, Assessed)
    assert receipt.outcome.initial is Initial.SET
    assert [(score.scale, score.value) for score in receipt.outcome.scores] == [
        (Scale.PHQ9, 18),
        (Scale.GAD7, 11),
    ]
    assert episodes(practice, patient)[0].initial_assessment_on == date(2026, 11, 3)
    assert receipt.standings[0].result.kind is MonthKind.INITIAL
    codes = {finding.code for finding in receipt.standings[0].result.findings}
    assert not codes & {"assessment_missing", "scale_missing"}
    assert audited(practice)[-1] == "assessment.recorded"


def test_a_later_assessment_is_a_score_and_shows_the_trend(practice: TryPractice) -> None:
    """The initial assessment stays; the answer has every score of the scale, oldest first."""
    ana = practice.member()
    patient = enrolled(practice, ana, on=date(2026, 10, 5))
    record(practice, ana, phq(18, date(2026, 10, 5)))
    record(practice, ana, phq(16, date(2026, 10, 26)))
    outcome = done(practice, ana, phq(11, date(2026, 11, 16)), Assessed)
    assert (outcome.initial, outcome.initial_on) == (Initial.STANDS, date(2026, 10, 5))
    (trend,) = outcome.trends
    assert [score.value for score in trend.scores] == [18, 16, 11]
    assert (trend.change, trend.latest) == (-7, Direction.BETTER)
    assert episodes(practice, patient)[0].initial_assessment_on == date(2026, 10, 5)


def test_an_earlier_one_recorded_later_is_the_initial_one(practice: TryPractice) -> None:
    """The earliest assessment within care counts, in whatever order they are typed."""
    ana = practice.member()
    patient = enrolled(practice, ana, on=date(2026, 10, 5))
    record(practice, ana, phq(16, date(2026, 11, 2)))
    outcome = done(practice, ana, phq(18, date(2026, 10, 6)), Assessed)
    assert outcome.initial is Initial.MOVED_BACK
    assert episodes(practice, patient)[0].initial_assessment_on == date(2026, 10, 6)


def test_a_score_from_before_care_began_moves_nothing(practice: TryPractice) -> None:
    """A screening at the primary care visit before the enrollment is no initial assessment."""
    ana = practice.member()
    patient = enrolled(practice, ana)
    outcome = done(practice, ana, phq(18, date(2026, 10, 20)), Assessed)
    assert outcome.initial is Initial.BEFORE_CARE
    assert episodes(practice, patient)[0].initial_assessment_on is None


def test_the_same_scale_and_day_again_puts_the_score_right(practice: TryPractice) -> None:
    """The wrong one is withdrawn and named; the same one again is not doubled."""
    ana = practice.member()
    enrolled(practice, ana)
    record(practice, ana, phq(26, date(2026, 11, 3)))
    outcome = done(practice, ana, phq(16, date(2026, 11, 3)), Assessed)
    assert [score.value for score in outcome.corrected] == [26]
    assert [score.value for score in outcome.trends[0].scores] == [16]
    again = done(practice, ana, phq(16, date(2026, 11, 3)), Assessed)
    assert again.scores == outcome.scores
    assert again.corrected == ()


def test_an_unknown_patient_is_asked_about_where_another_is_near(practice: TryPractice) -> None:
    """Nobody is assessed by a slip of the finger; one tap assesses the patient who was meant."""
    near = practice.patient("124")
    ana = practice.member()
    question = practice.do(carry_out.carry_out, ana, phq(16, date(2026, 11, 3)))
    assert isinstance(question, CareQuestion)
    assert question.choices == ("MRN124", "Record nothing")
    receipt = practice.do(carry_out.answer, ana, question.pending_id, 0)
    assert isinstance(receipt, CareReceipt)
    assert receipt.patients == (near,)
