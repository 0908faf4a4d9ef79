"""Other claims of a month: another of the family, psychotherapy, and the choice beside APCM."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from billing.apcm import ApcmChoice, add_on_instead, choice
from billing.charges import Charge
from billing.claim_facts import ClaimFact, ClaimFactKind
from billing.clinical import SOMEBODY_ELSE, Attestation, AttestationKind, OtherService
from billing.episodes import Program
from billing.evaluate import LineStatus
from billing.findings.apcm import add_on_to_choose
from billing.findings.finding import Severity
from billing.findings.registry import message_of, row_of
from billing.medicare_rates import MEDICARE
from billing.money import Estimate, FeeSchedule, Rate, Terms
from billing.month_kinds import MonthKind
from billing.months import BillingMonth
from billing.people import Role
from billing.places import Site
from billing.rules import Psychotherapy
from tests.support.findings import codes, enrolled, only, result
from tests.support.months import ANA, BEN, DR_CHO, NOVEMBER, a_first_month, a_month, an_entry
from tests.support.payers import lakeside

FAMILY = ["99492", "99493", "99494", "G2214", "99484", "G0512", "G0568", "G0569", "G0570"]


def service(code: str, day: date = date(2026, 11, 12), performed_by: int | None = None) -> OtherService:
    return OtherService(code=code, service_on=day, performed_by=performed_by)


def attested(kind: AttestationKind) -> dict[str, Any]:
    made = Attestation(kind=kind, attested_by=BEN, attested_at=datetime(2026, 12, 1, tzinfo=UTC))
    return {"attestations": (made,)}


@pytest.mark.parametrize("code", FAMILY)
def test_another_claim_of_the_family_blocks(code: str) -> None:
    """Its code and day are named; a biller fixes it."""
    facts = a_month(60, other_services=(service(code),))
    found = only(facts)
    assert (found.code, found.severity, row_of(found).rule) == (
        "other_claim_on_file",
        Severity.BLOCKER,
        "R-326",
    )
    assert f"{code} on Nov 12." in message_of(found)
    assert result(facts).status is LineStatus.BLOCKED
    assert codes(a_month(60, other_services=(service(code, date(2026, 10, 31)),))) == []


@pytest.mark.parametrize("code", ["99490", "99439", "99487", "99213", "G0511", "G0571"])
def test_other_codes_may_stand_beside_it(code: str) -> None:
    """Chronic care management, and whatever else is no family of ours."""
    assert codes(a_month(60, other_services=(service(code),))) == []


def test_several_claims_are_named_in_the_order_of_their_days() -> None:
    """One finding says them all."""
    three = (
        service("99494", date(2026, 11, 30)),
        service("99493", date(2026, 11, 30)),
        service("99484", date(2026, 11, 2)),
    )
    found = only(a_month(60, other_services=three))
    assert "99484 on Nov 2, 99493 on Nov 30 and 99494 on Nov 30." in message_of(found)


def test_before_a_code_is_earned_it_is_a_warning() -> None:
    """Nothing is held yet, and a biller may look already; in General BHI too."""
    assert only(a_month(10, other_services=(service("99484"),))).severity is Severity.WARNING
    bhi = a_month(20, episodes=enrolled(program=Program.BHI), other_services=(service("99484"),))
    assert only(bhi).severity is Severity.BLOCKER


def test_a_biller_says_that_it_is_settled() -> None:
    """The line's own claim, or one withdrawn; no other word will do."""
    facts = a_month(60, other_services=(service("99493"),))
    assert codes(replace(facts, **attested(AttestationKind.OTHER_CLAIM))) == []
    assert codes(replace(facts, **attested(AttestationKind.APCM))) == ["other_claim_on_file"]


def test_what_a_line_was_submitted_with_is_its_own_claim() -> None:
    """Those codes only: another of the family still blocks."""
    own = (service("99493"), service("99494"))
    facts = a_month(90, other_services=own, submitted_codes=("99493", "99494"))
    assert codes(facts) == []
    found = only(replace(facts, submitted_codes=("99493",)))
    assert "99494 on Nov 12" in message_of(found)
    assert "99493 on" not in message_of(found)


def test_a_submitted_code_on_two_days_is_somebody_elses_too() -> None:
    """One of them is the line's own, and nobody knows which: both are named, other codes of the claim are not."""
    twice = (service("99493"), service("99493", date(2026, 11, 28)), service("99494"))
    found = only(a_month(90, other_services=twice, submitted_codes=("99493", "99494")))
    assert "99493 on Nov 12 and 99493 on Nov 28." in message_of(found)
    same_day = (service("99494"), service("99494"), service("99493"))
    assert codes(a_month(120, other_services=same_day, submitted_codes=("99493", "99494"))) == []


def test_general_bhi_by_a_psychologist_warns() -> None:
    """Until there is a source."""
    found = only(a_month(60, other_services=(service("G0323"),)))
    assert (found.code, found.severity, row_of(found).rule) == (
        "psychologists_claim",
        Severity.WARNING,
        "R-326",
    )
    assert "G0323 on Nov 12" in message_of(found)
    assert result(a_month(60, other_services=(service("G0323"),))).status is LineStatus.BILLABLE


PSYCHOTHERAPY = [
    *("90832", "90833", "90834", "90836", "90837", "90838", "90839", "90840"),
    *("90845", "90846", "90847", "90849", "90853"),
]


@pytest.mark.parametrize("code", PSYCHOTHERAPY)
def test_psychotherapy_billed_by_the_care_manager_blocks(code: str) -> None:
    """By one whose minutes count; by anybody else it is no matter; by nobody knows whom it is asked about."""
    found = only(a_month(60, other_services=(service(code, performed_by=ANA),)))
    assert (found.code, found.severity, row_of(found).rule) == (
        "psychotherapy_billed",
        Severity.BLOCKER,
        "R-315",
    )
    assert f"{code} on Nov 12." in message_of(found)
    for somebody in (BEN, SOMEBODY_ELSE):
        assert codes(a_month(60, other_services=(service(code, performed_by=somebody),))) == []
    asked = only(a_month(60, other_services=(service(code),)))
    assert (asked.code, asked.severity, row_of(asked).rule) == (
        "psychotherapist_unknown",
        Severity.WARNING,
        "R-315",
    )
    assert f"{code} on Nov 12, but not who gave it." in message_of(asked)


def test_psychotherapy_is_as_the_payer_says() -> None:
    """Where it is allowed, nothing is found; nor in a General BHI month; nor for another code."""
    services = (service("90837", performed_by=ANA), service("90834"))
    allowed = lakeside(psychotherapy=Psychotherapy.ALLOWED)
    assert codes(a_month(60, other_services=services)) == ["psychotherapy_billed", "psychotherapist_unknown"]
    assert codes(a_month(60, other_services=services), allowed) == []
    assert codes(a_month(20, episodes=enrolled(program=Program.BHI), other_services=services)) == []
    assert codes(a_month(60, other_services=(service("90791", performed_by=ANA), service("90791")))) == []


def test_only_care_managers_whose_minutes_count_are_meant() -> None:
    """The consultant may give psychotherapy, and so may somebody whose time does not count."""
    consultant = an_entry(2, 10, role=Role.CONSULTANT, performed_by=DR_CHO)
    uncounted = an_entry(3, 10, date(2026, 12, 3), performed_by=BEN)
    made = (an_entry(1, 60), consultant, uncounted)
    by = (service("90837", performed_by=DR_CHO), service("90837", date(2026, 11, 13), BEN))
    assert "psychotherapy_billed" not in codes(a_month(entries=made, other_services=by))


APCM = {"episodes": enrolled(apcm=True)}


def test_apcm_holds_an_earned_line() -> None:
    """Both sets of codes are named, and why neither goes out."""
    found = only(a_month(90, **APCM))
    assert (found.code, found.severity, row_of(found).rule) == ("apcm", Severity.BLOCKER, "R-320")
    assert message_of(found) == (
        "Enrolled in APCM: bill either 99493 and 99494, or G0569 with G0556-G0558 (none is on file) by the same "
        "practitioner in the month, never both. Held until a biller chooses."
    )
    assert result(a_month(90, **APCM)).billable == ()
    assert "either 99493 and 2 x 99494, or" in message_of(only(a_month(120, **APCM)))


def test_a_biller_chooses() -> None:
    """By an attestation of that kind alone."""
    facts = a_month(60, **APCM)
    assert codes(replace(facts, **attested(AttestationKind.APCM))) == []
    assert codes(replace(facts, **attested(AttestationKind.OTHER_CLAIM))) == ["apcm"]


def test_before_a_code_is_earned_apcm_warns() -> None:
    """There is nothing to choose yet."""
    found = only(a_month(10, **APCM))
    assert found.severity is Severity.WARNING
    assert "either what its minutes earn, or G0569" in message_of(found)
    assert add_on_to_choose((found,)) is None


@pytest.mark.parametrize("code", ["G0556", "G0557", "G0558"])
def test_a_claim_of_apcm_says_that_the_patient_is_in_it(code: str) -> None:
    """In its own month."""
    found = only(a_month(60, other_services=(service(code),)))
    assert found.code == "apcm"
    assert f"or G0569 with {code} (on file) by the same practitioner" in message_of(found)
    assert codes(a_month(60, other_services=(service(code, date(2026, 10, 31)),))) == []
    twice = a_month(60, other_services=(service("G0558"), service(code), service(code, date(2026, 11, 13))))
    assert dict(only(twice).parameters)["beside"] == " ".join(sorted({code, "G0558"}))


def test_apcm_from_a_day_on() -> None:
    """What is in force on the date of service goes before the episode; a claim says it anyway."""
    since = ClaimFact(kind=ClaimFactKind.APCM, value="yes", from_day=date(2026, 11, 3))
    before = replace(since, value="no", from_day=date.min)
    facts = a_month(60, claim_facts=(before, since))
    assert codes(facts) == ["apcm"]
    assert codes(replace(facts, claim_facts=(before, replace(since, from_day=date(2026, 11, 4))))) == []
    ended = replace(since, value="no", from_day=date(2026, 11, 1))
    assert codes(a_month(60, **APCM, claim_facts=(ended,))) == []
    assert codes(a_month(60, claim_facts=(ended,), other_services=(service("G0556"),))) == ["apcm"]


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (MonthKind.INITIAL, "G0568"),
        (MonthKind.SUBSEQUENT, "G0569"),
        (MonthKind.GENERAL_BHI, "G0570"),
    ],
)
def test_which_add_on_stands_against_a_month(kind: MonthKind, code: str) -> None:
    """First month, later month, General BHI; from 2026 on."""
    assert add_on_instead(kind, NOVEMBER) == Charge(code)
    assert add_on_instead(kind, BillingMonth(2026, 1)) == Charge(code)
    assert add_on_instead(kind, BillingMonth(2025, 12)) is None


@pytest.mark.parametrize("kind", [MonthKind.UNASSESSED, MonthKind.NOT_ENROLLED, MonthKind.AFTER_DISCHARGE])
def test_months_that_bill_nothing_have_no_add_on(kind: MonthKind) -> None:
    """There is nothing to hold."""
    assert add_on_instead(kind, NOVEMBER) is None


def test_the_add_on_of_each_kind_of_month() -> None:
    """As the finding names it."""
    first = a_first_month(70)
    initial = replace(first, episodes=(replace(first.episodes[0], apcm=True),))
    assert add_on_to_choose(result(initial).findings) == Charge("G0568")
    assert add_on_to_choose(result(a_month(60, **APCM)).findings) == Charge("G0569")
    bhi = a_month(20, episodes=enrolled(apcm=True, program=Program.BHI))
    assert add_on_to_choose(result(bhi).findings) == Charge("G0570")
    assert add_on_to_choose(result(a_month(60)).findings) is None
    bare = replace(only(a_month(60, **APCM)), parameters=())
    assert add_on_to_choose((bare,)) is None


DAY = date(2026, 11, 30)
CODES = (Charge("99493"), Charge("99494", 2))


@pytest.mark.parametrize(
    ("instead", "usd", "twin"),
    [("G0568", "160.32", "99492"), ("G0569", "144.96", "99493"), ("G0570", "57.45", "99484")],
)
def test_medicare_pays_an_add_on_as_the_code_it_is_made_after(instead: str, usd: str, twin: str) -> None:
    """Both amounts, by date of service."""
    assert choice(CODES, Charge(instead), DAY, MEDICARE) == ApcmChoice(
        codes=CODES,
        codes_estimate=Estimate(amount=Decimal("267.88")),
        instead=Charge(instead),
        instead_estimate=Estimate(amount=Decimal(usd)),
        valued_as=twin,
    )


@pytest.mark.parametrize(("site", "usd"), [(Site.FACILITY, 80), (Site.NONFACILITY, 100)])
def test_both_amounts_are_those_of_the_place(site: Site, usd: int) -> None:
    """The line's, the add-on's own, and that of the code it is made after."""
    rates = tuple(
        Rate(code="99493", first_day=date(2026, 1, 1), last_day=None, amount=Decimal(amount), site=one)
        for one, amount in ((Site.FACILITY, 80), (Site.NONFACILITY, 100))
    )
    terms = Terms(site=site)
    medicares = replace(MEDICARE, rates=rates)
    by_twin = choice(CODES[:1], Charge("G0569"), DAY, medicares, terms)
    assert by_twin.codes_estimate == by_twin.instead_estimate == Estimate(amount=Decimal(usd))
    with_own = replace(medicares, rates=(*rates, *(replace(rate, code="G0569") for rate in rates)))
    told = choice(CODES[:1], Charge("G0569"), DAY, with_own, terms)
    assert (told.instead_estimate, told.valued_as) == (Estimate(amount=Decimal(usd)), "")


def test_another_schedule_has_the_add_ons_rate_or_none() -> None:
    """Nothing is made up for a payer whose rate is not on file, nor for a year without rates."""
    rate = Rate(code="99493", first_day=date(2026, 1, 1), last_day=None, amount=Decimal(100))
    own = FeeSchedule(name="Practice", rates=(rate,))
    without = choice(CODES[:1], Charge("G0569"), DAY, own)
    assert (without.instead_estimate.without_rate, without.valued_as) == (("G0569",), "")
    with_rate = replace(own, rates=(rate, replace(rate, code="G0569", amount=Decimal(90))))
    told = choice(CODES[:1], Charge("G0569"), DAY, with_rate)
    assert (told.instead_estimate, told.valued_as) == (Estimate(amount=Decimal(90)), "")
    medicares = replace(MEDICARE, rates=(*MEDICARE.rates, replace(rate, code="G0569", amount=Decimal(90))))
    assert choice(CODES, Charge("G0569"), DAY, medicares).valued_as == ""
    later = choice(CODES, Charge("G0569"), date(2031, 1, 4), MEDICARE)
    assert (later.instead_estimate.without_rate, later.valued_as) == (("G0569",), "")
