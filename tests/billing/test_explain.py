"""`why`: a month explained entry by entry."""

from datetime import UTC, date, datetime

import pytest

from billing.activities import Activity
from billing.charges import Charge
from billing.counting import Excluded, Exclusion
from billing.evaluate import LineStatus, evaluate_month
from billing.explain import Explanation, explain
from billing.facts import MonthFacts
from billing.month_kinds import MonthKind
from billing.payer import rules_for
from billing.people import Role
from billing.rules import PracticeRules
from tests.support.months import ANA, DR_CHO, NOVEMBER, TEST_PAYER, a_month, an_entry
from tests.support.payers import lakeside

RULES = rules_for(NOVEMBER, PracticeRules(), TEST_PAYER)


def why(facts: MonthFacts) -> Explanation:
    return explain(facts, evaluate_month(facts, RULES), RULES)


def test_each_entry_shows_the_running_total_and_what_it_reached() -> None:
    """In the order of time, with the code that came with each entry."""
    facts = a_month(
        entries=(
            an_entry(3, 35, date(2026, 11, 9)),
            an_entry(1, 50, date(2026, 11, 3)),
            an_entry(2, 10, date(2026, 11, 4), activity=Activity.ADMIN),
            an_entry(4, 10, date(2026, 11, 9), started_at=datetime(2026, 11, 9, 14, tzinfo=UTC)),
            an_entry(5, 30, date(2026, 11, 10)),
        )
    )
    found = why(facts)
    assert [(each.entry_id, each.running_seconds // 60) for each in found.entries] == [
        (1, 50),
        (2, 50),
        (4, 60),
        (3, 95),
        (5, 125),
    ]
    assert [each.reached for each in found.entries] == [
        (),
        (),
        (Charge("99493"),),
        (Charge("99494", 1),),
        (Charge("99494", 2),),
    ]
    admin = found.entries[1]
    assert (admin.seconds, admin.counted_seconds) == (600, 0)
    assert admin.excluded == (Excluded(Exclusion.ADMIN, 600),)
    assert (admin.activity, admin.performed_by, admin.service_date) == (
        Activity.ADMIN,
        ANA,
        date(2026, 11, 4),
    )
    assert found.entries[2].started_at == datetime(2026, 11, 9, 14, tzinfo=UTC)
    assert (found.read_seconds, found.counted_seconds) == (8100, 7500)
    assert (found.kind, found.rule_set) == (MonthKind.SUBSEQUENT, RULES.name)
    assert found.earned == found.billable == (Charge("99493"), Charge("99494", 2))
    assert (found.status, found.threshold.counted_seconds) == (LineStatus.BILLABLE, 7500)


def test_what_is_missing_stands_apart_from_remarks() -> None:
    """Blockers are missing, the rest are remarks; findings of an entry stand beside it."""
    found = why(a_month(entries=(an_entry(1, 150, date(2026, 11, 3)), an_entry(2, 5)), reviews=()))
    assert [each.code for each in found.missing] == ["review_missing"]
    assert [each.code for each in found.remarks] == ["long_entries"]
    assert [each.findings for each in found.entries] == [("long_entries",), ()]
    assert found.billable == ()


def test_a_month_that_bills_nothing_reaches_nothing() -> None:
    """Without an episode entries add up and reach no code."""
    found = why(a_month(80, episodes=()))
    assert [each.reached for each in found.entries] == [()]
    assert found.entries[0].running_seconds == 4800


def test_units_above_the_cap_are_not_reached() -> None:
    """With a cap of one unit the second 30 minutes reach nothing more."""
    capped = rules_for(NOVEMBER, PracticeRules(), lakeside(max_99494=1))
    facts = a_month(60, 30, 30)
    told = explain(facts, evaluate_month(facts, capped), capped)
    assert [len(each.reached) for each in told.entries] == [1, 1, 0]


def test_what_waits_for_somebodys_word_is_told_as_held() -> None:
    """The unit that rests on the consultant's time is held until that time is attested."""
    cho = an_entry(2, 45, role=Role.CONSULTANT, performed_by=DR_CHO)
    assert why(a_month(entries=(an_entry(1, 60), cho))).held == (Charge("99494"),)


def test_a_month_is_not_explained_by_the_result_of_another() -> None:
    """Each entry has its verdict, or there is a fault."""
    with pytest.raises(ValueError, match="shorter than"):
        explain(a_month(30, 30), evaluate_month(a_month(60), RULES), RULES)
