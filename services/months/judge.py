"""Judges patients' months: their facts, the rules in force, and the result."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from billing.episodes import Episode
from billing.evaluate import MonthResult, evaluate_month
from billing.facts import MonthFacts
from billing.months import BillingMonth
from billing.people import Patient
from billing.rules import RuleSet
from services.context import Context
from services.months.gather import Everybody, GatheredMonth, gather
from services.months.rule_book import RuleBook


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedMonth:
    """A patient's month with what it was judged by."""

    patient: Patient = field(repr=False)
    facts: MonthFacts
    rules: RuleSet
    result: MonthResult

    @property
    def judging(self) -> RuleSet:
        """The rules that judged the line; they differ from `rules` only where these change within the month."""
        return self.result.rules_of(self.rules)

    @property
    def episode(self) -> Episode | None:
        """The episode that governs the month; None when the patient is not enrolled."""
        governing = self.result.episode_id
        return next((one for one in self.facts.episodes if one.episode_id == governing), None)

    @classmethod
    def of(cls, gathered: GatheredMonth) -> "JudgedMonth":
        """Judge what was gathered."""
        return cls(
            patient=gathered.patient,
            facts=gathered.facts,
            rules=gathered.rules,
            result=evaluate_month(gathered.facts, gathered.rules),
        )


def judge(
    context: Context,
    patients: Collection[Patient] | Everybody,
    months: Collection[BillingMonth],
    book: RuleBook | None = None,
    *,
    words: bool = False,
) -> Iterator[JudgedMonth]:
    """Some patients' months, judged by everything stored so far; see `services.months.gather.gather`."""
    return map(JudgedMonth.of, gather(context, patients, months, book, words=words))


def judge_month(
    context: Context, patient: Patient, month: BillingMonth, *, words: bool = False
) -> JudgedMonth:
    """One patient's month, judged by everything stored so far."""
    (judged,) = judge(context, (patient,), (month,), words=words)
    return judged
