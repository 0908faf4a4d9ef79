"""What changes between two months, and what it makes of the practice's own lines."""

from datetime import date
from decimal import Decimal

import pytest

from billing.charges import Charge
from billing.clinical import Admission
from billing.evaluate import LineStatus
from billing.months import BillingMonth
from billing.people import Role
from billing.rule_changes import About
from billing.rules import ConsultantMinutes, PracticeRules, TimeRule
from services.practice.rules_diff import CannotCompare, month_rules, practice_difference, rules_between
from services.practice.settings import SettingRequest, carry_out_unnamed
from storage import Database
from tests.support.payers import a_payer
from tests.support.reporting import NOVEMBER, OCTOBER, ReportedPractice

DECEMBER, JANUARY = BillingMonth(2026, 12), BillingMonth(2027, 1)


@pytest.fixture
def practice(database: Database) -> ReportedPractice:
    return ReportedPractice(database)


def put(practice: ReportedPractice, text: str, day: date | None = None) -> None:
    practice.do(carry_out_unnamed, SettingRequest(text=text, from_day=day))


def test_two_months_alike_differ_in_nothing(practice: ReportedPractice) -> None:
    """And no line would be otherwise."""
    practice.billable()
    assert practice.see(month_rules, OCTOBER, NOVEMBER).changes == ()
    found = practice.see(practice_difference, OCTOBER, NOVEMBER)
    assert (found.lines, found.changed) == (1, ())
    assert found.usd_before == found.usd_after == found.usd_after_at_new_rates == Decimal("144.96")


def test_settings_and_rates_that_change_are_named_with_their_days(practice: ReportedPractice) -> None:
    """Old and new value, from which day, and who says so; anybody may ask."""
    put(practice, "consultant minutes exclude", date(2027, 1, 10))
    found = practice.see(rules_between, practice.ana, DECEMBER, JANUARY)
    assert [(one.about, one.what, one.old, one.new, one.day) for one in found.changes] == [
        (About.RATES, "all rates", "10 on file", "none on file", date(2027, 1, 1)),
        (About.SETTING, "consultant_minutes", "count", "exclude", date(2027, 1, 10)),
    ]
    assert found.changes[1].source == "the practice (R-202)"


def test_codes_that_come_into_force_are_named(practice: ReportedPractice) -> None:
    """G2214 exists since 2021; that a payer takes it from then on is a change of its own rules."""
    payer = a_payer(
        "Lakeside",
        verified_on=date(2026, 1, 2),
        source="its manual",
        first_day=date(2021, 1, 1),
        covered_codes=frozenset({"99492", "99493", "99494", "G2214"}),
    )
    practice.do(lambda context: (context.uow.payers.put(payer), context.uow.commit()))
    found = practice.see(month_rules, BillingMonth(2020, 12), BillingMonth(2021, 1)).changes
    own = [one for one in found if one.whose in {"", "Lakeside"}]
    assert [(one.about, one.whose, one.what, one.day) for one in own] == [
        (About.CODES, "", "codes in force", date(2021, 1, 1)),
        (About.PAYER, "Lakeside", "covered codes", date(2021, 1, 1)),
    ]
    assert own[1].source == "its manual"


def test_months_are_compared_in_their_order(practice: ReportedPractice) -> None:
    """The same month twice, the later first, and a span of centuries are slips."""
    for first, second in ((NOVEMBER, NOVEMBER), (NOVEMBER, OCTOBER)):
        with pytest.raises(CannotCompare, match="Write the earlier month first"):
            practice.see(month_rules, first, second)
    with pytest.raises(CannotCompare, match="more than 10 years apart"):
        practice.see(month_rules, BillingMonth(2016, 1), NOVEMBER)


def test_own_lines_are_judged_by_both(practice: ReportedPractice) -> None:
    """What each would be, and the sum; a payer's own rule goes before the practice's there, too."""
    practice.billable("123", minutes=40)
    practice.billable("124", minutes=62)
    put(practice, "time rule midpoint", date(2026, 11, 1))
    found = practice.see(practice_difference, OCTOBER, NOVEMBER)
    assert found.lines == 2
    (line,) = found.changed
    assert (line.patient.identity, line.payer) == ("123", "Lakeside")
    assert (line.codes_before, line.status_before, line.usd_before) == (
        (),
        LineStatus.BELOW,
        Decimal("0.00"),
    )
    assert (line.codes_after, line.status_after, line.usd_after) == (
        (Charge(code="99493", units=1),),
        LineStatus.BILLABLE,
        Decimal("144.96"),
    )
    assert found.usd_before == Decimal("144.96")
    assert found.usd_after == found.usd_after_at_new_rates == Decimal("289.92")
    practice.do(
        lambda context: (
            context.uow.payers.put(
                a_payer("Lakeside", verified_on=date(2026, 1, 2), time_rule=TimeRule.STRICT)
            ),
            context.uow.commit(),
        )
    )
    assert practice.see(practice_difference, OCTOBER, NOVEMBER).changed == ()


def test_what_only_the_later_rules_ask_for_is_looked_for(practice: ReportedPractice) -> None:
    """Facility stays are read where days in a facility count no more, though they did in the month itself."""
    patient = practice.billable("123", minutes=62)
    practice.set(rules=PracticeRules(inpatient_counts=True))
    practice.do(
        lambda context: (
            context.uow.admissions.add(
                Admission(
                    admission_id=0,
                    patient_id=patient.patient_id,
                    admitted_on=date(2026, 10, 6),
                    left_on=date(2026, 10, 8),
                )
            ),
            context.uow.commit(),
        )
    )
    assert practice.see(practice_difference, OCTOBER, NOVEMBER).changed == ()
    put(practice, "inpatient no", date(2026, 11, 1))
    (line,) = practice.see(practice_difference, OCTOBER, NOVEMBER).changed
    assert (line.status_before, line.status_after) == (LineStatus.BILLABLE, LineStatus.BELOW)


def test_a_year_without_rates_has_no_sum(practice: ReportedPractice) -> None:
    """Priced by the first month's rates the rules compare; by the second's there is nothing to say."""
    practice.billable("123", minutes=62, month=NOVEMBER)
    found = practice.see(practice_difference, NOVEMBER, JANUARY)
    assert found.usd_after == Decimal("144.96")
    assert found.usd_after_at_new_rates is None
    assert found.changed == ()


def test_the_later_months_rates_are_those_of_the_practice(practice: ReportedPractice) -> None:
    """Of a qualifying participant in an advanced alternative payment model, as its lines are estimated."""
    put(practice, "conversion factor qualifying_apm", date(2026, 10, 1))
    practice.billable()
    found = practice.see(practice_difference, OCTOBER, NOVEMBER)
    assert found.usd_before == found.usd_after_at_new_rates == Decimal("145.68")


def test_consultant_minutes_that_count_no_more(practice: ReportedPractice) -> None:
    """A line that only they carried is below."""
    patient = practice.billable("123", minutes=55)
    practice.works(patient, 10, date(2026, 10, 20), performed_by=practice.cho.member_id, role=Role.CONSULTANT)
    put(practice, "consultant exclude", date(2026, 11, 1))
    rules = practice.see(lambda context: context.rules_of(OCTOBER))
    assert rules.consultant_minutes is ConsultantMinutes.COUNT
    (line,) = practice.see(practice_difference, OCTOBER, NOVEMBER).changed
    assert (line.status_before, line.status_after) == (LineStatus.BLOCKED, LineStatus.BELOW)
