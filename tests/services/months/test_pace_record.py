"""How well closed months were forecast, from the ledger as it was known on their mornings."""

from dataclasses import replace
from datetime import date
from functools import lru_cache

import pytest

from benchmarks.pace.backtest import Score, backtest
from benchmarks.pace.practice import Practice, simulate
from billing.months import BillingMonth
from billing.people import Member, MemberRole
from services.context import Context
from services.months import close
from services.months.pace_record import MORNINGS, PaceRecord
from services.months.report import month_report
from storage import Database
from tests.support.practice import TryPractice
from tests.support.simulated import move_in

FEBRUARY = BillingMonth(2026, 2)


@lru_cache(maxsize=1)
def simulated() -> Practice:
    """One with a single care manager."""
    return next(found for found in map(simulate, range(50)) if len(found.managers) == 1)


@pytest.fixture
def practice(database: Database) -> TryPractice:
    """A simulated practice up to the fifth of March 2026, and somebody who closes its months."""
    practice = TryPractice(database)

    def fill(context: Context) -> None:
        move_in(context.uow, simulated(), date(2026, 3, 5))
        context.uow.commit()

    practice.do(fill)
    return practice


@pytest.fixture
def sam(practice: TryPractice) -> Member:
    return practice.member("Sam Whitfield", MemberRole.BILLER)


def closed(practice: TryPractice, by: Member, month: BillingMonth = FEBRUARY) -> None:
    def freeze(context: Context) -> None:
        close.freeze_month(context, by, month)
        context.uow.commit()

    practice.do(freeze)


def records(practice: TryPractice, month: BillingMonth = FEBRUARY) -> tuple[PaceRecord, ...]:
    return practice.see(month_report, month, pace=10).pace


def test_a_closed_months_record_is_that_of_the_forecasts_made_of_what_was_known(
    practice: TryPractice, sam: Member
) -> None:
    """Read from the ledger's versions it is what the simulation's own books say; both baselines are beaten."""
    closed(practice, sam)
    (record,) = records(practice)
    assert (record.month, record.people, record.of_people, record.mornings) == (FEBRUARY, 1, 1, len(MORNINGS))
    assert 0 <= record.reached <= record.forecasts
    assert record.brier < min(record.brier_all, record.brier_line)
    assert 0 <= record.hours_off < 100
    own = Score()
    backtest(simulated(), own, months=2, left=(MORNINGS,))
    twins = [one for one in own.outcomes if one.month == FEBRUARY]
    # Whoever leaves on the very day is looked at by one and not by the other.
    assert record.forecasts == pytest.approx(len(twins), rel=0.06)
    mean = sum((one.probability - one.reached) ** 2 for one in twins) / len(twins)
    assert record.brier == pytest.approx(mean, abs=0.02)


def test_an_open_month_has_none_and_nobody_is_asked_unless_it_is_wanted(
    practice: TryPractice, sam: Member
) -> None:
    """What is not over cannot be held against anything; a report's files are made without."""
    assert records(practice) == ()
    closed(practice, sam)
    assert practice.see(month_report, FEBRUARY).pace == ()


def test_what_was_written_since_changes_no_forecast(practice: TryPractice, sam: Member) -> None:
    """Entries made void after the month was closed were known on its mornings, and still are in what these knew."""
    closed(practice, sam)
    before = records(practice)

    def void(context: Context) -> None:
        entries = context.uow.ledger.month(date(2026, 1, 5), date(2026, 1, 20))
        context.uow.ledger.void(
            [one.entry_id for one in entries], by=sam.member_id, at=context.now, reason="a try"
        )
        context.uow.commit()

    practice.do(void)
    assert records(practice) == before


def test_a_month_that_came_with_a_file_was_never_forecast(database: Database) -> None:
    """On its mornings nothing of it was known."""
    practice = TryPractice(database)

    def fill(context: Context) -> None:
        late = [
            replace(one, entries=[replace(entry, written_on=date(2026, 3, 4)) for entry in one.entries])
            for one in simulated().patients
        ]
        move_in(context.uow, Practice(simulated().managers, late), date(2026, 3, 5))
        context.uow.commit()

    practice.do(fill)
    closed(practice, practice.member("Sam Whitfield", MemberRole.BILLER))
    assert records(practice) == ()
