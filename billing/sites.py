"""Where a line's care was given, as far as payers ask rural and federally qualified health centers for other codes."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby

from billing.claim_days import claim_on
from billing.claim_facts import ClaimFactKind
from billing.facts import MonthFacts
from billing.places import place_code
from billing.rules import (
    ADD_ON,
    CLINIC_MONTH,
    HALF_HOUR,
    INITIAL_MONTH,
    SUBSEQUENT_MONTH,
    Clinic,
    RuleSet,
)

#: Places of service of a federally qualified health center and a rural health clinic.
CLINIC_PLACES = frozenset({"50", "72"})
_USUAL = frozenset({INITIAL_MONTH, SUBSEQUENT_MONTH, ADD_ON, HALF_HOUR})


def rules_at(rules: RuleSet, facts: MonthFacts, day: date) -> RuleSet:
    """The rules with the codes that the payer asks of the place where care was given on a local date (R-114)."""
    clinic = rules.clinic
    if clinic is None or not is_clinic(rules, facts, day):
        return rules
    if clinic.initial is None or clinic.subsequent is None:
        return replace(rules, covered_codes=rules.covered_codes - {HALF_HOUR}, clinic=None)
    return replace(
        rules,
        initial=clinic.initial,
        subsequent=clinic.subsequent,
        covered_codes=rules.covered_codes - _USUAL | {CLINIC_MONTH},
        clinic=None,
    )


def is_clinic(rules: RuleSet, facts: MonthFacts, day: date) -> bool:
    """Whether a line of that date of service is an RHC's or an FQHC's: by its place, or by the practice's setting."""
    if rules.practice.clinic is not Clinic.NONE:
        return True
    return place_code(claim_on(facts, day).place_of_service) in CLINIC_PLACES


def same_places(rules: RuleSet, facts: MonthFacts) -> list[tuple[date, date]]:
    """The stretches of a month, first and last day, in which care is a clinic's, or is not, in their order."""
    month = facts.month
    changes = {
        *(fact.from_day for fact in facts.claim_facts if fact.kind is ClaimFactKind.PLACE_OF_SERVICE),
        *(episode.starts_on for episode in facts.episodes),
    }
    days = [month.first_day, *sorted(day for day in changes if day in month and day != month.first_day)]
    begun = [next(same) for _, same in groupby(days, lambda day: is_clinic(rules, facts, day))]
    ends = [day - timedelta(days=1) for day in begun[1:]]
    return list(zip(begun, [*ends, month.last_day], strict=True))
