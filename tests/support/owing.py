"""Builds people and practices that messages are due to, with only the facts that a test is about."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from billing.people import MemberRole
from scheduler.due import owed
from services.messages.audience import Person, PracticeTimes
from services.messages.deliveries import BILLING, Delivered, DueDelivery, Key

NEW_YORK = ZoneInfo("America/New_York")
ANA = 1


def utc(text: str) -> datetime:
    """The instant `2026-12-01 14:00`, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def person(member_id: int = ANA, **facts: Any) -> Person:
    """A care manager in New York, but for the facts given."""
    return Person(
        **{
            "member_id": member_id,
            "roles": frozenset({MemberRole.CARE_MANAGER}),
            "zone": NEW_YORK,
            **facts,
        }
    )


def practice(**facts: Any) -> PracticeTimes:
    """A practice in New York with a billing channel, but for the facts given."""
    return PracticeTimes(**{"zone": NEW_YORK, **facts})


def served(since: str = "2026-11-20 00:00", keys: Iterable[Key] = ()) -> Delivered:
    """The outbox of a practice that has been served since an instant in UTC, and got October's month end."""
    return Delivered(keys=frozenset({("month_end:2026-10", BILLING), *keys}), since=utc(since))


def owed_at(
    now: str,
    *people: Person,
    clinic: PracticeTimes | None = None,
    delivered: Delivered | None = None,
    only: Iterable[str] | None = None,
) -> list[str]:
    """What is owed at an instant in UTC, as `digest:2026-12-01 to member:1`, sorted."""
    found = owed(utc(now), people, clinic or practice(), delivered or served())
    wanted = None if only is None else set(only)
    return sorted(
        f"{each.period} to {each.recipient}" for each in found if wanted is None or each.kind in wanted
    )


def owed_of(kind: str, now: str, *people: Person, clinic: PracticeTimes | None = None) -> DueDelivery:
    """The one thing owed of a kind at an instant in UTC."""
    (found,) = (each for each in owed(utc(now), people, clinic or practice(), served()) if each.kind == kind)
    return found
