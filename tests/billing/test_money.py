"""Estimated dollars by date of service, and shares that add up."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from billing.charges import Charge
from billing.medicare_rates import MEDICARE
from billing.money import FeeSchedule, Rate, RateProblem, estimate, parse_rates, split
from billing.payer import rules_for
from billing.people import Role
from billing.rules import ConversionFactor, PracticeRules
from billing.shares import TimeShare, time_shares
from tests.support.findings import result
from tests.support.months import ANA, BEN, DR_CHO, NOVEMBER, TEST_PAYER, a_month, an_entry

RATES = Path(__file__).parent.parent / "data/medicare_rates.csv"


def test_medicare_rates_are_those_of_the_table() -> None:
    """Each rate stands as in the cited table, and no other."""
    rows = [{**row, "usd": row["usd_non_facility"]} for row in csv.DictReader(RATES.read_text().splitlines())]
    wanted = parse_rates(rows)
    nonqualifying = [
        rate for rate in MEDICARE.rates if rate.conversion is not ConversionFactor.QUALIFYING_APM
    ]
    assert [
        (rate.code, rate.first_day, rate.last_day, rate.amount, rate.confidence) for rate in nonqualifying
    ] == [
        (rate.code, rate.first_day, rate.last_day, rate.amount, rate.confidence)
        for rate in wanted
        if isinstance(rate, Rate)
    ]
    assert [rate.basis for rate in nonqualifying] == [
        row["basis"].replace("; back-solved", "") for row in rows
    ]
    assert len(rows) == 20


@pytest.mark.parametrize(
    ("day", "usd"),
    [
        (date(2024, 3, 8), "150.62"),
        (date(2024, 3, 9), "153.12"),
        (date(2024, 12, 31), "153.12"),
        (date(2025, 1, 1), "145.24"),
        (date(2026, 12, 31), "160.32"),
    ],
)
def test_the_date_of_service_chooses_the_rate(day: date, usd: str) -> None:
    """A rate holds from its first to its last day."""
    assert estimate([Charge("99492")], day, MEDICARE).amount == Decimal(usd)


def test_units_multiply() -> None:
    """99493 and two of 99494 in November 2026."""
    found = estimate([Charge("99493"), Charge("99494", 2)], date(2026, 11, 30), MEDICARE)
    assert (found.amount, found.without_rate) == (Decimal("267.88"), ())


def test_codes_without_a_rate_are_named() -> None:
    """Before the first and after the last rate, and for unknown codes, nothing is made up."""
    for day in (date(2023, 12, 31), date(2027, 1, 1)):
        found = estimate([Charge("99493"), Charge("99494", 2)], day, MEDICARE)
        assert (found.amount, found.without_rate) == (Decimal("0.00"), ("99493", "99494"))


def test_of_two_rates_the_newer_holds() -> None:
    """An open-ended rate gives way to one that began later."""
    own = FeeSchedule(
        name="Ours",
        rates=(
            Rate(code="99492", first_day=date(2026, 6, 1), last_day=None, amount=Decimal("200.00")),
            Rate(code="99492", first_day=date(2025, 1, 1), last_day=None, amount=Decimal("100.00")),
        ),
    )
    assert estimate([Charge("99492")], date(2026, 6, 1), own).amount == Decimal("200.00")
    assert estimate([Charge("99492")], date(2026, 5, 31), own).amount == Decimal("100.00")


def test_a_practices_own_rates_are_read_from_rows() -> None:
    """Rows of code, from, to and usd; `to` may be empty, a dollar sign may stand."""
    rows = [{"code": " g2214 ", "from": "2026-01-01", "to": "", "usd": "$60.5", "basis": "contract"}]
    assert parse_rates(rows) == (
        Rate(
            code="G2214",
            first_day=date(2026, 1, 1),
            last_day=None,
            amount=Decimal("60.50"),
            basis="contract",
        ),
    )
    one_day = [{"code": "99492", "from": "2026-01-01", "to": "2026-01-01", "usd": "0"}]
    assert parse_rates(one_day) == (
        Rate(code="99492", first_day=date(2026, 1, 1), last_day=date(2026, 1, 1), amount=Decimal("0.00")),
    )


@pytest.mark.parametrize("usd", ["1061.10", "$1061.10", "$ 1,061.10", "1,061.10"])
def test_an_amount_as_fee_schedules_write_it(usd: str) -> None:
    """With a dollar sign, and commas between thousands where cents follow."""
    (rate,) = parse_rates([{"code": "99492", "from": "2026-01-01", "usd": usd}])
    assert isinstance(rate, Rate)
    assert rate.amount == Decimal("1061.10")


@pytest.mark.parametrize(
    ("usd", "words"),
    [
        ("", "is not an amount. Write 153.12."),
        ("1,061", "is not an amount. Write 153.12."),
        ("153,12", "is not an amount. Write 153.12."),
        ("abc", "is not an amount. Write 153.12."),
        ("NaN", "is not an amount in dollars and cents. Write 153.12."),
        ("Infinity", "is not an amount in dollars and cents. Write 153.12."),
        ("-1", "is not an amount in dollars and cents. Write 153.12."),
        ("1.234", "is not an amount in dollars and cents. Write 153.12."),
    ],
)
def test_an_amount_is_dollars_and_cents(usd: str, words: str) -> None:
    """What is no amount is a problem of its row and field."""
    good = {"code": "99492", "from": "2026-01-01", "usd": "1"}
    found = parse_rates([good, {**good, "usd": usd}])
    assert found == (RateProblem(row=2, field="usd", message=f"{usd!r} {words}"),)
    without = {"code": "99492", "from": "2026-01-01"}
    assert parse_rates([without]) == (
        RateProblem(row=1, field="usd", message="'' is not an amount. Write 153.12."),
    )


def test_every_bad_row_is_named() -> None:
    """A missing code, dates that are none, and a period turned round."""
    found = parse_rates(
        [
            {"code": "", "from": "2026-01-01", "usd": "1"},
            {"code": "99492", "from": "1/1/2026", "usd": "1"},
            {"code": "99492", "from": "2026-01-02", "to": "x", "usd": "1"},
            {"code": "99492", "from": "2026-01-02", "to": "2026-01-01", "usd": "1"},
            {},
        ]
    )
    assert found == (
        RateProblem(row=1, field="code", message="A rate needs its code, such as 99492."),
        RateProblem(row=2, field="from", message="'1/1/2026' is not a date. Write 2026-11-22."),
        RateProblem(row=3, field="to", message="'x' is not a date. Write 2026-11-22."),
        RateProblem(row=4, field="to", message="2026-01-01 is before the first day 2026-01-02."),
        RateProblem(row=5, field="code", message="A rate needs its code, such as 99492."),
    )


def test_shares_add_up_to_the_cent() -> None:
    """Ten dollars by thirds: the odd cent goes to the first of equals."""
    assert split(Decimal("10.00"), [1, 1, 1]) == (Decimal("3.34"), Decimal("3.33"), Decimal("3.33"))
    assert split(Decimal("0.05"), [3, 1]) == (Decimal("0.04"), Decimal("0.01"))
    assert split(Decimal("1.00"), [5, 1]) == (Decimal("0.83"), Decimal("0.17"))
    assert split(Decimal("10.00"), []) == ()
    assert split(Decimal("10.00"), [0, 0]) == (Decimal("0.00"), Decimal("0.00"))
    assert split(Decimal("0.03"), [1, 2, 4]) == (Decimal("0.00"), Decimal("0.01"), Decimal("0.02"))


def test_a_lines_amount_is_shared_by_counted_time() -> None:
    """Care manager 45 minutes, another 15, consultant 20, and a call that does not count."""
    facts = a_month(
        entries=(
            an_entry(1, 20),
            an_entry(2, 20, role=Role.CONSULTANT, performed_by=DR_CHO),
            an_entry(3, 25),
            an_entry(4, 15, performed_by=BEN),
            an_entry(5, 0, performed_by=BEN, role=Role.CONSULTANT),
        )
    )
    weighed = result(facts)
    assert time_shares(facts, weighed, Decimal("144.96")) == (
        TimeShare(member_id=ANA, role=Role.CARE_MANAGER, seconds=2700, amount=Decimal("81.54")),
        TimeShare(member_id=BEN, role=Role.CARE_MANAGER, seconds=900, amount=Decimal("27.18")),
        TimeShare(member_id=DR_CHO, role=Role.CONSULTANT, seconds=1200, amount=Decimal("36.24")),
    )


def test_no_amount_is_shared_by_the_time_of_another_month() -> None:
    """The result is that of the facts, or there is none."""
    with pytest.raises(ValueError, match="shorter than"):
        time_shares(a_month(30, 30), result(a_month(60)), Decimal("144.96"))


def test_rules_are_worked_out_once() -> None:
    """The same month, practice and payer give the very same rule set."""
    rules = rules_for(NOVEMBER, PracticeRules(), TEST_PAYER)
    assert rules_for(NOVEMBER, PracticeRules(), TEST_PAYER) is rules


def test_a_rate_without_its_first_day_is_named() -> None:
    """A row without `from` says so."""
    assert parse_rates([{"code": "99492", "usd": "1"}]) == (
        RateProblem(row=1, field="from", message="'' is not a date. Write 2026-11-22."),
    )
