"""Blocks billing by a new practitioner until the patient has consented again."""

from collections.abc import Mapping
from datetime import date
from itertools import pairwise

from billing.claim_facts import ClaimFactKind, in_force, of_kind
from billing.findings.finding import Finding, MonthCase, Severity
from billing.findings.row import About, Fix, Row, When
from billing.npi import is_valid_npi
from billing.people import MemberRole


def new_practitioner(case: MonthCase) -> Finding | None:
    """Blocks a line of a practitioner who bills since some day of the episode, without a consent since that day."""
    if case.episode is None or not case.facts.claim_facts:
        return None
    since = _since(case, case.episode.starts_on)
    if since is None:
        return None
    given = (consent.given_on for consent in case.episode.consents)
    if not case.episode.consents or any(since <= day <= case.claim_day for day in given):
        return None
    return ROW.finding(since=since.isoformat())


def _since(case: MonthCase, begun: date) -> date | None:
    """The day within an episode from which the practitioner bills who took another's place; None without one.

    A number that is no NPI names nobody: who corrects it changes no practitioner.
    """
    facts = case.facts.claim_facts
    first = in_force(facts, ClaimFactKind.BILLING_NPI, begun)
    later = [fact for fact in of_kind(facts, ClaimFactKind.BILLING_NPI) if fact.from_day > begun]
    billed = [fact for fact in (first, *later) if fact is not None and is_valid_npi(fact.value)]
    changed = [
        later.from_day
        for earlier, later in pairwise(billed)
        if later.from_day <= case.claim_day and earlier.value != later.value
    ]
    return changed[-1] if changed else None


def _sentence(parameters: Mapping[str, str]) -> str:
    day = date.fromisoformat(parameters["since"])
    return (
        f"The billing practitioner changed on {day:%b} {day.day}, {day.year}, and no consent since then is on file: "
        "the patient must consent again."
    )


ROW = Row(
    code="new_practitioner",
    rule="R-117",
    place=35,
    severities=(Severity.BLOCKER,),
    find=new_practitioner,
    title="consent to new practitioner missing",
    sentence=_sentence,
    parameters=("since",),
    fixed_by=(MemberRole.CARE_MANAGER,),
    to_do="Record the consent to the new billing practitioner: `/cocm consent MRN123 verbal on 11/10 cost-sharing`.",
    told=When.FROM_THE_START,
    fix=Fix.CONSENT,
    about=About.CONSENT,
)
