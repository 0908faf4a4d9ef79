"""A month judged and what was found about it, for tests of findings."""

from datetime import date
from typing import Any

from billing.activities import Activity, ActivitySource
from billing.clinical import Statement, StatementKind
from billing.episodes import Episode
from billing.evaluate import MonthResult, evaluate_month
from billing.facts import MonthFacts
from billing.findings.finding import Finding
from billing.payer import Payer, rules_for
from billing.rules import PracticeRules
from tests.support.months import ANA, TEST_PAYER, an_episode

#: Psychotherapy, by the person's own word.
THERAPY = {"activity": Activity.PSYCHOTHERAPY, "activity_source": ActivitySource.STATED}


def result(facts: MonthFacts, payer: Payer | None = TEST_PAYER, **practice: Any) -> MonthResult:
    """A month as the rules judge it."""
    return evaluate_month(facts, rules_for(facts.month, PracticeRules(**practice), payer))


def codes(facts: MonthFacts, payer: Payer | None = TEST_PAYER, **practice: Any) -> list[str]:
    """The codes of what is found about a month, in their order."""
    return [each.code for each in result(facts, payer, **practice).findings]


def only(facts: MonthFacts, payer: Payer | None = TEST_PAYER, **practice: Any) -> Finding:
    """The one finding about a month."""
    found = result(facts, payer, **practice).findings
    assert len(found) == 1, [each.code for each in found]
    return found[0]


def enrolled(**changes: Any) -> tuple[Episode, ...]:
    """One episode, with what is different about it."""
    return (an_episode(**changes),)


def statement(kind: StatementKind, day: date, until: date | None = None) -> Statement:
    """A statement by Ana."""
    return Statement(statement_id=1, patient_id=1, kind=kind, made_on=day, made_by=ANA, valid_until=until)
