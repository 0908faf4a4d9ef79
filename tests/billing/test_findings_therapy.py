"""Findings about therapy beside the month: by somebody outside, and by the month's own care manager."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from billing.activities import Activity, ActivitySource
from billing.clinical import StatementKind
from billing.episodes import Program
from billing.findings.finding import Severity
from billing.findings.registry import row_of
from billing.people import Role
from billing.rules import Psychotherapy
from tests.support.findings import THERAPY, codes, enrolled, only, result, statement
from tests.support.months import BEN, a_month, an_entry
from tests.support.payers import lakeside


def test_an_outside_therapist_asks_for_a_statement() -> None:
    """With an outside therapist a statement of non-duplication is asked for, until it is there."""
    facts = a_month(60, episodes=enrolled(outside_therapist=True))
    found = only(facts)
    assert (found.code, found.severity, row_of(found).rule) == (
        "outside_therapist",
        Severity.WARNING,
        "R-316",
    )
    stated = statement(StatementKind.NON_DUPLICATION, date(2026, 11, 30))
    assert codes(replace(facts, statements=(stated,))) == []
    for other in (
        statement(StatementKind.NON_DUPLICATION, date(2026, 12, 1)),
        statement(StatementKind.NON_DUPLICATION, date(2026, 1, 1), date(2026, 10, 31)),
        statement(StatementKind.NECESSITY, date(2026, 11, 1)),
    ):
        assert codes(replace(facts, statements=(other,))) == ["outside_therapist"]
    until = statement(StatementKind.NON_DUPLICATION, date(2026, 1, 1), date(2026, 11, 1))
    assert codes(replace(facts, statements=(until,))) == []


def test_psychotherapy_by_the_same_care_manager_blocks() -> None:
    """The care manager of the month's minutes also gave psychotherapy: blocked, unless the payer allows it."""
    facts = a_month(entries=(an_entry(1, 60), an_entry(2, 50, **THERAPY)))
    found = only(facts)
    assert (found.code, found.severity, row_of(found).rule) == (
        "psychotherapy_same_manager",
        Severity.BLOCKER,
        "R-315",
    )
    assert found.entries == (2,)
    allowed = lakeside(psychotherapy=Psychotherapy.ALLOWED)
    assert (codes(facts, allowed), result(facts, allowed).counted_seconds) == ([], 3600)


@pytest.mark.parametrize(
    "changes",
    [
        {"performed_by": BEN},
        {"activity": Activity.CRISIS},
    ],
)
def test_other_peoples_therapy_does_not_block(changes: dict[str, Any]) -> None:
    """Another person's psychotherapy, and crisis care, do not block the month."""
    facts = a_month(entries=(an_entry(1, 60), an_entry(2, 50, **{**THERAPY, **changes})))
    assert codes(facts) == []


def test_therapy_by_somebody_who_counts_in_another_role_does_not_block() -> None:
    """Only care managers whose minutes count in the month are meant."""
    treating = an_entry(1, 10, role=Role.TREATING_PROVIDER, performed_by=BEN)
    facts = a_month(entries=(treating, an_entry(2, 50, performed_by=BEN, **THERAPY), an_entry(3, 60)))
    assert codes(facts) == []


def test_inferred_therapy_is_held_not_blocking() -> None:
    """Psychotherapy only inferred from words waits for an answer, and blocks nothing yet."""
    inferred = an_entry(2, 50, activity=Activity.PSYCHOTHERAPY, activity_source=ActivitySource.INFERRED)
    found = only(a_month(entries=(an_entry(1, 60), inferred)))
    assert (found.code, found.severity, row_of(found).rule) == ("held_activity", Severity.WARNING, "R-205")
    assert found.entries == (2,)


def test_held_time_says_how_much_and_what_it_reads_like() -> None:
    """One kind by its name; several each with their minutes."""
    held = [
        an_entry(number, minutes, activity=activity, activity_source=ActivitySource.INFERRED)
        for number, minutes, activity in (
            (2, 50, Activity.PSYCHOTHERAPY),
            (3, 20, Activity.CRISIS),
            (4, 10, Activity.ADMIN),
            (5, 5, Activity.BILLED_SEPARATELY),
            (6, 10, Activity.ADMIN),
        )
    ]
    one = only(a_month(entries=(an_entry(1, 60), held[0])))
    assert dict(one.parameters) == {"time": "50 min", "kinds": "psychotherapy"}
    two = only(a_month(entries=(an_entry(1, 60), *held[:2])))
    assert dict(two.parameters) == {
        "time": "1 h 10 min",
        "kinds": "psychotherapy (50 min) and crisis care (20 min)",
    }
    every = only(a_month(entries=(an_entry(1, 60), *held)))
    assert every.entries == (2, 3, 4, 5, 6)
    assert dict(every.parameters) == {
        "time": "1 h 35 min",
        "kinds": "psychotherapy (50 min), crisis care (20 min), a service billed separately (5 min) and "
        "clerical work (20 min)",
    }


def test_an_entry_like_another_is_told_with_its_minutes() -> None:
    """R-216: the second of two alike is held, and named."""
    twins = [an_entry(number, 20, activity_source=ActivitySource.REPEATED) for number in (2, 3)]
    found = only(a_month(entries=(an_entry(1, 60), *twins)))
    assert (found.code, found.severity, row_of(found).rule) == ("entered_twice", Severity.WARNING, "R-216")
    assert (found.entries, dict(found.parameters)) == ((2, 3), {"time": "40 min"})


def test_general_bhi_allows_psychotherapy_beside_it() -> None:
    """The rule about psychotherapy is CoCM's."""
    bhi = enrolled(program=Program.BHI)
    facts = a_month(entries=(an_entry(1, 20), an_entry(2, 50, **THERAPY)), episodes=bhi)
    assert codes(facts) == []
