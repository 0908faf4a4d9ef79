"""Earlier months that decide a later one's code: where the rules look back, 99492 was or was not taken before."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from billing.closing import MonthStatus
from billing.entries import TimeEntry
from billing.episodes import Episode
from billing.evaluate import MonthResult
from billing.facts import MonthFacts
from billing.history import evaluate_months, takes_initial
from billing.months import BillingMonth
from billing.rules import InitialPolicy, RuleSet
from services.months.rule_book import RuleBook
from services.months.state import month_state

_Fact = TypeVar("_Fact")


def looks_back_to(month: BillingMonth, episodes: Sequence[Episode], rules: RuleSet) -> BillingMonth:
    """The first month whose time matters to this one: itself, unless the rules look back."""
    if not rules.looks_back:
        return month
    opened = (
        BillingMonth.of(episode.initial_assessment_on)
        for episode in episodes
        if episode.initial_assessment_on is not None
    )
    if _asks_what_is_reached(rules):
        return min((month, *opened))
    known = tuple(opened)
    # The yearly limit is asked about in a first month alone.
    return min(one for one in (month, *known) if one.year == month.year) if month in known else month


def with_initial_months(facts: MonthFacts, entries: Iterable[TimeEntry], book: RuleBook) -> MonthFacts:
    """The facts, knowing which earlier months took 99492.

    Args:
        facts: The patient's month.
        entries: The patient's entries of earlier months, from where the rules look back to.
        book: Finds each month's rules.
    """
    by_month: dict[BillingMonth, list[TimeEntry]] = defaultdict(list)
    for entry in entries:
        by_month[BillingMonth.of(entry.service_date)].append(entry)
    earlier = [
        (_own(replace(facts, month=month, entries=tuple(own)), book), book.rules(month, facts.episodes))
        for month, own in by_month.items()
        if month < facts.month
    ]
    if not earlier:
        return facts
    judged_by = {known.month: rules for known, rules in earlier}
    taken = tuple(
        result.month
        for result in evaluate_months(earlier)
        if takes_initial(_as_closed(result, book), judged_by[result.month])
    )
    return replace(facts, initial_months=taken)


def _own(facts: MonthFacts, book: RuleBook) -> MonthFacts:
    """An earlier month with what decides whether it may be billed, where that matters."""
    if _asks_what_is_reached(book.rules(facts.month, facts.episodes)):
        return facts
    uow, ids, first, last = book.context.uow, (facts.patient_id,), facts.month.first_day, facts.month.last_day

    def of(found: Mapping[int, tuple[_Fact, ...]]) -> tuple[_Fact, ...]:
        return found.get(facts.patient_id, ())

    return replace(
        facts,
        reviews=of(uow.reviews.of_patients(ids, first, last)),
        scores=of(uow.scores.of_patients(ids, date.min, last)),
        statements=of(uow.statements.of_patients(ids, date.min, last)),
        admissions=of(uow.admissions.of_patients(ids, first, last)),
        attestations=of(uow.attestations.of_patients(ids, facts.month)),
        other_services=of(uow.other_services.of_patients(ids, first, last)),
    )


def _asks_what_is_reached(rules: RuleSet) -> bool:
    return rules.practice.initial_policy is InitialPolicy.FIRST_MONTH_REACHED


def _as_closed(result: MonthResult, book: RuleBook) -> MonthResult:
    """A closed month's result as it was frozen, for that is what was billed."""
    if not result.earned:
        return result
    state = month_state(book.context, result.month)
    if state.status is not MonthStatus.CLOSED:
        return result
    line = book.context.uow.closes.line(result.month, state.revision, result.patient_id)
    return result if line is None else line.result
