"""Several `cocm serve` on one database: what is owed comes once, from whichever of them, by the alarm clock alone."""

import asyncio
from datetime import timedelta
from random import Random

import pytest

from services.clock import SystemClock
from storage import Database
from tests.support.bot import clinic_with_bot
from tests.support.caseloads import in_care, month_last_due, worked
from tests.support.mornings import CHANNEL, HANGS_SECONDS, Morning, morning
from tests.support.practice import TryPractice
from tests.support.reading import words
from tests.support.serving import environment, serving
from tests.support.slack import running_slack

POST, SHARE = "chat.postMessage", "files.completeUploadExternal"
#: The calls of which sending consists.
STEPS = ("conversations.open", POST, "files.getUploadURLExternal", "upload", SHARE)


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


async def test_one_node_sends_what_is_due_by_itself(sqlite_url: str) -> None:
    """A first start owes the month end before it: the summary and its files come without anybody asking."""
    last_month_was_worked(sqlite_url)
    async with running_slack(clinic_with_bot()) as slack:
        channel = slack.world.channels["C0BILLING"]
        async with serving(environment(slack, sqlite_url, COCM_BILLING_CHANNEL="C0BILLING"), "--socket"):
            await slack.until(
                lambda: sum(len(one.files) for one in channel.messages.values()) == 2, "both files"
            )
        summary, *files = channel.messages.values()
        assert "provisional" in words(summary)
        assert {file.name.rpartition(".")[2] for one in files for file in one.files} == {"xlsx", "csv"}
        assert slack.world.violations == []


def check_all_came_once(served: Morning) -> None:
    """Each digest once, to its own care manager; November's summary once, with one of each file in its thread."""
    digests = served.digests()
    assert {mrn: len(messages) for mrn, messages in digests.items()} == dict.fromkeys(digests, 1)
    assert [mrn for mrn, (digest,) in digests.items() if mrn not in words(digest)] == []
    summary, *others = served.shown(CHANNEL)
    assert "November 2026" in words(summary)
    assert sorted(file.name for each in others for file in each.files) == [
        "cocm-2026-11-draft.csv",
        "cocm-2026-11-draft.xlsx",
    ]
    assert [each.thread_ts for each in others] == [summary.ts, summary.ts]
    assert served.slack.world.violations == []
    assert "MRN" not in served.log()


@pytest.mark.parametrize(
    ("kind", "nodes"),
    [("sqlite", 2), pytest.param("postgres", 4, marks=[pytest.mark.postgres, pytest.mark.soak])],
)
async def test_a_rolling_restart_loses_and_repeats_nothing(
    kind: str, nodes: int, request: pytest.FixtureRequest
) -> None:
    """Programs on one database, a SQLite file too, ended one after the other while they send, and each replaced."""
    url = request.getfixturevalue(f"{kind}_url")
    async with morning(url, nodes=nodes, people=20 * nodes, minutes=1, seed=1) as served:
        served.slack.fail_next(POST, "latency", times=1000, seconds=HANGS_SECONDS)
        await served.start(range(nodes))
        assert await served.restart_each(while_calling=POST) == [0] * nodes
        await served.until_nothing_is_owed(within=600)
    check_all_came_once(served)
    assert served.ended_busy >= 1


@pytest.mark.postgres
async def test_nodes_that_die_in_the_midst_of_sending_lose_and_repeat_nothing(postgres_url: str) -> None:
    """Two of four die while a file is being shared, two while digests are being posted; others take over.

    The waiting is for leases, which last as long here as in a clinic: shorter ones would be another program's.
    """
    async with morning(postgres_url, nodes=4, people=40, minutes=2, seed=1) as served:
        died = await served.start_and_kill(range(4), [SHARE])
        # Clocks differ. By those of the newcomers, the second half of the digests is due.
        died = await served.start_and_kill(died, [POST], later=timedelta(minutes=2))
        await served.start(died, later=timedelta(minutes=2))
        await served.until_nothing_is_owed(within=600)
    check_all_came_once(served)
    assert served.kills >= 3
    assert served.cut_off[SHARE] >= 1
    assert served.cut_off[POST] >= 1


@pytest.mark.soak
@pytest.mark.postgres
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", range(1, 4))
async def test_eight_nodes_killed_two_at_a_time_for_two_minutes(postgres_url: str, seed: int) -> None:
    """At random moments, and at every step of sending: every digest and the month end come exactly once."""
    chance, loop = Random(seed), asyncio.get_running_loop()
    async with morning(postgres_url, nodes=8, people=160, minutes=4, seed=seed) as served:
        died = await served.start_and_kill(range(8), [SHARE])
        end = loop.time() + 120
        while loop.time() < end:
            died = await served.start_and_kill(died, chance.choice([(), [POST], STEPS]), patience=10)
        await served.start(died)
        await served.until_nothing_is_owed(within=900)
    check_all_came_once(served)
    assert served.kills >= 10
    assert served.cut_off[SHARE] >= 1
    assert served.cut_off.total() >= 5
