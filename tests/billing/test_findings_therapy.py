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


def test_general_bhi_allows_psychotherapy_beside_it() -> None:
    """The rule about psychotherapy is CoCM's."""
    bhi = enrolled(program=Program.BHI)
    facts = a_month(entries=(an_entry(1, 20), an_entry(2, 50, **THERAPY)), episodes=bhi)
    assert codes(facts) == []
