"""Several `cocm serve` on one database: what is owed comes once, from whichever of them, by the alarm clock alone."""

from collections import Counter
from contextlib import AsyncExitStack

import pytest

from services.clock import SystemClock
from storage import Database
from tests.support.bot import clinic_with_bot
from tests.support.caseloads import in_care, month_last_due, worked
from tests.support.practice import TryPractice
from tests.support.reading import words
from tests.support.serving import environment, serving
from tests.support.slack import LocalSlack, running_slack

NODES = 3


def last_month_was_worked(database_url: str) -> None:
    """Ana called a patient on the first day of the month before."""
    database = Database.open(database_url)
    try:
        practice = TryPractice(database)
        now = SystemClock().now()
        day = month_last_due(now).first_day
        practice.clock.at = now
        ana = practice.member("Ana Flores")
        patient = in_care(practice, ana, "4471", enrolled_on=day, initial_assessment_on=day)
        worked(practice, ana, patient, 75, day)
    finally:
        database.close()


async def month_ends_shown(slack: LocalSlack, database_url: str, nodes: int) -> Counter[str]:
    """What the billing channel shows once every node has come up, worked, and ended in good order."""
    last_month_was_worked(database_url)
    channel = slack.world.channels["C0BILLING"]
    async with AsyncExitStack() as stack:
        for _ in range(nodes):
            env = environment(slack, database_url, COCM_BILLING_CHANNEL="C0BILLING")
            await stack.enter_async_context(serving(env, "--socket"))
        await slack.until(lambda: sum(len(one.files) for one in channel.messages.values()) == 2, "both files")
    return Counter(
        message.files[0].name.rpartition(".")[2] if message.files else "message"
        for message in channel.messages.values()
        if message.files or "provisional" in words(message)
    )


async def test_one_node_sends_what_is_due_by_itself(sqlite_url: str) -> None:
    """A first start owes the month end before it: the summary and its files come without anybody asking."""
    async with running_slack(clinic_with_bot()) as slack:
        assert await month_ends_shown(slack, sqlite_url, 1) == {"message": 1, "xlsx": 1, "csv": 1}
        assert slack.world.violations == []


@pytest.mark.postgres
async def test_many_nodes_send_it_once(postgres_url: str) -> None:
    """Three programs on one PostgreSQL that start together: one summary, one of each file."""
    async with running_slack(clinic_with_bot()) as slack:
        assert await month_ends_shown(slack, postgres_url, NODES) == {"message": 1, "xlsx": 1, "csv": 1}
        assert slack.world.violations == []
