"""A person's month at their usual pace, as read from what is stored."""

from datetime import UTC, date, datetime, timedelta

import pytest

from billing.activities import Activity, ActivitySource
from billing.calendar import is_working_day
from billing.months import BillingMonth
from billing.pace import Pace
from billing.people import Member, Patient
from services.context import Context
from services.months.judge import judge
from services.months.pace import pace_of
from services.months.rule_book import RuleBook
from services.people import covering
from services.people.covering import CoverRequest
from storage import Database
from tests.support.caseloads import in_care, worked
from tests.support.practice import TryPractice

TODAY = date(2026, 11, 18)
_DAY = timedelta(days=1)


@pytest.fixture
def practice(database: Database) -> TryPractice:
    return TryPractice(database)


@pytest.fixture
def ana(practice: TryPractice) -> Member:
    return practice.member()


def pace(practice: TryPractice, member: Member, today: date = TODAY) -> Pace | None:
    def read(context: Context) -> Pace | None:
        return pace_of(context, member, today, RuleBook(context))

    return practice.see(read)


def called(practice: TryPractice, who: Member, patient: Patient, minutes: int, *, weekday: int = 0) -> None:
    """A call a week since the middle of August, on one weekday."""
    day = date(2026, 8, 17) + _DAY * weekday
    while day < TODAY:
        worked(practice, who, patient, minutes, day)
        day += timedelta(weeks=1)


def test_nothing_is_said_of_nobody_and_of_nothing(practice: TryPractice, ana: Member) -> None:
    """A person without patients, or whose patients have no time yet, is told nothing."""
    assert pace(practice, ana) is None
    in_care(practice, ana, "1")
    assert pace(practice, ana) is None


def test_whoever_has_reached_counts_and_whoever_is_called_often_enough_will(
    practice: TryPractice, ana: Member
) -> None:
    """Twenty minutes a week reach 60 where three calls are left; two minutes a week do not."""
    there, will, will_not = (in_care(practice, ana, each) for each in ("1", "2", "3"))
    worked(practice, ana, there, 61, date(2026, 11, 2))
    called(practice, ana, will, 25)
    called(practice, ana, will_not, 2)
    found = pace(practice, ana)
    assert found is not None
    assert (found.patients, found.will_reach) == (3, 2)
    # 75 minutes of three Mondays are enough; six of 60 are not.
    assert found.needed_seconds == 54 * 60
    assert found.within_one_call == 0


def test_time_that_does_not_count_reaches_nothing(practice: TryPractice, ana: Member) -> None:
    """Held and clerical entries, and an hour that is another patient's too, are no care."""
    held, other, another = (in_care(practice, ana, each) for each in ("1", "2", "3"))
    worked(practice, ana, held, 60, date(2026, 11, 2), activity=Activity.ADMIN)
    worked(practice, ana, held, 60, date(2026, 11, 3), activity_source=ActivitySource.REPEATED)
    start = datetime(2026, 11, 4, 15, tzinfo=UTC)
    clock = {"started_at": start, "ended_at": start + timedelta(hours=1)}
    worked(practice, ana, other, 60, date(2026, 11, 4), **clock)
    worked(practice, ana, another, 60, date(2026, 11, 4), **clock)
    called(practice, ana, in_care(practice, ana, "4"), 3)
    found = pace(practice, ana)
    assert found is not None
    assert found.patients == 4
    # One of the two overlapping hours counts; the last patient has had three calls of three minutes.
    assert found.needed_seconds == (60 + 60 + 51) * 60


def test_each_patient_has_their_own_payers_target(practice: TryPractice, ana: Member) -> None:
    """Medicare's later month counts from 31 minutes, a first month from 70, General BHI from 20."""
    medicare = in_care(practice, ana, "1", payer="Medicare")
    first = in_care(
        practice, ana, "2", enrolled_on=date(2026, 11, 2), initial_assessment_on=date(2026, 11, 2)
    )
    for patient in (medicare, first):
        worked(practice, ana, patient, 10, date(2026, 11, 3))
    called(practice, ana, in_care(practice, ana, "3"), 1)
    found = pace(practice, ana)
    assert found is not None
    assert found.needed_seconds == (31 - 10 + 70 - 10 + 60 - 3) * 60


def test_what_was_judged_already_is_not_judged_again(practice: TryPractice, ana: Member) -> None:
    """Results that are handed in say the same."""
    called(practice, ana, in_care(practice, ana, "1"), 25)
    worked(practice, ana, in_care(practice, ana, "2"), 60, date(2026, 11, 2))

    def both(context: Context) -> tuple[Pace | None, Pace | None]:
        book = RuleBook(context)
        ids = context.uow.care_time.looked_after_since(ana.member_id, TODAY)
        patients = tuple(context.uow.patients.many(ids).values())
        results = {
            one.patient.patient_id: one.result for one in judge(context, patients, (BillingMonth.of(TODAY),))
        }
        return pace_of(context, ana, TODAY, book), pace_of(context, ana, TODAY, book, results)

    plain, handed = practice.see(both)
    assert plain is not None
    assert plain == handed


def test_a_patient_set_aside_is_neither_lacking_nor_near(practice: TryPractice, ana: Member) -> None:
    """Where reaching out is not indicated, nothing is said to be lacking."""
    patient = in_care(practice, ana, "1")
    called(practice, ana, patient, 19)
    before = pace(practice, ana)
    assert before is not None
    # Three calls so far this month.
    assert (before.patients, before.needed_seconds, before.within_one_call) == (1, 3 * 60, 1)

    def put(context: Context) -> None:
        month = BillingMonth.of(TODAY)
        context.uow.set_aside.put(month, patient.patient_id, by=ana.member_id, at=context.now)
        context.uow.commit()

    practice.do(put)
    after = pace(practice, ana)
    assert after is not None
    assert (after.patients, after.needed_seconds, after.within_one_call, after.will_reach) == (1, 0, 0, 0)


def test_the_discharged_are_not_looked_at_and_others_patients_neither(
    practice: TryPractice, ana: Member
) -> None:
    """A caseload is those whom the person looks after today."""
    called(practice, ana, in_care(practice, ana, "1"), 25)
    called(practice, ana, in_care(practice, ana, "2", discharged_on=date(2026, 11, 10)), 25)
    called(practice, ana, in_care(practice, practice.member("Ben Okoro"), "3"), 25)
    found = pace(practice, ana)
    assert found is not None
    assert found.patients == 1


def test_the_hours_left_follow_the_weekdays_on_which_the_person_works(
    practice: TryPractice, ana: Member
) -> None:
    """Whoever works on Mondays has little left on the last Friday of a month."""
    called(practice, ana, in_care(practice, ana, "1"), 120)
    monday, friday = date(2026, 11, 23), date(2026, 11, 27)
    assert is_working_day(monday)
    late, early = pace(practice, ana, friday), pace(practice, ana, monday)
    assert late is not None
    assert early is not None
    assert late.left_seconds is not None
    assert early.left_seconds is not None
    # November 30 is a Monday; 23 and 30 are left of two.
    assert early.left_seconds - late.left_seconds > 60 * 60
    assert late.left_seconds > 60 * 60


def test_a_planned_contact_makes_it_likelier(practice: TryPractice, ana: Member) -> None:
    """Who has an appointment on the last day will probably be called on it."""
    patients = [in_care(practice, ana, f"{number}") for number in range(6)]
    for patient in patients:
        for day in (date(2026, 8, 20), date(2026, 9, 17), date(2026, 10, 15)):
            worked(practice, ana, patient, 40, day)
        worked(practice, ana, patient, 40, date(2026, 11, 3))
    today = date(2026, 11, 24)
    before = pace(practice, ana, today)
    for patient in patients:
        worked(practice, ana, patient, 5, date(2026, 11, 4), next_contact=date(2026, 11, 30))
    after = pace(practice, ana, today)
    assert before is not None
    assert after is not None
    assert after.will_reach > before.will_reach


def test_no_hours_are_left_on_days_on_which_a_colleague_covers(practice: TryPractice, ana: Member) -> None:
    """Whoever is away works nothing on these days; the patients' contacts go on in the colleague's hands."""
    practice.member("Ben Okoro")
    called(practice, ana, in_care(practice, ana, "1"), 25)
    before = pace(practice, ana)
    assert before is not None
    assert before.left_seconds
    asked = CoverRequest(covered_by="Ben Okoro", first_day=TODAY, last_day=date(2026, 11, 30))
    practice.do(covering.hand_over, ana, asked)
    away = pace(practice, ana)
    assert away is not None
    assert (away.left_seconds, away.will_reach) == (0, before.will_reach)
