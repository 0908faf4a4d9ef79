"""A patient's month in the words of a rule's example, and how it is judged.

See `tests.support.rule_examples`, which reads the document.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from billing.evaluate import MonthResult, evaluate_month
from billing.facts import MonthFacts
from billing.payer import Payer, rules_for
from billing.payer_fields import FIELDS, read_day
from billing.rules import PracticeRules, RuleSet
from tests.support.coverage import changing
from tests.support.months import a_month
from tests.support.payers import a_payer


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A case with what came of it."""

    facts: MonthFacts
    rules: RuleSet
    result: MonthResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A patient's month as an example has told it so far."""

    facts: MonthFacts = field(default_factory=a_month)
    practice: PracticeRules = field(default_factory=PracticeRules)
    payer: Payer | None = None
    payer_fields: Mapping[str, str] = field(default_factory=lambda: {"verified_on": "2026-01-02"})
    #: Payers in force from later days of the month.
    later_payers: tuple[tuple[date, Payer], ...] = ()

    def judged(self) -> Judged:
        """The month, judged."""
        payer = self.payer
        if payer is None and self.payer_fields:
            payer = example_payer(self.payer_fields)
        month = self.facts.month
        rules = rules_for(month, self.practice, payer)
        if self.later_payers:
            assert payer is not None
            rules = changing(month, ((month.first_day, payer), *self.later_payers), self.practice)
        return Judged(facts=self.facts, rules=rules, result=evaluate_month(self.facts, rules))

    def day(self, text: str) -> date:
        """A day, of the month's year where none is given: `11/3`, `11/3/2026`."""
        month, day, *year = map(int, text.split("/"))
        return date(*year or (self.facts.month.year,), month, day)  # type: ignore[misc]

    def with_facts(self, **changes: Any) -> "Case":
        """The case with other facts."""
        return replace(self, facts=replace(self.facts, **changes))

    def with_episode(self, **changes: Any) -> "Case":
        """The case with another latest episode."""
        *others, last = self.facts.episodes
        return self.with_facts(episodes=(*others, replace(last, **changes)))


def example_payer(fields: Mapping[str, str], name: str = "Lakeside Health") -> Payer:
    """The payer of an example, as a practice would import it."""
    terms = {
        FIELDS[name].attribute: FIELDS[name].read(text) for name, text in fields.items() if name in FIELDS
    }
    verified_on = fields.get("verified_on")
    return a_payer(name, verified_on=read_day(verified_on) if verified_on else None, **terms)
