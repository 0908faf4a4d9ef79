"""A person's own week and month, their patients, and who is near the next code."""

from datetime import UTC, date, datetime, timedelta

import pytest

from billing.activities import Activity
from billing.closing import MonthStatus
from billing.episodes import Episode
from billing.months import BillingMonth
from billing.people import Member, Patient
from services.context import Context
from services.entries import log as time_log
from services.home.care import CareNeed, care_home
from services.months import caseload, own_time
from services.months.caseload import Caseload
from services.months.judge import judge_month
from storage import Database
from tests.support.practice import TryPractice, asked, draft


@pytest.fixture
def practice(database: Database) -> TryPractice:
    return TryPractice(database)


@pytest.fixture
def ana(practice: TryPractice) -> Member:
    return practice.member("Ana Flores")


def log(practice: TryPractice, who: Member, identity: str, minutes: int, **more: object) -> None:
    practice.do(time_log.log, who, draft(asked(identity, minutes, note=f"{identity} {minutes}", **more)))


def identities(load: Caseload) -> list[str]:
    return [line.standing.patient.identity for line in load.lines]


# -- own time --------------------------------------------------------------------------------------------


def test_a_week_runs_from_monday_to_today(practice: TryPractice, ana: Member) -> None:
    """Days with entries, their sums, and the sum of all; last week is another question."""
    log(practice, ana, "1", 10, service_date=date(2026, 11, 15))
    log(practice, ana, "1", 20, service_date=date(2026, 11, 16))
    log(practice, ana, "2", 30)
    own = practice.see(own_time.week, ana)
    assert (own.first, own.last) == (date(2026, 11, 16), date(2026, 11, 18))
    assert [(day.day, each.seconds) for day, each in own.days] == [(16, 1200), (18, 1800)]
    assert (own.total.seconds, own.total.entries, own.total.patients) == (3000, 2, 2)
    before = practice.see(own_time.week, ana, last=True)
    assert (before.first, before.last) == (date(2026, 11, 9), date(2026, 11, 15))
    assert before.total.seconds == 600


def test_a_month_is_summed_by_day_kind_and_patient(practice: TryPractice, ana: Member) -> None:
    """Only the person's own time, the most first, and where the month stands."""
    log(practice, ana, "1", 10, service_date=date(2026, 10, 5))
    log(practice, ana, "2", 40, service_date=date(2026, 10, 6), activity=Activity.CHART_REVIEW)
    log(practice, ana, "2", 5, service_date=date(2026, 10, 31))
    log(practice, practice.member("Ben Okoro"), "1", 50, service_date=date(2026, 10, 5))
    own = practice.see(own_time.month, ana, BillingMonth(2026, 10))
    assert own.total.seconds == 55 * 60
    assert [(one.identity, each.seconds // 60) for one, each in own.patients] == [("2", 45), ("1", 10)]
    assert [(kind, each.seconds // 60) for kind, each in own.activities] == [
        (Activity.CHART_REVIEW, 40),
        (Activity.PHONE, 15),
    ]
    assert own.state is not None
    assert own.state.status is MonthStatus.DRAFT
    assert practice.see(own_time.month, ana).total.entries == 0


def test_a_month_says_what_is_held(practice: TryPractice, ana: Member) -> None:
    """Entries whose kind was only inferred not to count wait for a word."""
    log(practice, ana, "1", 10, activity=Activity.CRISIS)
    assert practice.see(own_time.month, ana).held == 1


# -- caseload --------------------------------------------------------------------------------------------


def assign(
    practice: TryPractice, patient: Patient, manager: Member, discharged_on: date | None = None
) -> None:
    def store(context: Context) -> None:
        context.uow.episodes.add(
            Episode(
                episode_id=0,
                patient_id=patient.patient_id,
                enrolled_on=date(2026, 9, 1),
                initial_assessment_on=date(2026, 9, 1),
                care_manager=manager.member_id,
                discharged_on=discharged_on,
            )
        )
        context.uow.commit()

    practice.do(store)


def test_a_caseload_is_who_is_assigned_and_who_was_worked_for(practice: TryPractice, ana: Member) -> None:
    """Assigned without time, worked for without assignment; not those of others, nor those long discharged."""
    ben = practice.member("Ben Okoro")
    assign(practice, practice.patient("1", assessed_on=None), ana)
    assign(practice, practice.patient("2", assessed_on=None), ben)
    assign(practice, practice.patient("3", assessed_on=None), ana, discharged_on=date(2026, 10, 20))
    assign(practice, practice.patient("4", assessed_on=None), ana, discharged_on=date(2026, 11, 3))
    practice.patient("5")
    log(practice, ana, "5", 10)
    assert sorted(identities(practice.see(caseload.caseload, ana))) == ["1", "4", "5"]


def test_those_nearest_to_the_next_code_come_first(practice: TryPractice, ana: Member) -> None:
    """Then those farther away; those without time this month last."""
    for identity in ("1", "2", "3"):
        practice.patient(identity)
    assign(practice, practice.patient("4", assessed_on=None), ana)
    log(practice, ana, "1", 20)
    log(practice, ana, "2", 55)
    log(practice, ana, "3", 50)
    load = practice.see(caseload.caseload, ana)
    assert identities(load) == ["2", "3", "1", "4"]
    assert [line.standing.patient.identity for line in load.near] == ["2", "3"]
    assert load.untouched == 1
    assert load.lines[0].needed_seconds == 5 * 60


def test_each_patient_stands_as_their_own_receipt_says(practice: TryPractice, ana: Member) -> None:
    """Read together or one by one, a month is the same: clock time shared with another patient included."""
    start = datetime(2026, 11, 18, 14, tzinfo=UTC)
    clock = {"started_at": start, "ended_at": start + timedelta(minutes=30)}
    for identity in ("1", "2", "3"):
        practice.patient(identity)
    log(practice, ana, "1", 30, **clock)
    log(practice, ana, "2", 30, **clock)
    log(practice, ana, "3", 70, service_date=date(2026, 11, 2))
    for line in practice.see(caseload.caseload, ana).lines:
        one = line.standing
        alone = practice.see(judge_month, one.patient, one.month).result
        assert one.result == alone
    assert practice.see(caseload.caseload, ana).lines[-1].standing.result.excluded_seconds == 30 * 60


@pytest.mark.parametrize(("minutes", "is_near"), [(44, False), (45, True), (59, True), (60, False)])
def test_near_is_within_the_practices_minutes(
    practice: TryPractice, ana: Member, *, minutes: int, is_near: bool
) -> None:
    """15 minutes from 60 are near; one more is not, nor is a code just reached."""
    practice.patient("1")
    log(practice, ana, "1", minutes)
    assert bool(practice.see(caseload.caseload, ana).near) is is_near


@pytest.mark.parametrize(
    ("today", "left"),
    [
        # Thanksgiving is the 26th; the 28th and 29th are a weekend.
        (datetime(2026, 11, 25, 15, tzinfo=UTC), 3),
        (datetime(2026, 11, 28, 15, tzinfo=UTC), 1),
        (datetime(2026, 11, 30, 15, tzinfo=UTC), 1),
    ],
)
def test_working_days_left_include_today(
    practice: TryPractice, ana: Member, today: datetime, left: int
) -> None:
    """Weekends and holidays are no working days; today is one where it is."""
    practice.clock.at = today
    assert practice.see(caseload.caseload, ana).working_days_left == left


def test_home_shows_the_same_patients_as_near(practice: TryPractice, ana: Member) -> None:
    """One list, on two screens."""
    practice.patient("1")
    log(practice, ana, "1", 50)
    near = practice.see(caseload.caseload, ana).near
    shown = [one for one in practice.see(care_home, ana).listed if one.need is CareNeed.NEAR]
    assert [one.result for one in shown] == [line.standing.result for line in near]
