"""Rates as a practice imports them, years without any, and what is said of amounts that lack some."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from billing.charges import Charge
from billing.medicare_rates import MEDICARE
from billing.money import Estimate, estimate
from billing.places import Site
from billing.rules import ConversionFactor, PracticeRules
from services.exports.columns import FileReaders
from services.exports.json_file import json_file
from services.exports.table import lines_table, summary
from services.months.prices import Prices
from services.months.unpriced import NOTHING_UNPRICED, Unpriced, together
from storage import Database
from tests.support.files import loaded
from tests.support.reporting import ReportedPractice

HEADER = "schedule,code,from,to,usd,place,qualifying_apm\n"


@pytest.fixture
def practice(database: Database) -> ReportedPractice:
    return ReportedPractice(database)


def missing(practice: ReportedPractice, today: date) -> tuple[tuple[str, int], ...]:
    return practice.see(lambda context: Prices(context).missing_years(today))


def test_from_december_on_the_next_year_is_looked_for(practice: ReportedPractice) -> None:
    """Before, this year alone; a year that has none is named whenever."""
    assert missing(practice, date(2026, 11, 30)) == ()
    assert missing(practice, date(2026, 12, 1)) == (("Medicare", 2027),)
    assert missing(practice, date(2027, 2, 1)) == (("Medicare", 2027),)
    assert missing(practice, date(2027, 12, 1)) == (("Medicare", 2027), ("Medicare", 2028))


def test_schedules_of_the_practice_are_looked_at_too(practice: ReportedPractice) -> None:
    """Its own takes Medicare's place; one for a payer stands beside it."""
    loaded(practice, "fees", f"{HEADER}Oak,99493,2026-01-01,2026-12-31,90,,\n".encode())
    assert missing(practice, date(2026, 12, 1)) == (("Medicare", 2027), ("Oak", 2027))
    loaded(practice, "fees", f"{HEADER},99493,2026-01-01,,90,,\n".encode())
    assert missing(practice, date(2026, 12, 1)) == (("Oak", 2027),)


def test_place_and_conversion_factor_of_a_rate_are_kept(practice: ReportedPractice) -> None:
    """As imported; a rate that says neither is for all."""
    rows = ",99493,2026-01-01,,80,facility,yes\n,99494,2026-01-01,,40,,\n"
    loaded(practice, "fees", f"{HEADER}{rows}".encode())
    (schedule,) = practice.see(lambda context: context.uow.fee_schedules.all())
    assert [(rate.site, rate.conversion) for rate in schedule.rates] == [
        (Site.FACILITY, ConversionFactor.QUALIFYING_APM),
        (None, None),
    ]


def test_a_hospitals_line_says_that_no_facility_rate_is_on_file(practice: ReportedPractice) -> None:
    """In the table, the totals and JSON; with the rates of the place imported it has an amount."""
    patient = practice.enrolled("123", place_of_service="22")
    practice.works(patient, 62, date(2026, 10, 5))
    practice.reviews(patient, date(2026, 10, 8))
    report = practice.report()
    said = "no Medicare facility rate for 2026 on file"
    assert lines_table(report, FileReaders()).rows[0][-1] == "no rate"
    assert f"Billable: 1 x 99493; estimated: {said} (1 line, 1 unit)." in summary(report, FileReaders())
    written = json.loads(json_file(report, FileReaders()))
    assert (written["lines"][0]["estimated_usd"], written["lines"][0]["estimate_lacks"]) == (None, said)
    totals = written["totals"]
    assert (totals["lines_without_rate"], totals["units_without_rate"], totals["estimate_lacks"]) == (
        1,
        1,
        said,
    )
    assert {one["estimate_lacks"] for one in (*totals["payers"], *written["transfers"])} == {said}
    loaded(practice, "fees", f"{HEADER},99493,2026-01-01,,80,facility,\n".encode())
    assert practice.report().totals.estimated == "estimated $80.00"


def test_a_qualifying_participants_lines_take_the_other_factor(practice: ReportedPractice) -> None:
    """By the practice's setting."""
    practice.billable()
    assert practice.report().totals.estimated == "estimated $144.96"
    practice.set(rules=PracticeRules(conversion_factor=ConversionFactor.QUALIFYING_APM))
    assert practice.report().totals.estimated == "estimated $145.68"


def of(day: date, *charges: Charge) -> tuple[Estimate, tuple[Charge, ...]]:
    return estimate(charges, day, MEDICARE), charges


def test_amounts_say_what_they_lack() -> None:
    """Nothing; everything, in the amount's place; some, beside it."""
    here = Unpriced.of(*of(date(2026, 5, 5), Charge("99493")))
    gone = Unpriced.of(*of(date(2027, 5, 5), Charge("99493"), Charge("99494", 2)))
    part = Unpriced.of(*of(date(2026, 5, 5), Charge("99493"), Charge("G0512")))
    assert here == NOTHING_UNPRICED
    assert (gone.lines, gone.wholly, gone.units) == (1, 1, 3)
    assert (part.lines, part.wholly, part.units) == (1, 0, 1)
    assert here.estimated(Decimal("1144.96"), 1) == "estimated $1,144.96"
    assert gone.estimated(Decimal(0), 1) == "estimated: no Medicare rate for 2027 on file (1 line, 3 units)"
    both = together([here, gone, part])
    assert (both.lines, both.wholly, both.units) == (2, 1, 4)
    assert both.estimated(Decimal("289.92"), 3) == (
        "estimated $289.92 without 2 lines, 4 units: no Medicare rate for 2027 on file; "
        "no Medicare rate of G0512 for 2026 on file"
    )
    assert together([]) == NOTHING_UNPRICED


def test_no_clock_but_the_contexts_is_read(practice: ReportedPractice) -> None:
    """The doctor asks for the practice's own day."""
    practice.at(datetime(2026, 12, 1, 12, tzinfo=UTC))
    assert practice.see(lambda context: Prices(context).missing_years(context.today)) == (("Medicare", 2027),)
