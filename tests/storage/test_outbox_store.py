"""The outbox as stored: each delivery claimed once, each step taken by one, on both databases."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import pytest

from billing.months import BillingMonth
from services.context import Practice, PracticeSettings
from services.messages.deliveries import (
    BILLING,
    Delivered,
    Delivery,
    DueDelivery,
    Recipient,
    State,
    deliveries_for,
)
from services.messages.kind import Part
from services.messages.store import StoredDeliveries, StoredRoster
from storage import Database, NotFound
from storage.reminders import ReminderChoice
from tests.support.keeping import kept, read
from tests.support.practice import NEW_YORK, SetClock
from tests.support.storing import NOW, SmallPractice

T = TypeVar("T")
ROOT = Path(__file__).parents[2]
RACERS = 8


ANA = Recipient(1)


def owed(period: str = "digest:2026-11-18", recipient: Recipient = ANA, **facts: Any) -> DueDelivery:
    """A digest of today, but for the facts given."""
    return DueDelivery(
        **{
            "kind": period.partition(":")[0],
            "period": period,
            "recipient": recipient,
            "due_at": NOW,
            "useful_until": NOW + timedelta(hours=14),
            **facts,
        }
    )


def parts(*owings: DueDelivery, prefix: str = "d") -> tuple[Delivery, ...]:
    """Their deliveries, with ids that begin with a prefix."""
    numbers = count(1)
    return tuple(
        part for each in owings for part in deliveries_for(each, NOW, lambda: f"{prefix}{next(numbers)}")
    )


def outbox_of(practice: SmallPractice, database: Database) -> StoredDeliveries:
    """The outbox of a practice."""
    return StoredDeliveries(
        Practice(database, SetClock(), PracticeSettings(zone=NEW_YORK), practice.tenant_id)
    )


@pytest.fixture
def outbox(database: Database, practice: SmallPractice) -> StoredDeliveries:
    """The outbox of the practice."""
    return outbox_of(practice, database)


def raced(work: Callable[[int], T]) -> list[T]:
    """What came of the same work done by several threads that start together."""
    gate = threading.Barrier(RACERS)
    found: list[T] = []

    def run(number: int) -> None:
        gate.wait(60)
        found.append(work(number))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(RACERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


async def test_what_is_put_in_comes_out_as_it_was(outbox: StoredDeliveries) -> None:
    """A delivery keeps every fact, and a summary its two files in its thread."""
    deliveries = parts(owed("month_end:2026-10", BILLING, late=True), owed())
    assert await outbox.add(deliveries) == 4

    assert sorted(await outbox.open(), key=lambda each: each.delivery_id) == list(deliveries)
    assert await outbox.by_id("d2") == deliveries[1]
    assert deliveries[1].thread_of == "d1"


async def test_a_delivery_is_put_in_once(outbox: StoredDeliveries) -> None:
    """What is there already is left alone, all its parts, and what is new beside it goes in."""
    await outbox.add(parts(owed("month_end:2026-10", BILLING)))

    again = parts(owed("month_end:2026-10", BILLING), owed(), prefix="e")
    assert await outbox.add(again) == 1
    assert {each.delivery_id for each in await outbox.open()} == {"d1", "d2", "d3", "e4"}


async def test_the_earliest_due_comes_first_and_what_is_final_not_at_all(outbox: StoredDeliveries) -> None:
    """The open part of the outbox is in the order in which it was due, without what was sent."""
    later = owed("digest:2026-11-19", due_at=NOW + timedelta(days=1))
    early = owed("digest:2026-11-17", due_at=NOW - timedelta(days=1))
    await outbox.add(parts(later, owed(), early))
    sent = next(each for each in await outbox.open() if each.period == "digest:2026-11-18")
    assert await outbox.swap(replace(sent, version=2, state=State.SENT, channel="D1", ts="1.0"))

    assert [each.period for each in await outbox.open()] == ["digest:2026-11-17", "digest:2026-11-19"]
    assert (await outbox.by_id(sent.delivery_id)).ts == "1.0"


async def test_the_workbook_comes_before_the_csv_whatever_their_ids(outbox: StoredDeliveries) -> None:
    """Of what is due together, the parts of a message come in the order in which people are to have them."""
    ids = iter("9517")
    await outbox.add(deliveries_for(owed("month_end:2026-10", BILLING), NOW, lambda: next(ids)))
    await outbox.add(parts(owed()))

    assert [each.part for each in await outbox.open() if each.recipient == BILLING] == [
        Part.MESSAGE,
        Part.XLSX,
        Part.CSV,
    ]


async def test_who_holds_an_old_version_writes_nothing(outbox: StoredDeliveries) -> None:
    """The version fences: after a takeover, the one that was slow changes nothing."""
    await outbox.add(parts(owed()))
    (new,) = await outbox.open()
    assert await outbox.swap(replace(new, version=2, state=State.SENDING, attempts=1))

    assert not await outbox.swap(replace(new, version=2, state=State.LAPSED))
    assert not await outbox.swap(replace(new, version=4, state=State.LAPSED))
    (held,) = await outbox.open()
    assert (held.state, held.attempts, held.version) == (State.SENDING, 1, 2)


async def test_what_tells_a_delivery_never_changes(outbox: StoredDeliveries) -> None:
    """A step cannot move a delivery to another person or period."""
    await outbox.add(parts(owed()))
    (new,) = await outbox.open()
    await outbox.swap(replace(new, version=2, period="digest:2030-01-01", recipient=Recipient(9)))
    (after,) = await outbox.open()
    assert (after.period, after.recipient) == (new.period, new.recipient)


async def test_the_outbox_tells_what_it_holds_and_since_when(outbox: StoredDeliveries) -> None:
    """Keys of whatever is still of use, sent or not; and the first planning, however long ago."""
    assert await outbox.delivered(NOW) == Delivered()
    old = owed("digest:2026-01-05", due_at=NOW, useful_until=NOW - timedelta(days=60))
    await outbox.add(tuple(replace(part, planned_at=NOW - timedelta(days=60)) for part in parts(old)))
    await outbox.add(parts(owed("month_end:2026-10", BILLING), prefix="m"))

    delivered = await outbox.delivered(NOW)
    assert delivered.keys == {("month_end:2026-10", BILLING)}
    assert delivered.since == NOW - timedelta(days=60)


async def test_an_unknown_delivery_is_not_found(outbox: StoredDeliveries) -> None:
    """Asking for what was never put in is an error, not an empty answer."""
    with pytest.raises(NotFound):
        await outbox.by_id("nobody")


def test_of_threads_that_claim_the_same_one_wins(database: Database, practice: SmallPractice) -> None:
    """Eight threads put in the same day's messages: each delivery is one thread's, with all its parts."""
    outbox = outbox_of(practice, database)
    owings = [owed("month_end:2026-10", BILLING), *(owed(recipient=Recipient(who)) for who in range(1, 20))]

    def claim(number: int) -> int:
        mine = owings if number % 2 else owings[::-1]
        return asyncio.run(outbox.add(parts(*mine, prefix=f"n{number}-")))

    assert sum(raced(claim)) == len(owings) + 2
    stored = asyncio.run(outbox.open())
    assert len({each.key for each in stored}) == len(owings)
    summary = [each for each in stored if each.kind == "month_end"]
    assert {each.part for each in summary} == set(Part)
    assert len({each.delivery_id.partition("-")[0] for each in summary}) == 1


def test_of_threads_that_take_the_same_step_one_wins(database: Database, practice: SmallPractice) -> None:
    """Eight threads lease the same deliveries: each lease is one thread's, and the others are told."""
    outbox = outbox_of(practice, database)
    asyncio.run(outbox.add(parts(*(owed(recipient=Recipient(who)) for who in range(1, 11)))))
    waiting = asyncio.run(outbox.open())

    def lease(number: int) -> list[bool]:
        async def all_() -> list[bool]:
            return [
                await outbox.swap(replace(each, version=2, state=State.SENDING, code=f"by-{number}"))
                for each in waiting
            ]

        return asyncio.run(all_())

    won = raced(lease)
    assert [sum(took) for took in zip(*won, strict=True)] == [1] * len(waiting)


def test_of_processes_that_claim_the_same_one_wins(
    database_url: str, database: Database, practice: SmallPractice
) -> None:
    """Eight programs on one database put in the same twenty messages: twenty rows, one winner each."""
    program = [sys.executable, "-m", "tests.support.claim_deliveries", database_url, str(practice.tenant_id)]
    racing = [
        subprocess.Popen([*program, f"p{number}"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for number in range(RACERS)
    ]
    claimed = [int(process.communicate()[0]) for process in racing]

    assert sum(claimed) == 20
    assert len(asyncio.run(outbox_of(practice, database).open())) == 20


def test_choices_and_direct_messages_are_kept(database: Database, practice: SmallPractice) -> None:
    """The last choice stands; a direct message is known for the Slack user it was opened with."""
    ana = practice.ana.member_id
    tomorrow = datetime(2026, 11, 19, 14, 0, tzinfo=UTC)

    full = ReminderChoice(
        off=frozenset({"audit", "digest"}),
        times={"true_up": time(7, 15), "missing_entries": time(15)},
        quiet_from=time(18, 30),
        quiet_to=time(7),
        snoozed_until=tomorrow,
    )

    def choose(uow: Any) -> None:
        assert uow.reminder_choices.of_practice() == ReminderChoice()
        uow.reminder_choices.put_for_practice(full)
        uow.reminder_choices.put_for_practice(replace(full, off=frozenset()))
        uow.reminder_choices.put(ana, ReminderChoice(off=frozenset({"digest"})))
        uow.reminder_choices.put(ana, full)
        uow.direct_messages.keep(ana, "U0ANA", "D1")
        uow.direct_messages.keep(ana, "U0ANA", "D2")

    kept(database, choose, practice.tenant_id)

    def look(uow: Any) -> None:
        assert uow.reminder_choices.all() == {ana: full}
        assert uow.reminder_choices.of_practice() == replace(full, off=frozenset())
        assert uow.direct_messages.channel_of(ana, "U0ANA") == "D2"
        assert uow.direct_messages.channel_of(ana, "U0OTHER") is None

    read(database, look, practice.tenant_id)


def test_a_patient_is_set_aside_for_one_month(database: Database, practice: SmallPractice) -> None:
    """Setting aside twice is once, holds for its month, and can be taken back."""
    november, patient = BillingMonth(2026, 11), practice.patient.patient_id

    def decide(uow: Any) -> None:
        uow.set_aside.put(november, patient, by=practice.ana.member_id, at=NOW)
        uow.set_aside.put(november, patient, by=practice.ana.member_id, at=NOW)

    kept(database, decide, practice.tenant_id)
    assert read(database, lambda uow: uow.set_aside.of(november), practice.tenant_id) == {patient}
    assert read(database, lambda uow: uow.set_aside.of(november.plus(1)), practice.tenant_id) == frozenset()
    kept(database, lambda uow: uow.set_aside.take_back(november, patient), practice.tenant_id)
    assert read(database, lambda uow: uow.set_aside.of(november), practice.tenant_id) == frozenset()


async def test_the_audience_is_who_is_in_slack(database: Database, practice: SmallPractice) -> None:
    """Active members with a Slack user come with their choices; administrators by setting are that, too."""

    def settle(uow: Any) -> None:
        uow.members.add(display_name="Outside", roles=frozenset())
        uow.members.add(display_name="Gone", roles=frozenset(), slack_user_id="U0GONE", active=False)
        uow.reminder_choices.put(practice.ana.member_id, ReminderChoice(off=frozenset({"digest"})))

    kept(database, settle, practice.tenant_id)
    settings = PracticeSettings(zone=NEW_YORK, admins=frozenset({"U0ANA"}), has_billing_channel=True)
    roster = StoredRoster(Practice(database, SetClock(), settings, practice.tenant_id))

    audience = await roster.audience()
    (ana,) = audience.people
    assert (ana.member_id, ana.off) == (practice.ana.member_id, frozenset({"digest"}))
    assert {role.value for role in ana.roles} == {"care_manager", "admin"}
    assert (audience.practice.zone, audience.practice.has_billing_channel) == (NEW_YORK, True)
