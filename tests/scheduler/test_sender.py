"""One outbox, a node or two, and a Slack that takes messages in its own way: what people see in the end."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from structlog.testing import capture_logs

from scheduler.attempt import CANNOT_COMPOSE
from scheduler.outbox import LEASE, REFUSED_RETRY
from services.messages.deliveries import BILLING, Delivery, State, random_id
from services.messages.kind import Part
from tests.support.outbox_scene import (
    DIGEST,
    EVERYTHING,
    MINUTE,
    MONTH,
    MONTH_END,
    MORNINGS,
    OutboxScene,
    drained,
    played,
)
from tests.support.owing import person
from tests.support.shelf import Connection, ConnectionLostError
from tests.support.slack_simulated import SHUT


def test_the_month_end_comes_with_its_files_in_its_thread() -> None:
    """And each person's morning message beside it; a second tick finds nothing owed."""

    async def scene(outbox: OutboxScene) -> None:
        assert await outbox.plan() == 5
        assert await outbox.plan() == 0
        assert await outbox.sender().drain(MINUTE) == ()
        assert await outbox.sender().drain(MINUTE) == ()

    outbox = played(scene)
    assert outbox.seen() == EVERYTHING
    message = outbox.row(MONTH_END)
    assert {shown.thread_ts for shown in outbox.shown if shown.part is not Part.MESSAGE} == {message.ts}
    assert {row.state for row in outbox.shelf.rows.values()} == {State.SENT}


@pytest.mark.parametrize(
    "fates",
    [
        ["drop_after"],
        ["drop_before"],
        ["drop_after", "drop_after", "drop_after"],
        ["limited", "limited", "error"],
        ["error", "well", "error", "limited"],
        ["hang"],
        ["hang", "hang", "drop_before", "limited"],
        ["drop_before"] * 8,
    ],
    ids=" ".join,
)
def test_whatever_slack_does_everything_comes_once(fates: list[str]) -> None:
    """Accepted and hung up on, refused with 503, told to wait, never answered."""

    async def scene(outbox: OutboxScene) -> None:
        outbox.network.to_come.extend(fates)
        assert await drained(outbox, timeout_seconds=30 * MINUTE) == ()

    assert played(scene).seen() == EVERYTHING


def test_a_message_that_slack_took_and_hung_up_on_is_soon_found() -> None:
    """Its files need not wait for the settle time."""

    async def scene(outbox: OutboxScene) -> None:
        outbox.network.to_come.extend(["drop_after", "drop_after"])
        assert await drained(outbox, timeout_seconds=10) == ()

    assert played(scene).seen() == EVERYTHING


@pytest.mark.parametrize("steps", range(1, 16))
def test_a_node_that_dies_in_any_step_is_taken_over_within_a_minute(steps: int) -> None:
    """By one that knows nothing of it; in the end everything was seen once."""

    class Mortal(Connection):
        """Dies after so many writes, before it learns of the last."""

        writes = 0

        async def swap(self, after: Delivery) -> bool:
            done = await super().swap(after)
            self.writes += 1
            if self.writes >= steps:
                self.is_cut = True
                await asyncio.sleep(3600)
            return done

    async def scene(outbox: OutboxScene) -> None:
        await outbox.plan()
        mortal = Mortal(outbox.shelf)
        first = asyncio.create_task(outbox.sender(mortal).run())
        await outbox.until(lambda: mortal.is_cut or not outbox.shelf.open(), within=MINUTE)
        held = [row for row in outbox.shelf.open() if row.state is State.SENDING]
        first.cancel()
        second = outbox.sender()
        running = asyncio.create_task(second.run())
        await outbox.until(
            lambda: all(outbox.shelf.rows[row.delivery_id].version > row.version for row in held),
            within=MINUTE,
        )
        await outbox.until(lambda: not outbox.shelf.open(), within=10 * MINUTE)
        second.stop()
        await running

    assert played(scene).seen() == EVERYTHING


def test_an_idle_node_notices_a_dead_one_within_a_minute() -> None:
    """Its look at the outbox and the lease together take less."""

    async def scene(outbox: OutboxScene) -> None:
        running = asyncio.create_task(outbox.sender().run())
        await asyncio.sleep(3 * MINUTE + 0.5)
        await outbox.plan()
        digest = outbox.row(DIGEST)
        abandoned = replace(digest, state=State.SENDING, version=2, wait_seconds=LEASE, attempts=1)
        assert outbox.shelf.swap(abandoned)
        await outbox.until(lambda: outbox.row(DIGEST).version > 2, within=MINUTE)
        running.cancel()

    played(scene)


def test_a_clock_that_jumps_ahead_shortens_no_settle_time() -> None:
    """Slack accepts 29 seconds after a call that hung; a jump by two hours in between makes no second copy."""

    async def scene(outbox: OutboxScene) -> None:
        outbox.network.hangs_for = 29
        outbox.network.to_come.append("hang")
        outbox.roll.people = (person(1),)
        await outbox.plan()
        senders = [outbox.sender(), outbox.sender()]
        running = [asyncio.create_task(sender.run()) for sender in senders]
        await asyncio.sleep(18)
        outbox.clock.shows += timedelta(hours=2)
        for sender in senders:
            sender.wake()
        await outbox.until(lambda: not outbox.shelf.open(), within=10 * MINUTE)
        await asyncio.sleep(MINUTE)
        for each in running:
            each.cancel()

    assert played(scene).seen() == [MORNINGS[0], *MONTH]


def test_a_claim_that_took_too_long_is_not_acted_upon() -> None:
    """A node whose database answers after the lease has been taken over says nothing to Slack."""

    class Sluggish(Connection):
        async def swap(self, after: Delivery) -> bool:
            done = await super().swap(after)
            await asyncio.sleep(5 * MINUTE)
            return done

    async def scene(outbox: OutboxScene) -> None:
        await outbox.plan()
        slow = asyncio.create_task(outbox.sender(Sluggish(outbox.shelf)).run())
        await asyncio.sleep(1)
        assert await outbox.sender().drain(10 * MINUTE) == ()
        await asyncio.sleep(10 * MINUTE)
        slow.cancel()

    assert played(scene).seen() == EVERYTHING


def test_a_morning_of_many_is_not_read_for_every_message() -> None:
    """What one look found ready is sent before the next, and everybody is told once."""

    class Counting(Connection):
        looks = 0

        async def open(self) -> tuple[Delivery, ...]:
            self.looks += 1
            return await super().open()

    async def scene(outbox: OutboxScene) -> None:
        outbox.roll.people = tuple(person(number) for number in range(1, 201))
        await outbox.plan()
        connection = Counting(outbox.shelf)
        assert await outbox.sender(connection).drain(MINUTE) == ()
        assert connection.looks < 20

    assert played(scene).seen() == sorted([f"{DIGEST} message"] * 198 + EVERYTHING)


def test_nothing_to_say_is_no_message_and_no_files() -> None:
    """It is over all the same, and is not owed again."""

    async def scene(outbox: OutboxScene) -> None:
        outbox.words.nothing = frozenset({DIGEST, MONTH_END})
        assert await drained(outbox) == ()
        assert await outbox.plan() == 0

    outbox = played(scene)
    assert outbox.seen() == []
    assert {row.state for row in outbox.shelf.rows.values()} == {State.SILENT}


def test_what_is_not_wanted_now_comes_when_it_is() -> None:
    """The digest waits for the end of a snooze, and its files for a month end that somebody put off."""

    async def scene(outbox: OutboxScene) -> None:
        outbox.words.not_now = {DIGEST: 90, MONTH_END: 200}
        await outbox.plan()
        running = asyncio.create_task(outbox.sender().run())
        await asyncio.sleep(60)
        assert outbox.seen() == []
        outbox.words.not_now.clear()
        await outbox.until(lambda: {row.state for row in outbox.rows(DIGEST)} == {State.SENT}, within=60)
        assert outbox.seen() == MORNINGS
        await outbox.until(lambda: not outbox.shelf.open(), within=5 * MINUTE)
        running.cancel()

    assert played(scene).seen() == EVERYTHING


def test_a_database_that_fails_while_composing_is_no_fault_of_the_message() -> None:
    """It is left to its lease, and nobody is told that the program is at fault."""

    async def scene(outbox: OutboxScene) -> None:
        outbox.words.store_fails = {DIGEST}
        await outbox.plan()
        running = asyncio.create_task(outbox.sender().run())
        await asyncio.sleep(10)
        assert {row.state for row in outbox.rows(DIGEST)} == {State.SENDING}
        outbox.words.store_fails.clear()
        await outbox.until(lambda: not outbox.shelf.open(), within=5 * MINUTE)
        running.cancel()

    assert played(scene).seen() == EVERYTHING


def test_a_message_that_cannot_be_composed_stops_no_other() -> None:
    """It waits for somebody to fix it, with a reason and without a word of what went wrong inside."""

    async def scene(outbox: OutboxScene) -> None:
        outbox.words.faulty.add(DIGEST)
        left = await drained(outbox)
        assert [(one.period, one.state, one.code) for one in left] == 2 * [
            (DIGEST, State.FAILED, CANNOT_COMPOSE)
        ]
        assert outbox.seen() == MONTH
        outbox.words.faulty.clear()
        assert await outbox.sender().drain(2 * REFUSED_RETRY) == ()

    assert played(scene).seen() == EVERYTHING


def test_nothing_of_what_went_wrong_inside_is_logged() -> None:
    """An exception's text may hold an MRN; the log has its kind alone."""

    async def scene(outbox: OutboxScene) -> None:
        outbox.words.faulty.add(DIGEST)
        await drained(outbox)

    with capture_logs() as logged:
        played(scene)
    assert "KeyError" in str(logged)
    assert "MRN0042" not in str(logged)


def test_a_refused_month_end_is_told_to_the_administrators_and_comes_when_it_is_fixed() -> None:
    """Once a day for each reason; ten minutes or so after the bot was let in, the month end comes whole."""

    async def scene(outbox: OutboxScene) -> None:
        outbox.slack.shut_billing()
        waiting = await drained(outbox)
        assert {row.period for row in waiting} == {MONTH_END}
        assert await outbox.plan() == 1
        await outbox.sender().drain(MINUTE)
        assert await outbox.plan() == 0
        assert outbox.seen() == [*MORNINGS, f"trouble:{SHUT}:2026-12-01 message"]
        outbox.slack.open_billing()
        assert await outbox.sender().drain(2 * REFUSED_RETRY) == ()

    outbox = played(scene)
    assert [period for period in outbox.seen() if period.startswith("month_end")] == MONTH


def test_what_could_not_be_sent_while_it_was_of_use_lapses() -> None:
    """A digest for which Slack had no ear until midnight is not sent the day after."""

    async def scene(outbox: OutboxScene) -> None:
        outbox.words.faulty.add(DIGEST)
        await drained(outbox)
        outbox.words.faulty.clear()
        outbox.clock.shows += timedelta(hours=16)
        assert await outbox.sender().drain(2 * REFUSED_RETRY) == ()

    outbox = played(scene)
    assert {row.state for row in outbox.rows(DIGEST)} == {State.LAPSED}
    assert outbox.seen() == MONTH


def test_a_node_that_is_stopped_ends_what_it_began() -> None:
    """What is being sent is answered and stored; the rest is left to the others."""

    async def scene(outbox: OutboxScene) -> None:
        await outbox.plan()
        sender = outbox.sender()
        running = asyncio.create_task(sender.run())
        await asyncio.sleep(0.05)
        sender.stop()
        await running
        assert all(row.state in {State.NEW, State.SENT} for row in outbox.shelf.rows.values())
        assert any(row.state is State.SENT for row in outbox.shelf.rows.values())
        assert await outbox.sender().drain(MINUTE) == ()

    assert played(scene).seen() == EVERYTHING


def test_a_sender_lives_through_a_database_that_is_away() -> None:
    """It looks again some seconds later, and nothing was lost."""

    class Away(Connection):
        away = True

        async def open(self) -> tuple[Delivery, ...]:
            if self.away:
                raise ConnectionLostError
            return await super().open()

    async def scene(outbox: OutboxScene) -> None:
        await outbox.plan()
        connection = Away(outbox.shelf)
        running = asyncio.create_task(outbox.sender(connection).run())
        await asyncio.sleep(MINUTE)
        assert outbox.seen() == []
        connection.away = False
        await outbox.until(lambda: not outbox.shelf.open(), within=MINUTE)
        running.cancel()

    assert played(scene).seen() == EVERYTHING


def test_what_is_put_into_the_outbox_goes_out_at_once() -> None:
    """Waking an idle sender is enough."""

    async def scene(outbox: OutboxScene) -> None:
        sender = outbox.sender()
        running = asyncio.create_task(sender.run())
        await asyncio.sleep(1)
        await outbox.plan()
        sender.wake()
        await outbox.until(lambda: outbox.row(DIGEST).state is State.SENT, within=2)
        running.cancel()

    played(scene)


def test_each_delivery_has_an_id_that_tells_nothing() -> None:
    """Random, and long enough never to come twice."""
    ids = {random_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert {len(each) for each in ids} == {16}


def test_nothing_goes_to_the_channel_faster_than_one_a_second() -> None:
    """The message and its two files come a second apart at least."""

    async def scene(outbox: OutboxScene) -> None:
        assert await drained(outbox) == ()

    outbox = played(scene)
    at = [shown.at for shown in outbox.shown if shown.recipient == BILLING]
    assert len(at) == 3
    assert all(after - before >= 1 for before, after in pairwise(at))
    assert outbox.slack.paced == 0
