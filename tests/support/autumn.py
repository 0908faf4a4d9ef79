"""Three months of a practice of forty, and the messages they are due, counted by hand and not by the scheduler."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Final
from zlib import crc32
from zoneinfo import ZoneInfo

from billing.people import MemberRole
from services.messages.audience import Audience, Person, PracticeTimes
from services.messages.deliveries import BILLING, Key, Recipient
from services.messages.kind import Part
from tests.support.owing import utc
from tests.support.zones import dates, expected_due

#: Midnight in Los Angeles, so that nobody's September is served; and well after everybody's last afternoon.
BEGINS, ENDS = utc("2026-10-01 07:00"), utc("2027-01-01 05:00")
_FIRST, _LAST = date(2026, 10, 1), date(2026, 12, 31)
_CLOSED: Final = frozenset(
    map(date.fromisoformat, ("2026-10-12", "2026-11-11", "2026-11-26", "2026-11-27", "2026-12-25"))
)
#: The day after Thanksgiving is the practice's own.
_DAYS_OFF = frozenset({date(2026, 11, 27)})
_ZONES = ("America/New_York", "America/Chicago", "America/Los_Angeles", "America/Phoenix")
_EASTERN = "America/New_York"

WORKING_DAYS = tuple(day for day in dates(_FIRST, _LAST) if day.weekday() < 5 and day not in _CLOSED)


class FortyPeople:
    """The `Roster`: 37 care managers in four zones, a supervisor, a biller and an administrator."""

    def __init__(self) -> None:
        others = {38: MemberRole.SUPERVISOR, 39: MemberRole.BILLER, 40: MemberRole.ADMIN}
        people = tuple(
            Person(
                member_id=number,
                roles=frozenset({others.get(number, MemberRole.CARE_MANAGER)}),
                zone=ZoneInfo(_ZONES[number % 4]),
                digest_at=time(6 + number % 5, 30) if number % 3 else None,
            )
            for number in range(1, 41)
        )
        self._audience = Audience(
            people=people, practice=PracticeTimes(zone=ZoneInfo(_EASTERN), days_off=_DAYS_OFF)
        )

    async def audience(self) -> Audience:
        """See `Roster`."""
        return self._audience

    def expected(self) -> dict[Key, datetime]:
        """Every delivery from the beginning to the end, and when it is due."""
        return dict(sorted(self._expected(), key=lambda pair: pair[1]))

    def _expected(self) -> Iterator[tuple[Key, datetime]]:
        for person in self._audience.people:
            recipient, zone = Recipient(person.member_id), person.zone.key
            morning = person.digest_at or time(8, 30)
            # Whether a morning has something to say to a role is known when it is written.
            if person.roles != {MemberRole.BILLER}:
                for day in WORKING_DAYS:
                    yield (f"digest:{day}", recipient), _due(zone, day, morning)
            if MemberRole.CARE_MANAGER in person.roles:
                for day in WORKING_DAYS:
                    yield (f"missing_entries:{day}", recipient), _due(zone, day, time(16))
        # The first run owes the last month end before it, which was the first of September's.
        yield ("month_end:2026-08", BILLING), BEGINS
        for month, before in ((10, "2026-09"), (11, "2026-10"), (12, "2026-11")):
            yield (f"month_end:{before}", BILLING), _due(_EASTERN, date(2026, month, 1), time(8))
            yield (f"close_reminder:{before}", BILLING), _due(_EASTERN, date(2026, month, 5), time(9))
            last = max(day for day in WORKING_DAYS if day.month == month)
            yield (f"preview:2026-{month}", BILLING), _due(_EASTERN, last, time(9))


def has_something_to_say(key: Key) -> bool:
    """Whether a delivery says anything: one in five does not, but for those in the channel."""
    period, recipient = key
    return recipient == BILLING or crc32(f"{period}{recipient}".encode()) % 5 != 0


def parts_of(key: Key) -> tuple[Part, ...]:
    """The month end has two files."""
    if key[0].startswith("month_end:"):
        return Part.MESSAGE, Part.XLSX, Part.CSV
    return (Part.MESSAGE,)


def _due(zone: str, day: date, at: time) -> datetime:
    due = expected_due(zone, day, at)
    assert due is not None
    return due
