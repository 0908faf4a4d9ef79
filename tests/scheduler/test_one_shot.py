"""A program that sends once, for cron: it cannot watch its clock, so it trusts it."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from scheduler.outbox import LEASE
from services.messages.deliveries import State
from tests.support.outbox_scene import DIGEST, EVERYTHING, MINUTE, MONTH_END, OutboxScene, played


def test_a_program_that_runs_once_sends_what_it_can_and_says_what_waits() -> None:
    """Called again at the same instant it goes on from there, and tries once more what was refused."""

    async def scene(outbox: OutboxScene) -> None:
        outbox.slack.shut_billing()
        outbox.network.to_come.append("limited")
        await outbox.plan()
        waiting = await outbox.sender(one_shot=True).drain(0)
        assert {row.period for row in waiting} == {DIGEST, MONTH_END}
        waiting = await outbox.sender(one_shot=True).drain(2 * MINUTE)
        assert {row.period for row in waiting} == {MONTH_END}
        outbox.slack.open_billing()
        assert await outbox.sender(one_shot=True).drain(2 * MINUTE) == ()

    assert played(scene).seen() == EVERYTHING


def test_a_program_that_runs_once_takes_over_by_the_clock() -> None:
    """A tick a minute after one that was killed while sending need not watch it for the time of a lease."""

    async def scene(outbox: OutboxScene) -> None:
        await outbox.plan()
        abandoned = replace(
            outbox.row(DIGEST), state=State.SENDING, version=2, wait_seconds=LEASE, attempts=1
        )
        assert outbox.shelf.swap(abandoned)
        outbox.clock.shows += timedelta(minutes=1)
        begun = asyncio.get_running_loop().time()
        await outbox.sender(one_shot=True).drain(MINUTE)
        assert outbox.row(DIGEST).state is State.SENT
        assert asyncio.get_running_loop().time() - begun < LEASE

    played(scene)
