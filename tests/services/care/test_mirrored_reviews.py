"""Whether the care manager's and the consultant's case reviews of one day are the same: asked, answered, undone."""

from dataclasses import replace
from datetime import date

import pytest

from billing.activities import Activity
from billing.counting import Exclusion
from billing.people import Member, MemberRole
from services.acts import undo
from services.care import review_answers
from services.care.mirrored_reviews import NothingToSettle, WhichDay
from services.care.receipts import CareReceipt, ReviewsSettled
from services.care.requests import SettleReviews
from services.entries import log
from services.entries.receipts import Receipt
from services.errors import NotAllowed, UnknownEntry
from storage import Database
from tests.support.care import audited, record, ref
from tests.support.practice import TryPractice, asked, draft

TODAY = date(2026, 11, 18)


@pytest.fixture
def practice(database: Database) -> TryPractice:
    return TryPractice(database)


def consultant(practice: TryPractice) -> Member:
    return practice.member("Grace Cho", MemberRole.CONSULTANT)


def reviewed(practice: TryPractice, who: Member, day: date = TODAY, minutes: int = 15) -> Receipt:
    wanted = asked(minutes=minutes, service_date=day, activity=Activity.CASE_REVIEW, note="case review")
    made = practice.do(log.log, who, draft(wanted))
    assert isinstance(made, Receipt)
    return made


def excluded(receipt: CareReceipt) -> dict[Exclusion, int]:
    return dict(receipt.standings[0].result.excluded)


def test_the_second_receipt_asks_and_a_tap_answers(practice: TryPractice) -> None:
    """Neither names the other: the second receipt offers both answers; the last one stands, and undo takes it back."""
    ana, cho = practice.member(), consultant(practice)
    practice.patient()
    first = reviewed(practice, ana)
    assert not first.may_be_one_review(first.entries[0])
    second = reviewed(practice, cho)
    assert second.may_be_one_review(second.entries[0])
    assert second.may_be_one_review(first.entries[0])
    entry_id = second.entries[0].entry.entry_id
    same = practice.do(review_answers.answer, cho, entry_id, is_one=True)
    assert isinstance(same, CareReceipt)
    assert (same.outcome, excluded(same)) == (
        ReviewsSettled(on=TODAY, is_one=True),
        {Exclusion.JOINT: 900},
    )
    two = practice.do(review_answers.answer, ana, entry_id, is_one=False)
    assert isinstance(two, CareReceipt)
    assert excluded(two) == {}
    practice.do(undo.undo_last, ana)
    assert audited(practice)[:2] == ["reviews.settled", "reviews.settled"]
    again = record(practice, ana, SettleReviews(patient=ref(), is_one=True, on=TODAY))
    assert excluded(again) == {Exclusion.JOINT: 900}


def test_without_a_day_the_one_that_waits_is_meant(practice: TryPractice) -> None:
    """One day waits: it is answered; then none does, and the day has to be said."""
    ana, cho = practice.member(), consultant(practice)
    practice.patient()
    monday = date(2026, 11, 16)
    for who in (ana, cho):
        reviewed(practice, who, monday)
    done = record(practice, ana, SettleReviews(patient=ref(), is_one=False))
    assert done.outcome == ReviewsSettled(on=monday, is_one=False)
    with pytest.raises(NothingToSettle, match="add the day"):
        record(practice, ana, SettleReviews(patient=ref(), is_one=True))


def test_where_several_days_wait_the_day_is_asked(practice: TryPractice) -> None:
    """Nothing is answered for a day that nobody named."""
    ana, cho = practice.member(), consultant(practice)
    practice.patient()
    for day in (date(2026, 10, 30), date(2026, 11, 16)):
        for who in (ana, cho):
            reviewed(practice, who, day)
    with pytest.raises(WhichDay, match="Oct 30, 2026 and Nov 16, 2026"):
        record(practice, ana, SettleReviews(patient=ref(), is_one=True))


def test_a_day_without_such_a_pair_is_refused(practice: TryPractice) -> None:
    """An answer for another day would settle what nobody asked."""
    ana = practice.member()
    practice.patient()
    reviewed(practice, ana)
    with pytest.raises(NothingToSettle, match="Nov 18, 2026"):
        record(practice, ana, SettleReviews(patient=ref(), is_one=True, on=TODAY))


def test_who_cares_for_patients_answers(practice: TryPractice) -> None:
    """A biller does not, and an entry that was undone asks nothing."""
    ana, cho = practice.member(), consultant(practice)
    sam = practice.member("Sam Whitfield", MemberRole.BILLER)
    practice.patient()
    reviewed(practice, ana)
    entry = reviewed(practice, cho).entries[0].entry
    with pytest.raises(NotAllowed):
        practice.do(review_answers.answer, sam, entry.entry_id, is_one=True)
    practice.do(undo.undo_last, cho)
    with pytest.raises(UnknownEntry):
        practice.do(review_answers.answer, cho, entry.entry_id, is_one=True)


def test_the_note_links_the_two_where_each_names_the_other(practice: TryPractice) -> None:
    """`staffed with cho` and `discussed with Ana` are joint time; a tagged kind stays what it is."""
    ana, cho = practice.member("Ana Flores"), consultant(practice)
    practice.patient()
    named = asked(minutes=15, service_date=TODAY, note="staffed with cho", activity=Activity.OTHER)
    made = practice.do(log.log, ana, draft(replace(named, named=("cho",))))
    assert isinstance(made, Receipt)
    entry = made.entries[0].entry
    assert (entry.participants, entry.activity) == ((cho.member_id,), Activity.CASE_REVIEW)
    mirror = asked(minutes=15, service_date=TODAY, note="discussed with Ana", activity=Activity.CASE_REVIEW)
    second = practice.do(log.log, cho, draft(replace(mirror, named=("Ana",))))
    assert isinstance(second, Receipt)
    assert dict(second.standings[0].result.excluded) == {Exclusion.JOINT: 900}
    assert not second.may_be_one_review(second.entries[0])
    stranger = practice.do(log.log, ana, draft(replace(named, note="staffed with Bello", named=("Bello",))))
    assert isinstance(stranger, Receipt)
    assert (stranger.entries[0].entry.participants, stranger.entries[0].entry.activity) == (
        (),
        Activity.OTHER,
    )


def test_a_further_review_of_a_day_that_was_answered_says_so(practice: TryPractice) -> None:
    """Two reviews were two; a third entry counts, and its receipt says why and what to type if it is the same."""
    ana, cho = practice.member(), consultant(practice)
    practice.patient()
    for who in (ana, cho):
        reviewed(practice, who)
    record(practice, ana, SettleReviews(patient=ref(), is_one=False, on=TODAY))
    remarks = reviewed(practice, ana, minutes=10).entries[0].remarks
    said = (
        "MRN123's case reviews of that day were said to be two, so each counts. If this one is the same as another: "
        "/cocm state MRN123 same review on 11/18"
    )
    assert remarks == (said,)
    record(practice, ana, SettleReviews(patient=ref(), is_one=True, on=TODAY))
    assert reviewed(practice, ana, minutes=5).entries[0].remarks == ()
