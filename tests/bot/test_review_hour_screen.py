"""The review hour on the screen: within Slack's limits however many patients there are and however long their words."""

import json
from datetime import date, timedelta

import pytest

from billing.clinical import CaseReview, Scale, Score
from billing.episodes import Episode
from billing.people import Member, MemberRole, Patient
from bot.replies import Reply
from bot.screens.home import ViewSettings
from bot.screens.review_form import review_form
from bot.screens.review_hour import review_hour
from sandbox.blocks import message_problems, view_problems
from services.care.review_hour import PAGE, NobodyReviews, ReviewHour, WhichConsultant, open_hour, open_sheet
from services.context import Context
from storage import Database
from tests.support.accessible import unclear
from tests.support.care import consultant
from tests.support.practice import NOW, TryPractice

TODAY = date(2026, 11, 18)
#: As long as a note may be, with what Slack escapes.
LONGEST = "R&D <b> " * 35


@pytest.fixture
def practice(database: Database) -> TryPractice:
    return TryPractice(database)


def fill(practice: TryPractice, count: int, doc: Member, manager: Member) -> None:
    """So many patients in care, most with scores and a review whose words are as long as they get."""

    def add(context: Context) -> None:
        uow = context.uow
        known = uow.patients.add_many(
            [
                Patient(
                    patient_id=0,
                    handle="",
                    mrn=f"MRN{'7' * 20}{number:05}",
                    identity=f"{'7' * 20}{number:05}",
                    problems=LONGEST,
                )
                for number in range(count)
            ]
        )
        begun = TODAY - timedelta(days=90)
        uow.episodes.add_many(
            Episode(
                episode_id=0,
                patient_id=one.patient_id,
                enrolled_on=begun,
                initial_assessment_on=begun,
                diagnosis_codes=("F33.1", "F41.1"),
                care_manager=manager.member_id,
            )
            for one in known
        )
        # Facts are added one by one: of many patients only the first have any.
        for number, one in enumerate(known[:60]):
            for step, scale in enumerate((Scale.PHQ9, Scale.GAD7, Scale.PCL5, Scale.AUDIT)):
                for weeks in range(7):
                    day = begun + timedelta(weeks=weeks, days=step)
                    uow.scores.add(
                        Score(
                            score_id=0,
                            patient_id=one.patient_id,
                            scale=scale,
                            value=15 + weeks % 2,
                            measured_on=day,
                        )
                    )
            on = TODAY if number < 20 else TODAY - timedelta(days=number)
            uow.reviews.add(
                CaseReview(
                    review_id=0,
                    patient_id=one.patient_id,
                    reviewed_on=on,
                    consultant=doc.member_id,
                    recorded_by=doc.member_id,
                    recorded_at=NOW,
                ),
                LONGEST,
            )
        uow.commit()

    practice.do(add)


def hour_of(practice: TryPractice, reader: Member, offset: int = 0) -> ReviewHour:
    hour = practice.see(open_hour, reader, offset=offset)
    assert isinstance(hour, ReviewHour)
    return hour


def must_fit(reply: Reply) -> None:
    """What Slack takes in one message."""
    assert message_problems(list(reply.blocks)) == []
    assert unclear(reply.blocks) == []
    assert len(reply.blocks) <= 50
    assert _characters(reply) <= 12_000
    assert "MRN" not in reply.text
    assert not any("MRN" in value for value in _values(list(reply.blocks)))


def _characters(reply: Reply) -> int:
    return sum(len(text) for text in _texts(list(reply.blocks)))


def _texts(found: object) -> list[str]:
    if isinstance(found, dict):
        return [found["text"]] if isinstance(found.get("text"), str) else _each(list(found.values()), _texts)
    return _each(found, _texts) if isinstance(found, list) else []


def _values(found: object) -> list[str]:
    if isinstance(found, dict):
        own = [str(found[name]) for name in ("value", "action_id", "block_id") if name in found]
        return own + _each(list(found.values()), _values)
    return _each(found, _values) if isinstance(found, list) else []


def _each(parts: list[object], of: object) -> list[str]:
    return [text for part in parts for text in of(part)]  # type: ignore[operator]


@pytest.mark.parametrize("count", [0, 1, 50, 400, 5000])
def test_every_page_fits_and_every_patient_is_on_one(practice: TryPractice, count: int) -> None:
    """A page of cards, the rest behind `more`: the pages together hold each patient once."""
    doc, ana = consultant(practice), practice.member()
    fill(practice, count, doc, ana)
    first = hour_of(practice, doc)
    done = min(count, 20)
    assert first.total == count - done
    assert len(first.done) == done
    must_fit(review_hour(first))
    seen: set[int] = set()
    for offset in range(0, min(first.total, 5 * PAGE), PAGE):
        page = hour_of(practice, doc, offset)
        must_fit(review_hour(page))
        numbers = {card.patient.patient_id for card in page.cards}
        assert not numbers & seen
        seen |= numbers
    assert len(seen) == min(first.total, 5 * PAGE)
    last = hour_of(practice, ana, max(first.total - 1, 0))
    must_fit(review_hour(last))
    assert len(last.cards) == min(first.total, 1)


def test_the_dialog_fits_and_names_nobody(practice: TryPractice) -> None:
    """Handles and nobody's words, unless the practice decided otherwise; as many care managers as a menu holds."""
    doc, ana = consultant(practice), practice.member()
    for number in range(150):
        practice.member(f"Manager {number:03}", slack=f"U0M{number:03}")
    fill(practice, 21, doc, ana)
    (card,) = hour_of(practice, doc).cards
    sheet = practice.see(open_sheet, doc, card.patient.handle)
    hidden = review_form(sheet, "{}", ViewSettings())
    assert view_problems(hidden) == []
    assert "MRN" not in json.dumps(hidden)
    assert "R&amp;D" not in json.dumps(hidden)
    shown = review_form(sheet, "{}", ViewSettings(phi_in_views=True))
    assert view_problems(shown) == []
    assert card.patient.mrn in json.dumps(shown)


def test_each_consultant_has_their_own_and_those_nobody_has(practice: TryPractice) -> None:
    """Reviewed before by Raman: hers; by one who has left, or by nobody: everybody's; a care manager is asked whose."""
    doc, ana = consultant(practice), practice.member()
    vale = practice.member("Dr. Vale", MemberRole.CONSULTANT, slack="U0VALE")
    fill(practice, 61, doc, ana)
    assert hour_of(practice, doc).total == 41
    assert hour_of(practice, vale).total == 1
    asked = practice.see(open_hour, ana)
    assert isinstance(asked, WhichConsultant)
    assert asked.consultants == (doc, vale)
    must_fit(review_hour(asked))
    chosen = practice.see(open_hour, ana, consultant=vale.member_id)
    assert isinstance(chosen, ReviewHour)
    assert (chosen.consultant, chosen.own, chosen.total) == (vale, False, 1)


def test_a_care_manager_sees_her_own_patients_alone(practice: TryPractice) -> None:
    """And nobody reviews where there is no consultant."""
    ana, ben = practice.member(), practice.member("Ben Okoro")
    assert isinstance(practice.see(open_hour, ana), NobodyReviews)
    doc = consultant(practice)
    fill(practice, 3, doc, ana)
    assert hour_of(practice, ben).total == 0
    assert len(hour_of(practice, ben).done) == 0
