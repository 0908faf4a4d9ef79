"""Which of several rates a line takes by place and conversion factor, and what is said where none is on file."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from billing.charges import Charge
from billing.claim_days import ClaimDay, claim_on
from billing.claim_facts import ClaimFact, ClaimFactKind
from billing.findings.rate_missing import rate_missing
from billing.findings.registry import message_of
from billing.medicare_rates import MEDICARE
from billing.money import (
    USUAL_TERMS,
    FeeSchedule,
    Rate,
    RateGap,
    RateProblem,
    Terms,
    estimate,
    joined_gaps,
    parse_rates,
    spoken_gaps,
)
from billing.payer import rules_for
from billing.places import FACILITY_PLACES, Site, site_of
from billing.rules import ConversionFactor, PracticeRules
from billing.terms import terms_of
from tests.support.findings import enrolled
from tests.support.months import NOVEMBER, a_month, an_entry

FACILITY = Terms(site=Site.FACILITY)
QUALIFYING = Terms(conversion=ConversionFactor.QUALIFYING_APM)
MAY = date(2026, 5, 5)


def a_rate(usd: str, code: str = "99493", **changes: object) -> Rate:
    """A rate of 2026."""
    usual: dict[str, object] = {"first_day": date(2026, 1, 1), "last_day": date(2026, 12, 31)}
    return Rate(code=code, amount=Decimal(usd), **(usual | changes))  # type: ignore[arg-type]


def ours(*rates: Rate) -> FeeSchedule:
    return FeeSchedule(name="Ours", rates=rates)


def lacking(
    day: date, schedule: FeeSchedule, terms: Terms = USUAL_TERMS, codes: tuple[str, ...] = ("99493",)
) -> str:
    """What is not on file for a unit of each code."""
    return spoken_gaps(estimate([Charge(code) for code in codes], day, schedule, terms).gaps)


@pytest.mark.parametrize(
    ("place", "site"),
    [
        ("11", Site.NONFACILITY),
        ("", Site.NONFACILITY),
        ("   ", Site.NONFACILITY),
        ("10", Site.NONFACILITY),
        ("office", Site.NONFACILITY),
        ("32", Site.NONFACILITY),
        ("22", Site.FACILITY),
        (" 19 ", Site.FACILITY),
        ("2", Site.FACILITY),
        ("22 - outpatient hospital", Site.FACILITY),
        ("22-outpatient", Site.FACILITY),
        ("22.0", Site.FACILITY),
        ("221", Site.NONFACILITY),
        ("22.5", Site.NONFACILITY),
        ("61", Site.FACILITY),
    ],
)
def test_a_place_is_a_facility_or_not(place: str, site: Site) -> None:
    """By its code alone; none, or a word, is no facility."""
    assert site_of(place) is site


def test_the_facility_places_are_those_of_the_manual() -> None:
    """Sixteen, each as Medicare's manual marks it."""
    wanted = {2, 19, 21, 22, 23, 24, 26, 31, 34, 41, 42, 51, 52, 53, 56, 61}
    assert {int(place) for place in FACILITY_PLACES} == wanted
    assert {place for place in map(str, range(100)) if site_of(place) is Site.FACILITY} == set(
        map(str, wanted)
    )


@pytest.mark.parametrize(
    ("code", "usd"),
    [("99492", "161.12"), ("99493", "145.68"), ("99494", "61.76"), ("G2214", "61.09"), ("99484", "57.74")],
)
def test_a_qualifying_participant_is_estimated_by_the_other_factor(code: str, usd: str) -> None:
    """From 2026 on; before, one factor holds for all."""
    assert estimate([Charge(code)], MAY, MEDICARE, QUALIFYING).amount == Decimal(usd)
    before = date(2025, 5, 5)
    assert (
        estimate([Charge(code)], before, MEDICARE, QUALIFYING).amount
        == estimate([Charge(code)], before, MEDICARE).amount
    )


def test_a_factor_is_named_with_the_rate() -> None:
    """The basis says which units and which factor."""
    rates = (MEDICARE.rate("99493", MAY), MEDICARE.rate("99493", MAY, QUALIFYING))
    assert [rate.basis for rate in rates if rate is not None] == [
        "4.34 RVU x CF 33.4009 (non-QP)",
        "4.34 RVU x CF 33.5675 (QP)",
    ]


def test_the_rate_made_for_the_case_goes_before_one_for_all() -> None:
    """By place, then by conversion factor, then the newer."""
    general = a_rate("10", first_day=date(2026, 5, 1))
    older = a_rate("9", first_day=date(2026, 4, 1))
    facility = a_rate("20", site=Site.FACILITY)
    qualifying = a_rate("30", conversion=ConversionFactor.QUALIFYING_APM)
    both = a_rate("40", site=Site.FACILITY, conversion=ConversionFactor.QUALIFYING_APM)
    other_place = a_rate("50", site=Site.NONFACILITY, conversion=ConversionFactor.QUALIFYING_APM)
    schedule = ours(older, general, facility, qualifying, both)
    both_terms = Terms(site=Site.FACILITY, conversion=ConversionFactor.QUALIFYING_APM)
    assert schedule.rate("99493", MAY) is general
    assert schedule.rate("99493", MAY, FACILITY) is facility
    assert schedule.rate("99493", MAY, QUALIFYING) is qualifying
    assert schedule.rate("99493", MAY, both_terms) is both
    assert ours(facility, qualifying).rate("99493", MAY, both_terms) is facility
    assert ours(other_place).rate("99493", MAY, FACILITY) is None
    assert ours(other_place).rate("99493", MAY) is None


def test_a_year_without_rates_is_named() -> None:
    """Not 2027 alone; of a year with rates on other days, the day."""
    assert lacking(date(2027, 1, 3), MEDICARE) == "no Medicare rate for 2027 on file"
    assert lacking(date(2031, 7, 3), MEDICARE) == "no Medicare rate for 2031 on file"
    assert lacking(date(2023, 12, 31), MEDICARE) == "no Medicare rate for 2023 on file"
    late = ours(a_rate("1", first_day=date(2026, 6, 1)))
    assert lacking(MAY, late) == "no rate for 2026-05-05 on file in Ours"
    early = ours(a_rate("1", first_day=date(2025, 6, 1), last_day=date(2026, 2, 1)))
    assert lacking(MAY, early) == "no rate for 2026-05-05 on file in Ours"
    open_ended = ours(a_rate("1", first_day=date(2026, 6, 1), last_day=None))
    assert lacking(MAY, open_ended) == "no rate for 2026-05-05 on file in Ours"
    assert lacking(date(2025, 5, 5), open_ended) == "no rate for 2025 on file in Ours"
    other_years = ours(
        a_rate("1", first_day=date(2025, 1, 1), last_day=date(2025, 12, 31)),
        a_rate("1", first_day=date(2027, 1, 1), last_day=None),
    )
    assert lacking(MAY, other_years) == "no rate for 2026 on file in Ours"


def test_the_kind_of_rate_that_lacks_is_named() -> None:
    """A facility's, a nonfacility one, either conversion factor, some codes: as narrow as it is."""
    assert lacking(MAY, MEDICARE, FACILITY) == "no Medicare facility rate for 2026 on file"
    assert (
        lacking(MAY, MEDICARE, FACILITY, ("99493", "99494")) == "no Medicare facility rate for 2026 on file"
    )
    in_facility = ours(a_rate("1", site=Site.FACILITY))
    assert lacking(MAY, in_facility) == "no nonfacility rate for 2026 on file in Ours"
    assert lacking(MAY, in_facility, codes=("G0512",)) == "no nonfacility rate for 2026 on file in Ours"
    qualifying = ours(a_rate("1", conversion=ConversionFactor.QUALIFYING_APM))
    assert lacking(MAY, qualifying) == "no non-qualifying-APM rate for 2026 on file in Ours"
    other = ours(a_rate("1", conversion=ConversionFactor.OTHER))
    assert lacking(MAY, other, QUALIFYING) == "no qualifying-APM rate for 2026 on file in Ours"
    assert lacking(MAY, MEDICARE, codes=("G0512", "99493")) == "no Medicare rate of G0512 for 2026 on file"
    two = lacking(MAY, MEDICARE, codes=("G0512", "G0511"))
    assert two == "no Medicare rate of G0512, G0511 for 2026 on file"
    mixed = ours(a_rate("1", site=Site.FACILITY), a_rate("2", code="99494"))
    assert lacking(MAY, mixed) == "no nonfacility rate of 99493 for 2026 on file in Ours"
    factors = ours(a_rate("1", conversion=ConversionFactor.OTHER), a_rate("2", code="99494"))
    assert lacking(MAY, factors, QUALIFYING) == "no qualifying-APM rate of 99493 for 2026 on file in Ours"


def test_what_has_a_rate_is_priced_beside_what_has_none() -> None:
    """The amount lacks the others, by code and unit."""
    found = estimate([Charge("99493"), Charge("99494", 3)], MAY, ours(a_rate("100")))
    assert (found.amount, found.unpriced, found.without_rate) == (
        Decimal(100),
        (Charge("99494", 3),),
        ("99494",),
    )
    assert estimate([], MAY, ours()) == estimate([], date(2030, 1, 1), MEDICARE)
    assert estimate([Charge("99493", 2)], MAY, ours(a_rate("100"))).amount == Decimal(200)


def test_gaps_that_say_the_same_are_said_once() -> None:
    """Codes are gathered; where no code has a rate, none is named."""
    of = {"schedule": "Ours", "when": "2026"}
    one, two = RateGap(**of, codes=("99493",)), RateGap(**of, codes=("99494", "99493"))
    whole, other = RateGap(**of), RateGap(schedule="Ours", when="2027")
    assert joined_gaps([one, two, one]) == (RateGap(**of, codes=("99493", "99494")),)
    assert joined_gaps([one, whole]) == joined_gaps([whole, one]) == (whole,)
    assert joined_gaps([one, other]) == (one, other)
    assert (
        spoken_gaps([one, other])
        == "no rate of 99493 for 2026 on file in Ours; no rate for 2027 on file in Ours"
    )
    assert spoken_gaps([]) == ""


def test_the_note_names_codes_and_reason() -> None:
    """A line whose codes all have rates has none."""
    assert rate_missing(estimate([Charge("99493")], MAY, MEDICARE)) is None
    note = rate_missing(estimate([Charge("99493"), Charge("99494")], date(2027, 1, 5), MEDICARE))
    assert note is not None
    assert message_of(note) == "The estimate leaves out 99493, 99494: no Medicare rate for 2027 on file."


def test_rows_may_say_place_and_conversion_factor() -> None:
    """In any case; empty is for all; anything else is named."""
    row = {"code": "99493", "from": "2026-01-01", "usd": "80"}
    (facility,) = parse_rates([{**row, "place": "Facility", "qualifying_apm": "YES"}])
    (other,) = parse_rates([{**row, "place": "non-facility", "qualifying_apm": "no"}])
    (spaced,) = parse_rates([{**row, "place": " Non facility ", "qualifying_apm": " "}])
    assert isinstance(facility, Rate)
    assert isinstance(other, Rate)
    assert isinstance(spaced, Rate)
    assert (facility.site, facility.conversion) == (Site.FACILITY, ConversionFactor.QUALIFYING_APM)
    assert (other.site, other.conversion) == (Site.NONFACILITY, ConversionFactor.OTHER)
    assert (spaced.site, spaced.conversion) == (Site.NONFACILITY, None)
    assert parse_rates([{**row, "place": "22"}, {**row, "qualifying_apm": "maybe"}]) == (
        RateProblem(
            row=1, field="place", message="'22' is not one of: facility, nonfacility. It may be left empty."
        ),
        RateProblem(
            row=2, field="qualifying_apm", message="'maybe' is not one of: yes, no. It may be left empty."
        ),
    )


def test_a_line_is_priced_where_it_was_served() -> None:
    """By the place in force on the date of service, and the practice's conversion factor."""
    there = enrolled(place_of_service="22")
    facts = a_month(entries=(an_entry(1, 60, date(2026, 11, 10)),), episodes=there)
    before = ClaimFact(kind=ClaimFactKind.PLACE_OF_SERVICE, value="22", from_day=date.min)
    moved = replace(before, value="11", from_day=date(2026, 11, 10))
    day = date(2026, 11, 10)
    rules = rules_for(NOVEMBER, PracticeRules())
    assert terms_of(claim_on(facts, day), rules) == FACILITY
    dated = replace(facts, claim_facts=(before, moved))
    assert terms_of(claim_on(dated, day), rules).site is Site.NONFACILITY
    assert terms_of(claim_on(dated, date(2026, 11, 9)), rules).site is Site.FACILITY
    assert terms_of(ClaimDay(), rules) == Terms()
    apm = rules_for(NOVEMBER, PracticeRules(conversion_factor=ConversionFactor.QUALIFYING_APM))
    assert terms_of(ClaimDay(), apm) == QUALIFYING
