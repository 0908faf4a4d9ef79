"""Finds the rules that judge a patient's month, by the payers in force in it."""

from collections.abc import Sequence
from datetime import date
from functools import partial

from billing.claim_days import payers_within
from billing.claim_facts import ClaimFact
from billing.episodes import Episode
from billing.known_payers import KNOWN_PAYERS
from billing.months import BillingMonth
from billing.payer import Payer, payer_named, rules_for
from billing.rules import RuleSet
from services.context import Context
from services.months.coverage import rules_by_coverage

_VERIFIED = tuple(payer for payer in KNOWN_PAYERS if payer.verified_on is not None)


class RuleBook:
    """The payers of one practice, each read once, and the rule sets that follow from them."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._payers: dict[str, Payer | None] = {"": None}
        self._rules: dict[tuple[BillingMonth, str], RuleSet] = {}
        #: Of months in which the payer changes, by the payers and the days from which each is in force.
        self._split: dict[tuple[tuple[date, str], ...], RuleSet] = {}

    def payer(self, name: str) -> Payer | None:
        """The rules of a payer: as the practice has them, else as a public text of the payer itself has them.

        What is known only at second hand never judges a month by itself: it may be laxer than the truth, so a
        practice takes it over by importing it.
        """
        if name not in self._payers:
            self._payers[name] = self.context.uow.payers.by_name(name) or payer_named(name, _VERIFIED)
        return self._payers[name]

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
        stretches = payers_within(month, begun, facts) or ((month.first_day, ""),)
        if len(stretches) == 1:
            return self._rules_of(month, stretches[0][1])
        if stretches not in self._split:
            self._split[stretches] = rules_by_coverage(month, stretches, partial(self._rules_of, month))
        return self._split[stretches]

    def _rules_of(self, month: BillingMonth, payer: str) -> RuleSet:
        key = month, payer
        if key not in self._rules:
            self._rules[key] = rules_for(month, self.context.rules_of(month), self.payer(payer))
        return self._rules[key]
