"""Ticking through change-overs in the zones of the world: everything due once, at the first tick after it."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from random import Random
from types import MappingProxyType
from zoneinfo import ZoneInfo

import pytest

from billing.months import BillingMonth
from billing.people import MemberRole
from scheduler.due import owed
from services.messages.audience import Person, PracticeTimes
from services.messages.days import Days, last_month, this_day
from services.messages.deliveries import BILLING, Delivered, Key, Recipient
from services.messages.kind import AnyKind, Schedule
from services.messages.kinds import CALENDAR, DIGEST, MONTH_END
from tests.support.owing import practice, utc
from tests.support.zones import DAY, ODD_ZONES, change_overs, dates, different_zones, expected_due

CARE_MANAGERS = frozenset({MemberRole.CARE_MANAGER})
HALF_AN_HOUR = timedelta(minutes=30)
SERVED_SINCE = utc("1960-01-01 00:00")
SHARES = 16
FIRSTS = tuple(day for day in dates(date(1970, 2, 1), date(2037, 12, 1)) if day.day == 1)

#: Every day of the year, working day or not.
DAILY: dict[AnyKind, Schedule] = {
    DIGEST: Schedule(
        days=Days("every day", lambda _day, _off: True), at=time(8, 30), period=this_day, in_morning=True
    )
}
MONTHLY: dict[AnyKind, Schedule] = {MONTH_END: CALENDAR[MONTH_END]}


def people_at_every_hour(zone: ZoneInfo) -> tuple[Person, ...]:
    return tuple(
        Person(member_id=hour, roles=CARE_MANAGERS, zone=zone, digest_at=time(hour)) for hour in range(24)
    )


def ticks(first: datetime, last: datetime) -> Iterator[datetime]:
    while first <= last:
        yield first
        first += HALF_AN_HOUR


def met_while_ticking(
    begin: datetime,
    end: datetime,
    people: Iterable[Person],
    clinic: PracticeTimes,
    calendar: Mapping[AnyKind, Schedule],
) -> dict[Key, datetime]:
    """Tick every half hour; what was owed for the first time at which tick, and nothing twice."""
    met: dict[Key, datetime] = {}
    for now in ticks(begin, end):
        for each in owed(now, people, clinic, Delivered(keys=frozenset(met), since=SERVED_SINCE), calendar):
            assert each.key not in met
            met[each.key] = now
    return met


def check_met(
    met: dict[Key, datetime], expected: dict[Key, datetime | None], begin: datetime, end: datetime
) -> int:
    """Everything due after the first tick was met at the first tick after it; returns how much that was."""
    inside = {key: due for key, due in expected.items() if due is not None and begin < due <= end}
    assert inside.keys() <= met.keys(), inside.keys() - met.keys()
    for key, due in inside.items():
        assert met[key] - HALF_AN_HOUR < due <= met[key], key
    # What else came was due before the first tick.
    assert all(met[key] == begin for key in met.keys() - inside.keys())
    return len(inside)


def check_change_over(name: str, change: datetime) -> int:
    """Tick from three days before a change-over to three days after it; dailies and month ends at every hour.

    Returns:
        How many were seen.
    """
    zone = ZoneInfo(name)
    begin, end = change - 3 * DAY, change + 3 * DAY
    days = tuple(dates((begin - DAY).date(), (end + DAY).date()))
    met = met_while_ticking(begin, end, people_at_every_hour(zone), practice(zone=zone), DAILY)
    expected = {
        (f"digest:{day}", Recipient(hour)): expected_due(name, day, time(hour))
        for day in days
        for hour in range(24)
    }
    seen = check_met(met, expected, begin, end)
    firsts = [day for day in days if day.day == 1]
    for hour in range(24) if firsts else ():
        clinic = practice(zone=zone, times=MappingProxyType({"month_end": time(hour)}))
        met = met_while_ticking(begin, end, (), clinic, MONTHLY)
        due = {
            (f"month_end:{last_month(day)}", BILLING): expected_due(name, day, time(hour)) for day in firsts
        }
        seen += check_met(met, due, begin, end)
    return seen


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


def check_month_ends(name: str, hours: Callable[[int], Iterable[int]]) -> int:
    """Each month from 1970 to 2037, at the hours given by its number: not a second early, then at once, and once.

    Returns:
        How many were seen.
    """
    zone = ZoneInfo(name)
    clinics = [practice(zone=zone, times=MappingProxyType({"month_end": time(hour)})) for hour in range(24)]
    seen = 0
    for number, day in enumerate(FIRSTS):
        key = (f"month_end:{last_month(day)}", BILLING)
        # Those of the two months before are of use still.
        known = frozenset((f"month_end:{BillingMonth.of(day).plus(-back)}", BILLING) for back in (2, 3))
        before, after = (Delivered(keys=keys, since=SERVED_SINCE) for keys in (known, known | {key}))
        for hour in hours(number):
            due = expected_due(name, day, time(hour))
            if due is None:
                continue
            assert owed(due - timedelta(seconds=1), (), clinics[hour], before, MONTHLY) == ()
            (found,) = owed(due, (), clinics[hour], before, MONTHLY)
            assert found.key == key
            assert owed(due, (), clinics[hour], after, MONTHLY) == ()
            seen += 1
    return seen


@pytest.mark.parametrize("name", ["America/New_York", "Africa/Cairo", "Asia/Kolkata"])
def test_every_month_s_end_is_owed_once_from_1970_to_2037(name: str) -> None:
    """In every month; each month at another hour."""
    assert check_month_ends(name, lambda number: [number % 24]) == len(FIRSTS)


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
            found = owed(at, people, clinic, Delivered(keys=frozenset(met), since=since), DAILY)
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
    """Every change-over of every zone from 1970 to 2037: dailies and month ends at every hour."""
    for name in different_zones()[share::SHARES]:
        for change in change_overs(name):
            check_change_over(name, change)


@pytest.mark.soak
@pytest.mark.parametrize("share", range(SHARES))
def test_every_month_s_end_is_owed_once_in_every_zone_at_every_hour(share: int) -> None:
    """Every month of every zone from 1970 to 2037; only a month whose first day a zone skipped has none."""
    for name in different_zones()[share::SHARES]:
        assert check_month_ends(name, lambda _: range(24)) >= 24 * (len(FIRSTS) - 1)
