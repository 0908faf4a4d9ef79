"""Findings about enrollment, consent, assessment and review."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from billing.activities import Activity
from billing.episodes import Consent, ConsentKind
from billing.evaluate import LineStatus
from billing.facts import MonthFacts
from billing.findings.finding import Severity
from billing.findings.registry import message_of, row_of
from billing.people import Role
from billing.rules import TimeRule
from tests.support.findings import codes, enrolled, only, result
from tests.support.months import (
    BEN,
    DR_CHO,
    NOVEMBER,
    a_first_month,
    a_month,
    a_review,
    a_score,
    an_entry,
    an_episode,
)
from tests.support.payers import lakeside


def test_clean_months_have_no_findings() -> None:
    """A first and a later month with everything in place are billable without a remark."""
    for facts in (a_first_month(70), a_month(60)):
        assert (codes(facts), result(facts).status) == ([], LineStatus.BILLABLE)


def test_not_enrolled_blocks() -> None:
    """Without an episode a month is blocked, whatever its minutes."""
    found = only(a_month(80, episodes=()))
    assert (found.code, found.severity, row_of(found).rule) == ("not_enrolled", Severity.BLOCKER, "R-301")
    assert result(a_month(80, episodes=())).status is LineStatus.BLOCKED


def test_a_month_after_discharge_is_named() -> None:
    """After discharge nothing counts, and the month says why."""
    facts = a_month(80, episodes=enrolled(discharged_on=date(2026, 10, 31)))
    found = only(facts)
    assert (found.code, found.severity, row_of(found).rule) == ("after_discharge", Severity.BLOCKER, "R-302")
    assert (result(facts).status, result(facts).counted_seconds) == (LineStatus.BELOW, 0)


def test_missing_consent_blocks() -> None:
    """60 minutes without a consent: 99493 as earned, nothing billable."""
    facts = a_month(60, episodes=enrolled(consent=None))
    found = only(facts)
    assert (found.code, found.severity, row_of(found).rule) == ("consent_missing", Severity.BLOCKER, "R-303")
    weighed = result(facts)
    assert (weighed.status, weighed.billable) == (LineStatus.BLOCKED, ())
    assert [charge.code for charge in weighed.earned] == ["99493"]
    assert [each.code for each in weighed.blockers] == ["consent_missing"]


def test_an_earlier_consent_is_a_consent() -> None:
    """A consent on file from earlier in the episode is enough not to be missing."""
    earlier = Consent(given_on=date(2026, 10, 5))
    assert codes(a_month(60, episodes=enrolled(consent=None, earlier_consents=(earlier,)))) == []


@pytest.mark.parametrize(
    ("kind", "disclosed", "words"),
    [
        (None, True, "verbal or written"),
        (ConsentKind.WRITTEN, False, "cost-sharing"),
        (ConsentKind.WRITTEN, None, "cost-sharing"),
        (None, None, "written or that cost-sharing"),
    ],
)
def test_an_incomplete_consent_warns(kind: ConsentKind | None, disclosed: bool | None, words: str) -> None:  # noqa: FBT001 - a parameter of the table
    """A consent says how it was given and that cost-sharing was disclosed, or a warning says what lacks."""
    consent = Consent(given_on=date(2026, 10, 5), kind=kind, cost_sharing_disclosed=disclosed)
    found = only(a_month(60, episodes=enrolled(consent=consent)))
    assert (found.code, found.severity, row_of(found).rule) == (
        "consent_incomplete",
        Severity.WARNING,
        "R-304",
    )
    assert words in message_of(found)


def test_time_outside_consent_is_named() -> None:
    """Entries before the consent or after its revocation are listed."""
    consent = replace(
        an_episode().consent or Consent(given_on=NOVEMBER.first_day),
        given_on=date(2026, 11, 4),
        revoked_on=date(2026, 11, 4),
    )
    found = only(a_month(10, 10, 10, episodes=enrolled(consent=consent)))
    assert (found.code, found.severity, row_of(found).rule) == (
        "time_without_consent",
        Severity.WARNING,
        "R-305",
    )
    assert found.entries == (1, 3)


def test_missing_assessment_blocks() -> None:
    """Enrolled without an initial assessment: blocked."""
    facts = a_month(70, episodes=enrolled(initial_assessment_on=None))
    found = only(facts)
    assert (found.code, found.severity, row_of(found).rule) == (
        "assessment_missing",
        Severity.BLOCKER,
        "R-306",
    )
    assert (result(facts).status, result(facts).earned) == (LineStatus.BLOCKED, ())


def test_a_month_before_the_assessment_bills_nothing() -> None:
    """Assessed in December: November has its minutes and bills nothing."""
    facts = a_month(70, episodes=enrolled(initial_assessment_on=date(2026, 12, 2)))
    found = only(facts)
    assert (found.code, found.severity, row_of(found).rule) == (
        "before_assessment",
        Severity.BLOCKER,
        "R-307",
    )
    assert (result(facts).status, result(facts).earned) == (LineStatus.BLOCKED, ())


@pytest.mark.parametrize("day", [date(2026, 11, 1), date(2026, 12, 1), None])
def test_a_first_month_without_a_scale_is_blocked(day: date | None) -> None:
    """No score between the episode's begin and the month's end: blocked."""
    scores = (a_score(day),) if day else ()
    found = only(a_first_month(70, scores=scores))
    assert (found.code, found.severity, row_of(found).rule) == ("scale_missing", Severity.BLOCKER, "R-308")


@pytest.mark.parametrize("day", [date(2026, 11, 2), date(2026, 11, 30)])
def test_a_score_on_the_first_or_last_day_is_enough(day: date) -> None:
    """A score on the episode's first day or the month's last day will do."""
    assert codes(a_first_month(70, scores=(a_score(day),))) == []


def test_later_months_need_no_new_scale() -> None:
    """Only the first month needs the initial assessment's scale."""
    assert codes(a_month(60, scores=())) == []


@pytest.mark.parametrize("facts", [a_month(60, reviews=()), a_first_month(70, reviews=())])
def test_missing_review_blocks(facts: MonthFacts) -> None:
    """Without the consultant's review in the month the codes are technically invalid."""
    found = only(facts)
    assert (found.code, found.severity, row_of(found).rule) == ("review_missing", Severity.BLOCKER, "R-309")
    assert codes(facts, review_required=False) == []
    assert codes(facts, lakeside(review_required=False)) == []


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 10, 31), ["review_missing"]),
        (date(2026, 11, 1), []),
        (date(2026, 11, 30), []),
        (date(2026, 12, 1), ["review_missing"]),
    ],
)
def test_the_review_lies_in_the_month(day: date, expected: list[str]) -> None:
    """A review counts from the first to the last day of the month."""
    assert codes(a_month(60, reviews=(a_review(day),))) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"role": Role.CARE_MANAGER}, ["review_missing"]),
        ({"activity": Activity.PHONE}, ["review_missing"]),
        (
            {"service_date": date(2026, 10, 31), "recorded_on": date(2026, 10, 31)},
            ["review_missing", "corrupt_entries"],
        ),
    ],
)
def test_the_consultants_own_case_review_is_a_review(changes: dict[str, Any], expected: list[str]) -> None:
    """The consultant's time entry for a case review in the month documents the review."""
    values = {"role": Role.CONSULTANT, "activity": Activity.CASE_REVIEW, "performed_by": DR_CHO, **changes}
    facts = a_month(reviews=(), entries=(an_entry(1, 60), an_entry(2, 20, **values)))
    assert codes(facts) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"role": Role.TREATING_PROVIDER}, []),
        ({"participants": ()}, ["review_missing"]),
        ({"participants": (BEN,)}, ["review_missing"]),
        ({"activity": Activity.PHONE}, ["review_missing"]),
        (
            {"service_date": date(2026, 10, 31), "recorded_on": date(2026, 10, 31)},
            ["review_missing", "corrupt_entries"],
        ),
    ],
)
def test_a_colleagues_case_review_with_the_consultant_is_a_review(
    changes: dict[str, Any], expected: list[str]
) -> None:
    """Ana's entry for a case review that names the consultant is the month's review; with anybody else it is none."""
    values = {"activity": Activity.CASE_REVIEW, "participants": (BEN, DR_CHO), **changes}
    made = (an_entry(1, 60), an_entry(2, 20, **values))
    assert codes(a_month(reviews=(), entries=made, consultants=frozenset({DR_CHO}))) == expected


def test_who_is_a_consultant_decides() -> None:
    """Of the same entry it is none where the person named is no consultant."""
    made = (an_entry(1, 60), an_entry(2, 20, activity=Activity.CASE_REVIEW, participants=(DR_CHO,)))
    assert codes(a_month(reviews=(), entries=made)) == ["review_missing"]


@pytest.mark.parametrize(
    ("needed", "visit", "first_month", "expected"),
    [
        (None, None, True, ["initiating_visit_unknown"]),
        (None, None, False, []),
        (False, None, True, []),
        (True, None, True, ["initiating_visit_missing"]),
        (True, None, False, ["initiating_visit_missing"]),
        (True, date(2026, 11, 30), True, []),
        (True, date(2026, 12, 1), True, ["initiating_visit_missing"]),
        (True, date(2025, 11, 1), True, []),
        (True, date(2025, 10, 31), True, ["initiating_visit_missing"]),
        (None, date(2025, 10, 31), True, ["initiating_visit_unknown"]),
    ],
)
def test_an_initiating_visit(
    needed: bool | None,  # noqa: FBT001 - a parameter of the table
    visit: date | None,
    first_month: bool,  # noqa: FBT001 - a parameter of the table
    expected: list[str],
) -> None:
    """Unknown warns in the first month; recorded as needed and missing, or over a year old, blocks."""
    facts = a_first_month(70) if first_month else a_month(60)
    episode = replace(facts.episodes[0], initiating_visit_needed=needed, initiating_visit_on=visit)
    facts = replace(facts, episodes=(episode,))
    assert codes(facts) == expected
    severity = {"initiating_visit_unknown": Severity.WARNING, "initiating_visit_missing": Severity.BLOCKER}
    for each in result(facts).findings:
        assert (each.severity, row_of(each).rule) == (severity[each.code], "R-312")


def test_midpoint_and_strict_differ_only_in_time() -> None:
    """31 minutes bill 99493 where the payer goes by midpoints."""
    midpoint = lakeside(time_rule=TimeRule.MIDPOINT)
    assert result(a_month(31), midpoint).status is LineStatus.BILLABLE
    assert result(a_month(31)).status is LineStatus.BELOW
