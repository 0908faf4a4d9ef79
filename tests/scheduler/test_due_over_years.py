"""Ticking through change-overs in the zones of the world: everything due once, at the first tick after it."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from random import Random
from types import MappingProxyType
from zoneinfo import ZoneInfo

import pytest

from billing.people import MemberRole
from scheduler.due import owed
from scheduler.jobs import Job, first_of_month, last_month, this_day
from services.audience import Person
from services.deliveries import BILLING, Delivered, JobName, Key, Recipient
from tests.support.owing import practice, utc
from tests.support.zones import DAY, ODD_ZONES, change_overs, dates, different_zones, expected_due

CARE_MANAGERS = frozenset({MemberRole.CARE_MANAGER})
HALF_AN_HOUR = timedelta(minutes=30)
SERVED_SINCE = utc("1960-01-01 00:00")
SHARES = 16

DAILY = Job(
    name=JobName.DIGEST,
    roles=CARE_MANAGERS,
    at=time(8, 30),
    own_time=True,
    days=lambda _day, _off: True,
    period=this_day,
)
MONTHLY = Job(
    name=JobName.MONTH_END,
    at=time(8),
    days=first_of_month,
    period=last_month,
    useful=45 * DAY,
    looks_back=True,
)


def people_at_every_hour(zone: ZoneInfo) -> tuple[Person, ...]:
    return tuple(
        Person(member_id=hour, roles=CARE_MANAGERS, zone=zone, digest_at=time(hour)) for hour in range(24)
    )


def ticks(first: datetime, last: datetime) -> Iterator[datetime]:
    while first <= last:
        yield first
        first += HALF_AN_HOUR


def check_change_over(name: str, change: datetime) -> int:
    """Tick from three days before a change-over to three days after it.

    Returns:
        How many occurrences were seen.
    """
    zone = ZoneInfo(name)
    people = people_at_every_hour(zone)
    hour = change.astimezone(zone).hour
    clinic = practice(zone=zone, times=MappingProxyType({JobName.MONTH_END: time(hour)}))
    begin, end = change - 3 * DAY, change + 3 * DAY
    met: dict[Key, datetime] = {}
    for now in ticks(begin, end):
        delivered = Delivered(keys=frozenset(met), since=SERVED_SINCE)
        for each in owed(now, people, clinic, delivered, (DAILY, MONTHLY)):
            assert each.key not in met
            met[each.key] = now
    expected: dict[Key, datetime] = {}
    for day in dates((begin - DAY).date(), (end + DAY).date()):
        for each in range(24):
            due = expected_due(name, day, time(each))
            if due is not None:
                expected[f"digest:{day}", Recipient(each)] = due
        due = expected_due(name, day, time(hour))
        if day.day == 1 and due is not None:
            expected[f"month_end:{last_month(day)}", BILLING] = due
    inside = {key: due for key, due in expected.items() if begin < due <= end}
    assert inside.keys() <= met.keys(), inside.keys() - met.keys()
    for key, due in inside.items():
        assert met[key] - HALF_AN_HOUR < due <= met[key], key
    # What else came was due before the first tick.
    assert all(met[key] == begin for key in met.keys() - inside.keys())
    return len(inside)


@pytest.mark.parametrize("name", ODD_ZONES)
def test_everything_is_owed_once_around_change_overs(name: str) -> None:
    """Dailies at each hour, and the month end at the hour of the change, over a sample of change-overs."""
    changes = change_overs(name)
    sample = Random(1970).sample(changes, k=min(3, len(changes)))
    assert all(check_change_over(name, change) >= 5 * 24 for change in sample)


@pytest.mark.parametrize("change", ["2026-03-08 07:00", "2026-11-01 06:00", "2015-11-01 06:00"])
def test_everything_is_owed_once_when_new_york_changes_its_clocks(change: str) -> None:
    """Also where the month begins with the change-over."""
    assert utc(change) in change_overs("America/New_York")
    check_change_over("America/New_York", utc(change))


def test_a_date_that_samoa_skipped_is_owed_to_nobody() -> None:
    """Between 29 and 31 December 2011 nobody in Apia is owed anything for the 30th."""
    (change,) = (
        change for change in change_overs("Pacific/Apia") if change.year == 2011 and change.month == 12
    )
    check_change_over("Pacific/Apia", change)


@pytest.mark.parametrize("name", ["America/New_York", "Africa/Cairo", "Asia/Kolkata"])
def test_every_month_s_end_is_owed_once_from_1970_to_2037(name: str) -> None:
    """Not a second before it is due, then at once, in every month; each month at another hour."""
    zone = ZoneInfo(name)
    known: set[Key] = {("month_end:1969-12", BILLING)}
    months = [day for day in dates(utc("1970-02-01").date(), utc("2037-12-01").date()) if day.day == 1]
    for number, day in enumerate(months):
        at = time(number % 24)
        clinic = practice(zone=zone, times=MappingProxyType({JobName.MONTH_END: at}))
        due = expected_due(name, day, at)
        assert due is not None
        delivered = Delivered(keys=frozenset(known), since=SERVED_SINCE)
        assert owed(due - timedelta(seconds=1), (), clinic, delivered, (MONTHLY,)) == ()
        (found,) = owed(due, (), clinic, delivered, (MONTHLY,))
        assert found.key == (f"month_end:{last_month(day)}", BILLING)
        known.add(found.key)


@pytest.mark.parametrize("seed", range(20))
def test_jumps_of_the_clock_and_pauses_lose_nothing_and_double_nothing(seed: int) -> None:
    """A clock that jumps by two hours to and fro, ticks out of turn and pauses of hours: each digest once."""
    chance = Random(seed)
    zone = ZoneInfo(chance.choice(ODD_ZONES))
    # Whose digests come between six and eighteen, so that no jump skips the rest of their day.
    people = people_at_every_hour(zone)[6:19]
    change = chance.choice(change_overs(zone.key) or (utc("2026-03-08 07:00"),))
    begin, end = change - 5 * DAY, change + 5 * DAY
    clinic = practice(zone=zone)
    met: Counter[Key] = Counter()
    since: datetime | None = None
    now, offset = begin, timedelta(0)
    while now < end:
        for at in (now + offset, *([now + 400 * DAY] if chance.random() < 0.01 else [])):
            found = owed(at, people, clinic, Delivered(keys=frozenset(met), since=since), (DAILY,))
            met.update(each.key for each in found)
            if found:
                since = at if since is None else min(since, at)
        if chance.random() < 0.05:
            offset = timedelta(hours=chance.choice([-2, 0, 2]))
        now += timedelta(minutes=chance.choice([1, 7, 30, 90]))
    assert set(met.values()) == {1}
    for day in dates((begin + 2 * DAY).date(), (end - 2 * DAY).date()):
        for each in people:
            assert each.digest_at is not None
            if expected_due(zone.key, day, each.digest_at) is not None:
                assert met[f"digest:{day}", Recipient(each.member_id)] == 1


@pytest.mark.soak
@pytest.mark.parametrize("share", range(SHARES))
def test_everything_is_owed_once_around_every_change_over(share: int) -> None:
    """Every change-over of every zone from 1970 to 2037."""
    for name in different_zones()[share::SHARES]:
        for change in change_overs(name):
            check_change_over(name, change)
