"""Local times as instants: change-overs, and dates that a zone skipped."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from scheduler.local_time import instant_of, start_of
from tests.support.zones import (
    DAY,
    FIRST,
    LAST,
    ODD_ZONES,
    change_overs,
    dates,
    different_zones,
    expected_due,
)

NEW_YORK = ZoneInfo("America/New_York")
APIA = ZoneInfo("Pacific/Apia")
HOURS = tuple(time(hour) for hour in range(24))
#: Zones are shared out, so that workers can take their part.
SHARES = 16


def test_an_ordinary_time_is_due_when_the_clock_shows_it() -> None:
    """Half past eight in New York in December is half past one in UTC's afternoon."""
    assert instant_of(date(2026, 12, 1), time(8, 30), NEW_YORK) == datetime(2026, 12, 1, 13, 30, tzinfo=UTC)


def test_a_time_that_does_not_exist_is_due_at_the_next_instant_that_does() -> None:
    """Half past two is skipped in spring; it is due at three, which is also when two o'clock is due."""
    three = datetime(2026, 3, 8, 7, 0, tzinfo=UTC)
    assert instant_of(date(2026, 3, 8), time(2, 30), NEW_YORK) == three
    assert instant_of(date(2026, 3, 8), time(2, 0), NEW_YORK) == three


def test_a_time_that_happens_twice_is_due_the_first_time() -> None:
    """Half past one comes twice in autumn; it is due while summer time still holds."""
    assert instant_of(date(2026, 11, 1), time(1, 30), NEW_YORK) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


def test_nothing_is_due_on_a_date_that_the_zone_skipped() -> None:
    """Samoa went from 29 to 31 December 2011; the 31st begins where the 29th ended."""
    assert instant_of(date(2011, 12, 30), time(8, 30), APIA) is None
    assert start_of(date(2011, 12, 30), APIA) == start_of(date(2011, 12, 31), APIA)
    assert start_of(date(2011, 12, 31), APIA) == datetime(2011, 12, 30, 10, 0, tzinfo=UTC)


def test_a_day_can_begin_at_one_o_clock() -> None:
    """Where clocks go forward at midnight, midnight itself is due at one."""
    beirut = ZoneInfo("Asia/Beirut")
    begins = datetime(2026, 3, 28, 22, 0, tzinfo=UTC)
    assert instant_of(date(2026, 3, 29), time(0, 0), beirut) == begins
    assert start_of(date(2026, 3, 29), beirut) == begins


@pytest.mark.parametrize("name", ODD_ZONES)
def test_around_every_change_over_each_hour_is_due_once(name: str) -> None:
    """From 1970 to 2037, two days either side: as the local clock has it, at any hour."""
    zone = ZoneInfo(name)
    for change in change_overs(name):
        near = change.astimezone(zone).date()
        for day in dates(near - 2 * DAY, near + 2 * DAY):
            for at in HOURS:
                assert instant_of(day, at, zone) == expected_due(name, day, at), (day, at)


def test_the_clock_on_the_wall_knows_the_dates_that_zones_skipped() -> None:
    """The oracle of these tests finds the skipped dates by itself, and no others."""
    skipped = {
        (name, day)
        for name in ODD_ZONES
        for change in change_overs(name)
        for day in dates(change.date() - 2 * DAY, change.date() + 2 * DAY)
        if expected_due(name, day, time(12)) is None
    }
    assert skipped == {("Pacific/Apia", date(2011, 12, 30)), ("Pacific/Kwajalein", date(1993, 8, 21))}


@pytest.mark.soak
@pytest.mark.parametrize("share", range(SHARES))
def test_each_hour_of_each_date_is_due_once(share: int) -> None:
    """In every zone, on every date from 1970 to 2037, at every full hour: as the local clock has it."""
    uncached = instant_of.__wrapped__
    for name in different_zones()[share::SHARES]:
        zone = ZoneInfo(name)
        for day in dates(FIRST.date(), LAST.date() - DAY):
            for at in HOURS:
                assert uncached(day, at, zone) == expected_due(name, day, at), (name, day, at)
