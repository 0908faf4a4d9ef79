"""Findings about the course of an episode: re-enrollment, limits, lapses, authorization and necessity."""

from dataclasses import replace
from datetime import date

import pytest

from billing.clinical import StatementKind
from billing.episodes import Episode, Program
from billing.findings.finding import Severity
from billing.findings.registry import message_of, row_of
from billing.months import BillingMonth
from billing.rules import Limit99492
from tests.support.findings import codes, enrolled, only, result, statement
from tests.support.months import NOVEMBER, a_first_month, a_month, an_episode
from tests.support.payers import lakeside


def test_reenrolled_within_the_gap_is_said() -> None:
    """A new assessment two months after discharge: the month bills 99493 and says why."""
    old = an_episode(
        episode_id=9,
        enrolled_on=date(2026, 1, 5),
        initial_assessment_on=date(2026, 1, 5),
        discharged_on=date(2026, 9, 5),
    )
    facts = a_first_month(60)
    found = only(replace(facts, episodes=(old, *facts.episodes)))
    assert (found.code, found.severity, row_of(found).rule) == (
        "reenrolled_within_gap",
        Severity.NOTE,
        "R-253",
    )
    assert "6 months" in message_of(found)


def test_the_yearly_limit_is_said() -> None:
    """99492 earned in February, payer pays it once a year: November bills 99493 and says why."""
    yearly = lakeside(limit_99492=Limit99492.PER_CALENDAR_YEAR)
    facts = a_first_month(60, initial_months=(BillingMonth(2026, 2),))
    found = only(facts, yearly)
    assert (found.code, found.severity, row_of(found).rule) == ("yearly_limit", Severity.NOTE, "R-256")
    assert [charge.code for charge in result(facts, yearly).billable] == ["99493"]


def long_episode(first_month: str) -> tuple[Episode, ...]:
    start = BillingMonth.parse(first_month).first_day
    return enrolled(enrolled_on=start, initial_assessment_on=start, initiating_visit_needed=False)


def test_a_lapsed_episode_is_named() -> None:
    """No CoCM time from May to October: the episode has ended, and November says so."""
    facts = a_month(60, episodes=long_episode("2026-01"))
    april, may = BillingMonth(2026, 4), BillingMonth(2026, 5)
    found = only(replace(facts, active_months=(april, NOVEMBER)))
    assert (found.code, found.severity, row_of(found).rule) == ("episode_lapsed", Severity.WARNING, "R-325")
    assert "6 months" in message_of(found)
    assert codes(replace(facts, active_months=(april, may, NOVEMBER))) == []
    assert codes(replace(facts, active_months=(NOVEMBER,))) == []
    assert codes(replace(facts, active_months=(april,), reviews=()), review_required=False) == [
        "episode_lapsed"
    ]


def test_care_before_the_episode_does_not_lapse_it() -> None:
    """Time from before the episode began says nothing about a lapse."""
    facts = a_month(60, active_months=(BillingMonth(2026, 1),))
    assert codes(facts) == []
    begun = a_month(60, episodes=long_episode("2026-04"), active_months=(BillingMonth(2026, 4),))
    assert codes(begun) == ["episode_lapsed"]


@pytest.mark.parametrize(("begun", "expected"), [("2026-05", ["prior_authorization"]), ("2026-06", [])])
def test_prior_authorization_after_six_months(begun: str, expected: list[str]) -> None:
    """The seventh month needs the payer's authorization, the sixth does not."""
    payer = lakeside(prior_auth_after_months=6)
    facts = a_month(60, episodes=long_episode(begun))
    assert codes(facts, payer) == expected
    assert codes(facts) == []
    for each in result(facts, payer).findings:
        assert (each.severity, row_of(each).rule) == (Severity.BLOCKER, "R-323")
        assert "6 months" in message_of(each)
    granted = statement(StatementKind.PRIOR_AUTHORIZATION, date(2026, 11, 1))
    assert codes(replace(facts, statements=(granted,)), payer) == []


@pytest.mark.parametrize(
    ("begun", "free", "further", "expected"),
    [
        ("2026-05", 6, 6, ["prior_authorization"]),
        ("2025-12", 6, 6, ["prior_authorization"]),
        ("2025-11", 6, 6, ["beyond_authorized", "necessity"]),
        ("2026-09", None, 3, []),
        ("2026-08", None, 3, ["beyond_authorized"]),
        ("2026-10", 1, 0, ["beyond_authorized"]),
        ("2026-10", 2, 0, []),
    ],
)
def test_months_beyond_the_last_are_blocked(
    begun: str, free: int | None, further: int, expected: list[str]
) -> None:
    """What lies beyond all months that the payer pays for is blocked, whether it was authorized or not."""
    payer = lakeside(prior_auth_after_months=free, authorized_months=further)
    facts = a_month(60, episodes=long_episode(begun))
    assert codes(facts, payer) == expected
    granted = statement(StatementKind.PRIOR_AUTHORIZATION, date(2026, 11, 1))
    told = list(result(replace(facts, statements=(granted,)), payer).findings)
    assert [each.code for each in told] == [code for code in expected if code != "prior_authorization"]
    for each in told[:1]:
        assert (each.severity, row_of(each).rule) == (Severity.BLOCKER, "R-329")
        assert f"{(free or 0) + further} months" in message_of(each)


def test_general_bhi_has_no_last_month() -> None:
    """The payer's months of Collaborative Care say nothing of General BHI."""
    facts = a_month(20, episodes=enrolled(program=Program.BHI, enrolled_on=date(2024, 1, 1)))
    assert "beyond_authorized" not in codes(facts, lakeside(authorized_months=1))


@pytest.mark.parametrize(("begun", "expected"), [("2025-11", ["necessity"]), ("2025-12", [])])
def test_necessity_after_a_year(begun: str, expected: list[str]) -> None:
    """The thirteenth month asks why care is still needed, the twelfth does not."""
    facts = a_month(60, episodes=long_episode(begun))
    assert codes(facts) == expected
    for each in result(facts).findings:
        assert (each.severity, row_of(each).rule) == (Severity.WARNING, "R-324")
        assert "Month 13" in message_of(each)


@pytest.mark.parametrize(
    ("day", "kind", "expected"),
    [
        (date(2025, 11, 1), StatementKind.NECESSITY, []),
        (date(2025, 10, 31), StatementKind.NECESSITY, ["necessity"]),
        (date(2026, 11, 30), StatementKind.NECESSITY, []),
        (date(2026, 12, 1), StatementKind.NECESSITY, ["necessity"]),
        (date(2026, 11, 1), StatementKind.NON_DUPLICATION, ["necessity"]),
    ],
)
def test_a_statement_of_necessity_holds_for_a_year(
    day: date, kind: StatementKind, expected: list[str]
) -> None:
    """A statement of necessity from within the last twelve months is enough."""
    facts = a_month(60, episodes=long_episode("2024-01"), statements=(statement(kind, day),))
    assert codes(facts) == expected


def test_months_are_counted_from_the_assessment_or_else_the_start() -> None:
    """An episode enrolled long before its assessment counts its months from the assessment."""
    payer = lakeside(prior_auth_after_months=0)
    waiting = enrolled(enrolled_on=date(2024, 1, 1), initiating_visit_needed=False)
    assert codes(a_month(60, episodes=waiting)) == []
    assert codes(a_month(60, episodes=waiting), payer) == ["prior_authorization"]
    unassessed = enrolled(
        enrolled_on=date(2024, 1, 1), initial_assessment_on=None, initiating_visit_needed=False
    )
    assert codes(a_month(70, episodes=unassessed)) == ["assessment_missing", "necessity"]
