"""Months that could be claimed in more ways than one, for tests: two programs, or two payers."""

from datetime import UTC, date, datetime
from typing import Any

from billing.clinical import Attestation, AttestationKind
from billing.counting import Exclusion
from billing.entries import TimeEntry
from billing.episodes import Consent, ConsentKind, Episode, Program
from billing.evaluate import MonthResult, evaluate_month
from billing.facts import MonthFacts
from billing.findings.registry import message_of
from billing.payer import Payer, rules_for
from billing.rules import PracticeRules, RuleSet, TimeRule
from tests.support.coverage import changing
from tests.support.months import (
    ANA,
    NOVEMBER,
    TEST_PAYER,
    a_month,
    an_entry,
    an_episode,
)
from tests.support.payers import CHECKED, a_payer

RULES = rules_for(NOVEMBER, PracticeRules(), TEST_PAYER)


def cedar(**terms: object) -> Payer:
    """Another payer, with rules of its own where they are given."""
    return a_payer("Cedar Health", verified_on=CHECKED, **terms)


CEDAR = cedar()
BIRCH = a_payer("Birch Health", verified_on=CHECKED, time_rule=TimeRule.MIDPOINT)


def day(number: int) -> date:
    return date(2026, 11, number)


def time(*worked: tuple[int, float], **changes: Any) -> tuple[TimeEntry, ...]:
    """Entries of so many minutes on those days of November."""
    return tuple(
        an_entry(number, minutes, day(on), **changes) for number, (on, minutes) in enumerate(worked, start=1)
    )


def consented(on: int) -> Consent:
    """A whole consent."""
    return Consent(given_on=day(on), kind=ConsentKind.VERBAL, recorded_by=ANA, cost_sharing_disclosed=True)


def collaborative(ended: int | None = None, **changes: Any) -> Episode:
    """CoCM since October."""
    return an_episode(discharged_on=day(ended) if ended else None, **changes)


def general(began: int, ended: int | None = None, **changes: Any) -> Episode:
    """General BHI from a day of November on."""
    own = {
        "episode_id": 2,
        "program": Program.BHI,
        "enrolled_on": day(began),
        "initial_assessment_on": None,
        "consent": consented(began),
        "discharged_on": day(ended) if ended else None,
    }
    return an_episode(**(own | changes))


def judged(facts: MonthFacts, rules: RuleSet = RULES) -> MonthResult:
    return evaluate_month(facts, rules)


def discharged_to_general(*worked: tuple[int, float], ended: int = 19, began: int = 20) -> MonthFacts:
    return a_month(entries=time(*worked), episodes=(collaborative(ended), general(began)))


def excluded(result: MonthResult) -> dict[Exclusion, int]:
    return {reason: seconds // 60 for reason, seconds in result.excluded}


def codes(result: MonthResult) -> list[str]:
    return [finding.code for finding in result.findings]


def said(result: MonthResult, code: str) -> str:
    return next(message_of(finding) for finding in result.findings if finding.code == code)


def covered(*stretches: tuple[int, Payer], practice: PracticeRules | None = None) -> RuleSet:
    return changing(NOVEMBER, [(day(first), payer) for first, payer in stretches], practice)


#: Cedar Health until the 15th, Birch Health from then on.
CHANGED = covered((1, CEDAR), (16, BIRCH))
STRICT_BIRCH = a_payer("Birch Health", verified_on=CHECKED, time_rule=TimeRule.STRICT)
ATTESTED = (
    Attestation(
        kind=AttestationKind.COVERAGE, attested_by=ANA, attested_at=datetime(2026, 12, 1, tzinfo=UTC)
    ),
)
