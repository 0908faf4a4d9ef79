"""Finds the terms by which a line's rates are chosen: its place of service, and the practice's conversion factor."""

from billing.claim_days import ClaimDay
from billing.money import Terms
from billing.places import site_of
from billing.rules import RuleSet


def terms_of(claim: ClaimDay, rules: RuleSet) -> Terms:
    """The terms of a line by what its claim is made of on the date of service (R-604)."""
    return Terms(site=site_of(claim.place_of_service), conversion=rules.practice.conversion_factor)
