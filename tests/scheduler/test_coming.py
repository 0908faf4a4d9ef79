"""The next morning and the next month end, from anywhere in a month."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from billing.people import MemberRole
from scheduler.coming import next_month_end, next_morning
from services.messages.audience import Person, PracticeTimes

NEW_YORK = ZoneInfo("America/New_York")
PRACTICE = PracticeTimes(zone=NEW_YORK)


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=NEW_YORK)  # type: ignore[misc, arg-type]


def person(role: MemberRole = MemberRole.CARE_MANAGER, **chosen: object) -> Person:
    return Person(member_id=1, roles=frozenset({role}), zone=NEW_YORK, **chosen)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("now", "comes"),
    [
        (at(2026, 11, 27, 16), at(2026, 11, 30, 8, 30)),
        (at(2026, 11, 30, 8, 29), at(2026, 11, 30, 8, 30)),
        (at(2026, 11, 30, 8, 30), at(2026, 12, 1, 8, 30)),
        (at(2026, 11, 25, 12), at(2026, 11, 27, 8, 30)),
        (at(2026, 12, 31, 12), at(2027, 1, 4, 8, 30)),
    ],
)
def test_the_next_morning_is_a_working_days(now: datetime, comes: datetime) -> None:
    """Weekends and federal holidays are passed over; this very instant is not the next."""
    assert next_morning(now, person(), PRACTICE) == comes.astimezone(UTC)


def test_a_morning_is_each_persons_own() -> None:
    """Their zone and the time they chose; the practice's for who gets nothing in the morning."""
    now = at(2026, 11, 28, 12)
    chicago = Person(
        member_id=2,
        roles=frozenset({MemberRole.CARE_MANAGER}),
        zone=ZoneInfo("America/Chicago"),
        digest_at=time(7),
    )
    assert next_morning(now, chicago, PRACTICE) == at(2026, 11, 30, 8)
    assert next_morning(now, None, PRACTICE) == at(2026, 11, 30, 8, 30)
    late = PracticeTimes(
        zone=NEW_YORK, times={"digest": time(9, 15)}, days_off=frozenset({date(2026, 11, 30)})
    )
    assert next_morning(now, None, late) == at(2026, 12, 1, 9, 15)


def test_the_next_month_end_is_on_the_1st() -> None:
    """At the time of the billing channel's summary, working day or not."""
    assert next_month_end(at(2026, 11, 28, 12), PRACTICE) == at(2026, 12, 1, 8)
    assert next_month_end(at(2026, 12, 1, 7, 59), PRACTICE) == at(2026, 12, 1, 8)
    assert next_month_end(at(2026, 12, 1, 8), PRACTICE) == at(2027, 1, 1, 8)
