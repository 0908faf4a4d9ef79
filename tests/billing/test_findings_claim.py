"""Findings about what a claim needs, and what may stand beside it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from billing.clinical import OtherService
from billing.evaluate import LineStatus
from billing.findings.finding import Severity
from billing.findings.registry import message_of, row_of
from billing.months import BillingMonth
from billing.payer import DatedRule, Payer
from billing.payer_fields import USUAL_CODES
from billing.people import Role
from billing.rules import Modifier, TimeRule
from tests.support.findings import codes, enrolled, only, result
from tests.support.months import TEST_PAYER, a_first_month, a_month, an_entry
from tests.support.payers import lakeside


def test_a_missing_npi_blocks() -> None:
    """Without the practitioner's NPI nothing is claimed."""
    found = only(a_month(60, referring_npi=""))
    assert (found.code, found.severity, row_of(found).rule) == ("npi_missing", Severity.BLOCKER, "R-310")


def test_an_npi_with_a_wrong_check_digit_blocks() -> None:
    """1234567890 fails the check digit: a finding, never a refusal."""
    found = only(a_month(60, referring_npi="1234567890"))
    assert (found.code, found.severity, row_of(found).rule) == ("npi_invalid", Severity.BLOCKER, "R-310")


def test_a_billing_npi_with_a_wrong_check_digit_blocks() -> None:
    """None on file is the practice's own; one that is none would bounce."""
    found = only(a_month(60, episodes=enrolled(billing_npi="1234567890")))
    assert (found.code, found.severity, row_of(found).rule) == (
        "billing_npi_invalid",
        Severity.BLOCKER,
        "R-310",
    )


@pytest.mark.parametrize(
    ("codes", "named"),
    [
        (("F33",), "F33"),
        (("F32", "F41.1", "E11"), "F32, E11"),
        (("Depression,", "moderate"), "Depression,, moderate"),
        (("F41.9", "F10.1"), "F10.1"),
    ],
)
def test_a_diagnosis_code_that_is_no_whole_one_warns(codes: tuple[str, ...], named: str) -> None:
    """Headers of ICD-10-CM, and words of an older import; whole codes of three characters are codes."""
    found = only(a_month(60, episodes=enrolled(diagnosis_codes=codes)))
    assert (found.code, dict(found.parameters)) == ("diagnosis_incomplete", {"codes": named})
    assert result(a_month(60, episodes=enrolled(diagnosis_codes=("I10", "F33.1", "f331")))).findings == ()


def test_a_missing_diagnosis_warns_or_blocks() -> None:
    """Neither problem list nor diagnosis: a warning, or a blocker where the practice or payer says so."""
    facts = a_month(60, problems_recorded=False, episodes=enrolled(diagnosis_codes=()))
    found = only(facts)
    assert (found.code, found.severity, row_of(found).rule) == (
        "diagnosis_missing",
        Severity.WARNING,
        "R-311",
    )
    assert only(facts, diagnosis_required=True).severity is Severity.BLOCKER
    assert only(facts, lakeside(diagnosis_required=True)).severity is Severity.BLOCKER
    assert codes(replace(facts, problems_recorded=True)) == []
    assert codes(a_month(60, problems_recorded=False)) == []


def test_a_missing_payer_warns() -> None:
    """A line without a payer goes nowhere."""
    found = only(a_month(60, episodes=enrolled(payer="")))
    assert (found.code, found.severity, row_of(found).rule) == ("payer_missing", Severity.WARNING, "R-313")
    assert codes(a_month(60, episodes=enrolled(payer="")), None) == ["payer_missing"]


def test_unverified_rules_warn() -> None:
    """A payer without rules on file, and one whose rules nobody verified, both warn."""
    unknown = only(a_month(60), None)
    assert (unknown.code, unknown.severity, row_of(unknown).rule) == (
        "payer_unverified",
        Severity.WARNING,
        "R-314",
    )
    assert message_of(unknown) == "No rules for this payer are on file, so the practice's own were used."
    assert unknown.parameters == (("built_in", ""), ("own", ""), ("rules", "none"))
    unverified = only(a_month(60), lakeside(verified_on=None))
    assert message_of(unverified) == "This payer's rules are unverified."
    assert unverified.parameters == (("built_in", ""), ("own", ""), ("rules", "unverified"))
    two = (DatedRule(field="max_99494", value=0), DatedRule(field="authorized_months", value=1))
    known = only(a_month(60), replace(lakeside(), rules=(*lakeside().rules, *two)))
    assert sorted(dict(known.parameters)["built_in"].split("\n")) == ["authorized_months=1", "max_99494=0"]


def test_the_unverified_rule_is_named() -> None:
    """What nobody verified is named with what it would be: the practice's own judges all the same, others do not."""
    imported = lakeside(verified_on=None, max_99494=1, time_rule=TimeRule.MIDPOINT)
    facts = a_month(90)
    assert [charge.units for charge in result(facts, imported).billable] == [1, 1]
    assert message_of(result(facts, imported).findings[0]) == (
        "Imported for this payer, in use, and never verified: at most 1 unit of 99494 a month (max_99494 1), midpoint: "
        "99492 from 36 min, 99493 from 31, 99494 from 16 past the last full unit (time_rule midpoint)."
    )
    unread = DatedRule(field="max_99494", value=0)
    known = replace(lakeside(), rules=(*lakeside().rules, unread))
    assert [charge.units for charge in result(facts, known).billable] == [1, 1]
    assert message_of(only(facts, known)) == (
        "Reported for this payer by others, not in use until verified: at most 0 units of 99494 a month (max_99494 0)."
    )
    modifiers = (Modifier(code="E/M", modifier="25"), Modifier(code="99492", modifier="HE"))
    several = lakeside(verified_on=None, modifiers=modifiers, fee_schedule="Plan = A")
    both = replace(several, rules=(*several.rules, unread))
    found = next(each for each in result(facts, both).findings if each.code == "payer_unverified")
    assert message_of(found) == (
        "Imported for this payer, in use, and never verified: modifiers E/M:25 99492:HE (modifiers E/M:25 99492:HE), "
        "estimates use the fee schedule Plan = A (fee_schedule Plan = A). "
        "Reported for this payer by others, not in use until verified: at most 0 units of 99494 a month (max_99494 0)."
    )


def test_a_field_that_is_no_more_is_named_as_it_was() -> None:
    """A line frozen with a rule that the program has forgotten still says which it was."""
    finding = only(a_month(60), lakeside(verified_on=None))
    old = replace(finding, parameters=(("built_in", "color=blue"), ("own", ""), ("rules", "unverified")))
    assert message_of(old).endswith("verified: color=blue.")


def test_general_bhi_is_offered() -> None:
    """20 minutes of staff time and a consent, but no CoCM code: 99484 may apply."""
    found = only(a_month(20))
    assert (found.code, found.severity, row_of(found).rule) == ("bhi_offered", Severity.NOTE, "R-317")
    assert result(a_month(20)).status is LineStatus.BELOW


@pytest.mark.parametrize(
    "changes",
    [
        {"entries": (an_entry(1, seconds=1199),)},
        {"entries": (an_entry(1, 19), an_entry(2, 20, role=Role.CONSULTANT))},
        {"episodes": ()},
        {"episodes": enrolled(consent=None)},
        {"entries": (an_entry(1, 60),)},
    ],
)
def test_general_bhi_is_offered_only_where_it_may_apply(changes: dict[str, Any]) -> None:
    """Not below 20 staff minutes, not without enrollment or consent, not where CoCM is reached."""
    assert "bhi_offered" not in codes(a_month(20, **changes))


def test_general_bhi_is_not_offered_where_the_payer_does_not_cover_it() -> None:
    """A payer without 99484 gets no such offer."""
    payer = lakeside(covered_codes=USUAL_CODES - {"99484"})
    assert codes(a_month(20), payer) == []


def service(code: str, day: date = date(2026, 11, 3)) -> OtherService:
    return OtherService(code=code, service_on=day)


@pytest.mark.parametrize(
    ("code", "expected", "rule"),
    [
        ("96127", "screening_same_claim", "R-318"),
        ("98966", "phone_assessment_same_claim", "R-319"),
        ("98967", "phone_assessment_same_claim", "R-319"),
        ("98968", "phone_assessment_same_claim", "R-319"),
    ],
)
def test_services_on_the_same_claim_warn(code: str, expected: str, rule: str) -> None:
    """96127 and phone assessments beside CoCM warn in their own month only."""
    found = only(a_month(60, other_services=(service("99213"), service(code))))
    assert (found.code, found.severity, row_of(found).rule) == (expected, Severity.WARNING, rule)
    assert codes(a_month(60, other_services=(service(code, date(2026, 10, 31)),))) == []
    assert codes(a_month(60, other_services=(service("96128"),))) == []


def test_a_record_under_part_2_warns() -> None:
    """Substance use treatment: disclose only with that consent."""
    found = only(a_month(60, episodes=enrolled(part2_record=True)))
    assert (found.code, found.severity, row_of(found).rule) == ("part2_record", Severity.WARNING, "R-321")


MODIFIERS = (Modifier(code="99492", modifier="HE"), Modifier(code="E/M", modifier="25"))
VISIT_PAYER = lakeside(modifiers=MODIFIERS)
START = date(2026, 11, 2)


@pytest.mark.parametrize("code", ["99202", "99213", "99215"])
def test_a_visit_on_the_day_care_starts_wants_its_modifier(code: str) -> None:
    """An E/M visit on the first day is noted where the payer asks for modifier 25."""
    found = only(a_first_month(70, other_services=(service(code, START),)), VISIT_PAYER)
    assert (found.code, found.severity, row_of(found).rule) == ("modifier_25", Severity.NOTE, "R-322")
    assert "modifier 25" in message_of(found)


@pytest.mark.parametrize(
    ("other", "payer"),
    [
        (service("99201", START), VISIT_PAYER),
        (service("99216", START), VISIT_PAYER),
        (service("9920", START), VISIT_PAYER),
        (service("992130", START), VISIT_PAYER),
        (service("99213", date(2026, 11, 3)), VISIT_PAYER),
        (service("99213", START), TEST_PAYER),
        (service("99213", START), lakeside(modifiers=MODIFIERS[:1])),
    ],
)
def test_other_visits_want_none(other: OtherService, payer: Payer) -> None:
    """Another code, another day or another payer: no note."""
    assert codes(a_first_month(70, other_services=(other,)), payer) == []


def test_units_lost_to_the_cap_are_said() -> None:
    """Seven units earned by minutes, four paid: the note says three are lost."""
    capped = lakeside(max_99494=4)
    facts = a_month(60 + 7 * 30)
    found = only(facts, capped, long_entry_seconds=99_999)
    assert (found.code, found.severity, row_of(found).rule) == ("capped", Severity.NOTE, "R-106")
    assert "3 more" in message_of(found)
    assert [charge.units for charge in result(facts, capped).earned] == [1, 4]
    assert codes(a_month(60 + 4 * 30), capped, long_entry_seconds=99_999) == []


def test_a_month_that_bills_nothing_loses_no_units() -> None:
    """Not enrolled, capped payer: no talk of lost units."""
    facts = a_month(300, episodes=())
    assert "capped" not in codes(facts, lakeside(max_99494=1))


def test_half_an_hour_bills_g2214_where_covered() -> None:
    """30 minutes bill G2214 for a payer that covers it, and 60 bill 99493 instead."""
    payer = lakeside(covered_codes=USUAL_CODES | {"G2214"})
    half = result(a_month(20, 10, 5), payer)
    assert [charge.code for charge in half.billable] == ["G2214"]
    assert (half.threshold_met_on, half.date_of_service) == (date(2026, 11, 4), date(2026, 11, 4))
    assert [charge.code for charge in result(a_month(60), payer).billable] == ["99493"]
    assert [charge.code for charge in result(a_month(30, reviews=()), payer).billable] == []


def test_a_code_that_the_payer_does_not_take_is_named() -> None:
    """Once its time is reached, for the first code of the month's own kind; a month that bills nothing reaches none."""
    takes_bhi = lakeside(covered_codes=frozenset({"99484"}))
    assert codes(a_month(60), takes_bhi) == ["code_not_covered", "bhi_offered"]
    assert "code_not_covered" not in codes(a_month(59), takes_bhi)
    assert dict(only(a_month(60), lakeside(covered_codes=frozenset())).parameters) == {
        "code": "99493",
        "payer": "Lakeside Health",
    }
    assert "code_not_covered" not in codes(a_month(60, episodes=()), takes_bhi)
    assert "code_not_covered" not in codes(a_month(60))
    assert "code_not_covered" not in codes(a_month(60), None)


def test_before_there_were_codes_no_payer_is_blamed() -> None:
    """In 2017 nobody took 99493."""
    opened = date(2017, 10, 2)
    episode = enrolled(enrolled_on=opened, initial_assessment_on=opened)
    made = (an_entry(1, 60, date(2017, 12, 5)),)
    facts = a_month(month=BillingMonth(2017, 12), entries=made, episodes=episode)
    assert "code_not_covered" not in codes(facts, lakeside(covered_codes=frozenset({"99484"})))
