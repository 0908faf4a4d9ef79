"""The last day for filing: which lines are named today, and whose limit it is."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from billing.evaluate import evaluate_month
from billing.findings.registry import message_of
from billing.rules import CoveredDays, RuleSet
from services.context import Context
from services.messages.revisions import close_month
from services.months.claims import submit
from services.months.filing import Filing
from services.months.judge import JudgedMonth, judge_month
from services.months.rule_book import RuleBook
from storage import Database
from tests.support.reporting import OCTOBER, ReportedPractice


@pytest.fixture
def practice(database: Database) -> ReportedPractice:
    made = ReportedPractice(database)
    made.at(datetime(2026, 11, 18, 12, tzinfo=UTC))
    return made


def said(practice: ReportedPractice, today: date, *, minutes: float = 62, **limits: object) -> str:
    """What is said of October's line on a day, by rules with such a limit; empty where nothing is."""
    patient = practice.billable("123", minutes=minutes)
    practice.at(datetime(today.year, today.month, today.day, 17, tzinfo=UTC))

    def look(context: Context) -> str:
        judged = judge_month(context, patient, OCTOBER)
        found = Filing(context, RuleBook(context)).finding(limited(judged, **limits))
        return message_of(found) if found is not None else ""

    return practice.see(look)


def limited(judged: JudgedMonth, months: int | None = 3, **changes: object) -> JudgedMonth:
    """The month judged again, by rules with such a limit."""
    limit: RuleSet = replace(judged.rules, timely_filing_months=months)
    rules = replace(limit, **changes)
    return replace(judged, rules=rules, result=evaluate_month(judged.facts, rules))


def test_a_line_is_named_from_thirty_days_before(practice: ReportedPractice) -> None:
    """The date of service is October 13: three months on is January 13."""
    assert said(practice, date(2026, 12, 14)).endswith("is Jan 13, 2027: 30 days left.")


def test_before_that_nothing_is_said(practice: ReportedPractice) -> None:
    assert said(practice, date(2026, 12, 13)) == ""


def test_after_it_the_line_is_late(practice: ReportedPractice) -> None:
    assert "was Jan 13, 2027: it may be denied" in said(practice, date(2027, 2, 1))


def test_a_payer_without_a_limit_is_not_guessed_at(practice: ReportedPractice) -> None:
    assert said(practice, date(2030, 1, 1), months=None) == ""


def test_a_line_that_bills_nothing_is_not_named(practice: ReportedPractice) -> None:
    assert said(practice, date(2030, 1, 1), minutes=10) == ""


def test_within_a_month_the_payer_of_the_date_of_service_counts(practice: ReportedPractice) -> None:
    """Two coverages: the limit is that of the stretch in which the line is earned."""
    plain = practice.see(lambda context: RuleBook(context).rules(OCTOBER, ()))
    stretches = (
        CoveredDays(
            first_day=date(2026, 10, 1),
            last_day=date(2026, 10, 15),
            payer="Oak Plan",
            rules=replace(plain, payer="Oak Plan", timely_filing_months=1),
        ),
        CoveredDays(
            first_day=date(2026, 10, 16),
            last_day=date(2026, 10, 31),
            payer="Cedar",
            rules=replace(plain, payer="Cedar", timely_filing_months=12),
        ),
    )
    told = said(practice, date(2026, 11, 18), by_coverage=stretches)
    assert "Oak Plan was Nov 13, 2026: it may be denied" in told


def test_a_submitted_line_is_not_named(practice: ReportedPractice) -> None:
    """Whatever the day."""
    patient = practice.billable("123")
    practice.do(close_month, practice.sam, OCTOBER)
    practice.do(submit, practice.sam, OCTOBER)

    def look(context: Context) -> object:
        judged = judge_month(context, patient, OCTOBER)
        return Filing(context, RuleBook(context)).finding(limited(judged, months=1))

    assert practice.see(look) is None
