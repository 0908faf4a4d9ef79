"""Findings judge by what is in force on the line's date of service."""

from dataclasses import replace
from datetime import date

from billing.claim_facts import ClaimFact, ClaimFactKind
from billing.episodes import Consent, ConsentKind
from billing.facts import MonthFacts
from billing.findings.finding import Severity
from billing.findings.registry import message_of, row_of
from tests.support.findings import codes, enrolled, only
from tests.support.months import GOOD_NPI, a_month

START = date(2026, 10, 5)
OTHER_NPI = "1306849450"
NEW_CONSENT = Consent(
    given_on=date(2026, 11, 10), kind=ConsentKind.VERBAL, recorded_by=11, cost_sharing_disclosed=True
)


def changed(facts: MonthFacts, kind: ClaimFactKind, before: str, after: str, day: int) -> MonthFacts:
    """The same month with one fact that changed on a day of November."""
    dated = (
        ClaimFact(kind=kind, value=before, from_day=START),
        ClaimFact(kind=kind, value=after, from_day=date(2026, 11, day)),
    )
    return replace(facts, claim_facts=(*facts.claim_facts, *dated))


def test_a_payer_of_later_days_is_no_payer_of_the_line() -> None:
    """Sixty minutes on the 3rd: the payer on file from the 4th on does not cover them."""
    facts = a_month(60)
    assert codes(changed(facts, ClaimFactKind.PAYER, "", "Lakeside Health", 4)) == ["payer_missing"]
    assert codes(changed(facts, ClaimFactKind.PAYER, "", "Lakeside Health", 3)) == []
    assert codes(changed(facts, ClaimFactKind.PAYER, "Lakeside Health", "", 4)) == []


def test_an_npi_of_later_days_is_no_npi_of_the_line() -> None:
    """Missing or invalid on the date of service, whatever came later; what came later takes nothing back."""
    facts = a_month(60)
    assert codes(changed(facts, ClaimFactKind.REFERRING_NPI, "", GOOD_NPI, 4)) == ["npi_missing"]
    assert codes(changed(facts, ClaimFactKind.REFERRING_NPI, "123", GOOD_NPI, 4)) == ["npi_invalid"]
    assert codes(changed(facts, ClaimFactKind.REFERRING_NPI, GOOD_NPI, "123", 4)) == []


def test_a_diagnosis_of_later_days_is_no_diagnosis_of_the_line() -> None:
    """In force only later, it does not satisfy an earlier line."""
    facts = a_month(60, problems_recorded=False)
    assert codes(changed(facts, ClaimFactKind.DIAGNOSIS_CODES, "", "F32.1", 4)) == ["diagnosis_missing"]
    assert codes(changed(facts, ClaimFactKind.DIAGNOSIS_CODES, "F32.1", "", 4)) == []


def test_apcm_of_later_days_is_none_of_the_line() -> None:
    """Enrolled in APCM from the day after the date of service on."""
    facts = a_month(60)
    assert codes(changed(facts, ClaimFactKind.APCM, "no", "yes", 4)) == []
    assert codes(changed(facts, ClaimFactKind.APCM, "no", "yes", 3)) == ["apcm"]


def test_without_a_date_of_service_the_month_s_last_day_is_asked_about() -> None:
    """Ten minutes reach nothing so far."""
    facts = a_month(10)
    assert codes(changed(facts, ClaimFactKind.PAYER, "", "Lakeside Health", 30)) == []


def test_a_new_billing_practitioner_asks_for_a_new_consent() -> None:
    """From the first day on which another practitioner bills; before it the line stays as it was."""
    found = only(changed(a_month(60), ClaimFactKind.BILLING_NPI, GOOD_NPI, OTHER_NPI, 3))
    assert (found.code, found.severity, row_of(found).rule) == ("new_practitioner", Severity.BLOCKER, "R-117")
    assert message_of(found).startswith("The billing practitioner changed on Nov 3, 2026, ")
    assert codes(changed(a_month(60), ClaimFactKind.BILLING_NPI, GOOD_NPI, OTHER_NPI, 4)) == []


def test_a_consent_since_then_answers_it_until_the_date_of_service() -> None:
    """Given on the day itself, or later, and not after the date of service."""
    old = enrolled()[0].consent
    assert old is not None

    def month(entries: tuple[float, ...], given_on: date) -> MonthFacts:
        new = replace(NEW_CONSENT, given_on=given_on)
        episodes = enrolled(consent=new, earlier_consents=(old,))
        return changed(
            a_month(*entries, episodes=episodes), ClaimFactKind.BILLING_NPI, GOOD_NPI, OTHER_NPI, 4
        )

    assert codes(month((30, 30), date(2026, 11, 4))) == []
    assert codes(month((30, 10, 20), date(2026, 11, 5))) == []
    assert codes(month((30, 10, 20), date(2026, 11, 3))) == ["new_practitioner"]
    assert codes(month((30, 10, 20), date(2026, 11, 6))) == ["new_practitioner"]


def test_filling_in_who_bills_is_no_change_of_practitioner() -> None:
    """Nobody was on file, or the same one is again after a while."""
    facts = a_month(60)
    assert codes(changed(facts, ClaimFactKind.BILLING_NPI, "", GOOD_NPI, 3)) == []
    assert codes(changed(facts, ClaimFactKind.BILLING_NPI, GOOD_NPI, "", 3)) == []
    assert codes(changed(facts, ClaimFactKind.BILLING_NPI, GOOD_NPI, GOOD_NPI, 3)) == []
    gap = (
        ClaimFact(kind=ClaimFactKind.BILLING_NPI, value=GOOD_NPI, from_day=START),
        ClaimFact(kind=ClaimFactKind.BILLING_NPI, value="", from_day=date(2026, 10, 20)),
        ClaimFact(kind=ClaimFactKind.BILLING_NPI, value=OTHER_NPI, from_day=date(2026, 11, 3)),
    )
    assert codes(replace(facts, claim_facts=gap)) == ["new_practitioner"]


def test_a_practitioner_who_came_with_the_episode_has_its_consent() -> None:
    """The change began with the enrollment, or before it; without any consent that is the one thing said."""
    facts = changed(a_month(60), ClaimFactKind.BILLING_NPI, GOOD_NPI, OTHER_NPI, 2)
    begun = enrolled(enrolled_on=date(2026, 11, 2), initial_assessment_on=date(2026, 11, 2))
    assert "new_practitioner" not in codes(replace(facts, episodes=begun))
    filled = (
        ClaimFact(kind=ClaimFactKind.BILLING_NPI, value=GOOD_NPI, from_day=START),
        ClaimFact(kind=ClaimFactKind.BILLING_NPI, value="", from_day=date(2026, 11, 2)),
        ClaimFact(kind=ClaimFactKind.BILLING_NPI, value=OTHER_NPI, from_day=date(2026, 11, 3)),
    )
    assert "new_practitioner" not in codes(replace(facts, episodes=begun, claim_facts=filled))
    assert codes(replace(facts, episodes=enrolled(consent=None))) == ["consent_missing"]
    assert codes(replace(facts, episodes=())) == ["not_enrolled"]


def test_the_last_change_of_practitioner_counts() -> None:
    """A consent to the one before the present one is not enough."""
    old = enrolled()[0].consent
    assert old is not None
    episodes = enrolled(consent=replace(NEW_CONSENT, given_on=date(2026, 10, 21)), earlier_consents=(old,))
    npis = ((GOOD_NPI, START), (OTHER_NPI, date(2026, 10, 20)), ("1679576722", date(2026, 11, 2)))
    dated = tuple(ClaimFact(kind=ClaimFactKind.BILLING_NPI, value=npi, from_day=day) for npi, day in npis)
    assert codes(a_month(60, episodes=episodes, claim_facts=dated[:2])) == []
    assert codes(a_month(60, episodes=episodes, claim_facts=dated)) == ["new_practitioner"]
