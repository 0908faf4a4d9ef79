"""A year of ticks over people who choose, change roles and move: nobody is owed two messages in one morning."""

from collections import Counter
from dataclasses import replace
from datetime import date, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from billing.people import MemberRole
from scheduler.due import owed
from services.messages.audience import Person, PracticeTimes, QuietHours
from services.messages.deliveries import BILLING, Delivered, Key, Recipient
from services.messages.kinds import MORNING
from tests.support.owing import utc

ZONES = [ZoneInfo(name) for name in ("America/New_York", "America/Denver", "Pacific/Honolulu")]
NOON = time(12)
PEOPLE = 6
NAMES = sorted(MORNING)


def any_person(chance: Random, member_id: int, zone: ZoneInfo) -> Person:
    """Somebody of any roles, who chose anything, by today's words or by those of an earlier version."""
    times = {name: time(chance.randrange(5, 12), 30) for name in NAMES if chance.random() < 0.2}
    if chance.random() < 0.3:
        times["missing_entries"] = time(chance.randrange(12, 18))
    return Person(
        member_id=member_id,
        roles=frozenset(role for role in MemberRole if chance.random() < 0.5),
        zone=zone,
        digest_at=time(chance.randrange(5, 12)) if chance.random() < 0.4 else None,
        times=times,
        off=frozenset(name for name in (*NAMES, "missing_entries") if chance.random() < 0.15),
        quiet=QuietHours(start=time(18), end=time(chance.randrange(6, 11)))
        if chance.random() < 0.3
        else None,
    )


@pytest.mark.parametrize("seed", range(3))
def test_nobody_is_owed_two_messages_a_morning(seed: int) -> None:
    """Whatever they and the practice choose, and however often they change it."""
    chance = Random(seed)
    zones = [chance.choice(ZONES) for _ in range(PEOPLE)]
    people = [any_person(chance, number, zone) for number, zone in enumerate(zones)]
    practice = PracticeTimes(zone=ZONES[0])
    known: set[Key] = set()
    mornings: Counter[tuple[Recipient, date]] = Counter()
    now = utc("2026-01-01 00:00")
    while now < utc("2027-01-01 00:00"):
        for each in owed(
            now, people, practice, Delivered(keys=frozenset(known), since=utc("2026-01-01 00:00"))
        ):
            assert each.key not in known
            known.add(each.key)
            member_id = each.recipient.member_id
            if each.recipient == BILLING or member_id is None:
                continue
            due = each.due_at.astimezone(zones[member_id])
            if due.time() < NOON:
                mornings[each.recipient, due.date()] += 1
        # What fell due more than eight days ago is not looked at again.
        known = {key for key in known if str(now.date() - timedelta(days=50)) < key[0].partition(":")[2]}
        if chance.random() < 0.02:
            number = chance.randrange(PEOPLE)
            people[number] = any_person(chance, number, zones[number])
        if chance.random() < 0.005:
            off = frozenset(name for name in NAMES if chance.random() < 0.2)
            practice = replace(practice, off=off, times={"digest": time(chance.randrange(6, 11))})
        now += timedelta(minutes=chance.choice([30, 60, 90]))
    assert set(mornings.values()) == {1}
    assert len(mornings) > 200
