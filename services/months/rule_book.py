"""Finds the rules that judge a patient's month, by the payers in force in it."""

from collections.abc import Sequence
from datetime import date
from functools import cached_property, lru_cache

from billing.claim_days import payers_within
from billing.claim_facts import ClaimFact
from billing.episodes import Episode
from billing.months import BillingMonth
from billing.payer import Payer, PayerTerms, rules_for, stretches
from billing.payer_names import KnownPayers
from billing.rules import CoveredDays, RuleSet
from services.context import Context
from services.months.built_in import built_in_payers, payers_without_rules
from services.months.coverage import PayersWithin, rules_by_coverage


class RuleBook:
    """The payers of one practice, each read once, and the rule sets that follow from them."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._rules: dict[tuple[BillingMonth, str], RuleSet] = {}
        #: Of months in which the payer changes, by the payers and the days from which each is in force.
        self._split: dict[PayersWithin, RuleSet] = {}
        self._terms: dict[tuple[str, date], PayerTerms | None] = {}

    @cached_property
    def payers(self) -> KnownPayers:
        """All payers: as the practice has them, and behind that, field by field, as public texts have them."""
        return payers_of(self.context.uow.payers.all())

    def payer(self, name: str) -> Payer | None:
        """The payer that goes by a name, in any case; None where none with rules on file does."""
        return self.payers.named(name) if name else None

    def name_of(self, name: str) -> str:
        """The usual name of a payer, for totals: `Medicare` for `MCR B`."""
        return self.payers.names.name_of(name)

    def terms(self, name: str, day: date) -> PayerTerms | None:
        """What of a payer's rules is in force on a local date."""
        key = name, day
        if key not in self._terms:
            payer = self.payer(name)
            self._terms[key] = None if payer is None else payer.on(day)
        return self._terms[key]

    def rules(
        self, month: BillingMonth, begun: Sequence[Episode], facts: Sequence[ClaimFact] = ()
    ) -> RuleSet:
        """The rule set of a patient's month.

        Args:
            month: The month.
            begun: The patient's episodes begun by its end.
            facts: What of the patient's claims changed, and from which day.
        """
        if len(begun) == 1 and not facts:
            return self._rules_of(month, begun[0].payer)
        within = payers_within(month, begun, facts) or ((month.first_day, ""),)
        if len(within) == 1:
            return self._rules_of(month, within[0][1])
        if within not in self._split:
            self._split[within] = rules_by_coverage(month, within, self.name_of, self._days_of)
        return self._split[within]

    def everyone(self) -> tuple[Payer, ...]:
        """Every payer whose rules can judge a month, by name."""
        return tuple(sorted(self.payers.by_name.values(), key=lambda payer: payer.name.casefold()))

    def _rules_of(self, month: BillingMonth, payer: str) -> RuleSet:
        key = month, payer
        if key not in self._rules:
            self._rules[key] = rules_for(month, self.context.rules_of(month), self.payer(payer))
        return self._rules[key]

    def _days_of(self, first_day: date, last_day: date, payer: str) -> tuple[CoveredDays, ...]:
        practice = self.context.rules_of(BillingMonth.of(last_day))
        return stretches(first_day, last_day, practice, self.payer(payer))


#: A practice's own payers, read as often as there are use cases, are nearly always the same.
@lru_cache(maxsize=64)
def payers_of(own: tuple[Payer, ...]) -> KnownPayers:
    """A practice's payers with those that come with the program behind them."""
    return KnownPayers.of(own, built_in_payers(), payers_without_rules())
