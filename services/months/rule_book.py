"""Finds the rules that judge a patient's month, by the payer of the episode that governs it."""

from collections.abc import Iterable

from billing.episodes import Episode
from billing.known_payers import KNOWN_PAYERS
from billing.months import BillingMonth
from billing.payer import Payer, payer_named, rules_for
from billing.rules import RuleSet
from services.context import Context

_VERIFIED = tuple(payer for payer in KNOWN_PAYERS if payer.verified_on is not None)


class RuleBook:
    """The payers of one practice, each read once, and the rule sets that follow from them."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._payers: dict[str, Payer | None] = {"": None}
        self._rules: dict[tuple[BillingMonth, str], RuleSet] = {}

    def payer(self, name: str) -> Payer | None:
        """The rules of a payer: as the practice has them, else as a public text of the payer itself has them.

        What is known only at second hand never judges a month by itself: it may be laxer than the truth, so a
        practice takes it over by importing it.
        """
        if name not in self._payers:
            self._payers[name] = self.context.uow.payers.by_name(name) or payer_named(name, _VERIFIED)
        return self._payers[name]

    def rules(self, month: BillingMonth, episodes: Iterable[Episode]) -> RuleSet:
        """The rule set of a patient's month."""
        name = payer_name(month, episodes)
        key = month, name
        if key not in self._rules:
            self._rules[key] = rules_for(month, self.context.settings.rules, self.payer(name))
        return self._rules[key]


def payer_name(month: BillingMonth, episodes: Iterable[Episode]) -> str:
    """The payer of the latest episode begun by the month's end; empty when there is none."""
    last = month.last_day
    begun = [episode for episode in episodes if episode.starts_on <= last]
    if len(begun) == 1:
        return begun[0].payer
    latest = max(begun, key=lambda episode: (episode.starts_on, episode.episode_id), default=None)
    return latest.payer if latest is not None else ""
