"""A patient's earlier months, for rules that look back."""

from collections.abc import Iterable
from dataclasses import replace

from billing.counting import tally
from billing.episodes import Program
from billing.evaluate import MonthResult, evaluate_month
from billing.facts import MonthFacts
from billing.month_kinds import MonthKind, month_kind
from billing.months import BillingMonth
from billing.portions import Portion
from billing.rules import CLINIC_MONTH, INITIAL_MONTH, InitialPolicy, RuleSet


def evaluate_months(months: Iterable[tuple[MonthFacts, RuleSet]]) -> tuple[MonthResult, ...]:
    """Evaluate one patient's months, each knowing which earlier ones had counted CoCM time and which took 99492.

    Args:
        months: Facts and rule set of each month, in any order, each month once. What their
            `active_months` and `initial_months` say of months not given is kept.

    Returns:
        The results, oldest month first.
    """
    results: list[MonthResult] = []
    active: set[BillingMonth] = set()
    initial: set[BillingMonth] = set()
    for facts, rules in sorted(months, key=lambda pair: pair[0].month):
        known = replace(
            facts,
            active_months=tuple(sorted(active.union(facts.active_months))),
            initial_months=tuple(sorted(initial.union(facts.initial_months))),
        )
        result = evaluate_month(known, rules)
        results.append(result)
        if has_care(facts, rules):
            active.add(facts.month)
        if takes_initial(result, rules):
            initial.add(facts.month)
    return tuple(results)


def takes_initial(result: MonthResult, rules: RuleSet) -> bool:
    """Whether a month leaves no 99492, nor a first month of G0512, to a later one.

    Where the first month that reaches 99492 has it (R-252), reaching it is enough. Else only the yearly limit looks
    back (R-256), and a payer limits what is billed: a month that stays blocked uses nothing up.
    """
    policy = result.rules_of(rules).practice.initial_policy
    reached = policy is InitialPolicy.FIRST_MONTH_REACHED
    charges = result.earned if reached else result.billable
    first = {INITIAL_MONTH, CLINIC_MONTH} if result.kind is MonthKind.INITIAL else {INITIAL_MONTH}
    return any(charge.code in first for charge in charges)


def has_care(facts: MonthFacts, rules: RuleSet) -> bool:
    """Whether a month has counted CoCM time, which keeps an episode alive (R-253).

    Clerical and held time does not, nor General BHI, nor time after discharge or outside consent. Clock time that
    another patient's entry keeps is counted there, and shows care all the same.
    """
    alone = replace(facts, overlaps=())
    portion = Portion(program=Program.COCM)
    return tally(alone, rules, MonthKind.SUBSEQUENT, portion=portion).counted > 0


def may_reach_initial(facts: MonthFacts, rules: RuleSet) -> bool:
    """Whether a month may take 99492 at all, from what is known of it before its time is counted.

    Nothing but a first month bills it, and time that does not count, or belongs to others, only ever takes away.
    """
    judging = [covered.rules for covered in rules.by_coverage] or [rules]
    read = sum([entry.seconds for entry in facts.entries if entry.seconds > 0])
    if read < min(map(_least, judging)):
        return False
    cocm = [episode for episode in facts.episodes if episode.program is Program.COCM]
    return any(
        month_kind(facts.month, cocm, one, facts.active_months, facts.initial_months, facts.care_before)
        is MonthKind.INITIAL
        for one in judging
    )


def _least(rules: RuleSet) -> int:
    """The fewest seconds of a first month that reach its code."""
    clinic = rules.clinic.initial if rules.clinic is not None else None
    return min(one.minimum_seconds for one in (rules.initial, clinic) if one is not None)
