"""What operators watch of the outbox: how much waits, in which state, and for how long."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cocm.figures import Figures
from services.context import Context, Practice
from services.messages.deliveries import BILLING, DueDelivery, State, deliveries_for, random_id
from services.messages.store import put_in
from storage import Database
from tests.support.practice import NOW, TryPractice


@pytest.fixture
def practice(database: Database) -> TryPractice:
    return TryPractice(database)


def figures(practice: TryPractice) -> Figures:
    return Figures(Practice(practice.database, practice.clock, practice.settings, practice.tenant_id))


def owe(practice: TryPractice) -> None:
    """A month end that has been due for two hours: its message refused, its files not begun."""
    due = NOW - timedelta(hours=2)
    owed = DueDelivery(
        kind="month_end",
        period="month_end:2026-10",
        recipient=BILLING,
        due_at=due,
        useful_until=due + timedelta(days=45),
    )
    message, *files = deliveries_for(owed, due, random_id)

    def keep(context: Context) -> None:
        put_in(context, [replace(message, state=State.FAILED, code="not_in_channel"), *files])
        context.uow.commit()

    practice.do(keep)


async def test_what_waits_is_counted_by_state(practice: TryPractice) -> None:
    """And for how long the oldest has been due; nothing tells what it says or to whom."""
    assert 'cocm_deliveries_waiting{state="failed"} 0.0' in (await figures(practice).text()).decode()
    owe(practice)
    text = (await figures(practice).text()).decode()
    assert 'cocm_deliveries_waiting{state="failed"} 1.0' in text
    assert 'cocm_deliveries_waiting{state="new"} 2.0' in text
    assert "cocm_deliveries_oldest_seconds 7200.0" in text
    assert "2026-10" not in text


async def test_without_a_database_there_are_none(practice: TryPractice) -> None:
    """The page of figures is still answered; readiness says what is wrong."""
    practice.database.close()
    assert await figures(practice).text() == b""
