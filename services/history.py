"""Earlier months that decide a later one's code: where the rules look back, 99492 was or was not earned before."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from billing.entries import TimeEntry
from billing.episodes import Episode
from billing.facts import MonthFacts
from billing.history import evaluate_months
from billing.months import BillingMonth
from billing.rules import INITIAL_MONTH, InitialPolicy, RuleSet
from services.rule_book import RuleBook


def looks_back_to(month: BillingMonth, episodes: Sequence[Episode], rules: RuleSet) -> BillingMonth:
    """The first month whose time matters to this one: itself, unless the rules look back."""
    if not rules.looks_back:
        return month
    opened = (
        BillingMonth.of(episode.initial_assessment_on)
        for episode in episodes
        if episode.initial_assessment_on is not None
    )
    if rules.practice.initial_policy is InitialPolicy.FIRST_MONTH_REACHED:
        return min((month, *opened))
    return min((month, *(one for one in opened if one.year == month.year)))


def with_initial_months(facts: MonthFacts, entries: Iterable[TimeEntry], book: RuleBook) -> MonthFacts:
    """The facts, knowing in which earlier months 99492 was earned.

    Args:
        facts: The patient's month.
        entries: The patient's entries of earlier months, from where the rules look back to.
        book: Finds each month's rules.
    """
    by_month: dict[BillingMonth, list[TimeEntry]] = defaultdict(list)
    for entry in entries:
        by_month[BillingMonth.of(entry.service_date)].append(entry)
    earlier = [
        (replace(facts, month=month, entries=tuple(own)), book.rules(month, facts.episodes))
        for month, own in by_month.items()
        if month < facts.month
    ]
    if not earlier:
        return facts
    results = evaluate_months(earlier)
    earned = tuple(
        result.month for result in results if any(charge.code == INITIAL_MONTH for charge in result.earned)
    )
    return replace(facts, initial_months=earned)
