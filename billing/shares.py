"""Whose time a line rests on, and each person's estimated share of its amount, for transfers between departments."""

from dataclasses import dataclass
from decimal import Decimal

from billing.evaluate import MonthResult
from billing.facts import MonthFacts
from billing.money import split
from billing.people import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeShare:
    """One person's counted time in one role in a month, and its share of an amount."""

    member_id: int
    role: Role
    seconds: int
    amount: Decimal


def time_shares(facts: MonthFacts, result: MonthResult, amount: Decimal) -> tuple[TimeShare, ...]:
    """Divide an amount by counted seconds; the shares add up to it (R-603). Ordered by role, then person."""
    seconds: dict[tuple[Role, int], int] = {}
    for entry, verdict in zip(facts.entries, result.verdicts, strict=True):
        if verdict.counted:
            key = (entry.role, entry.performed_by)
            seconds[key] = seconds.get(key, 0) + verdict.counted
    keys = sorted(seconds)
    parts = split(amount, [seconds[key] for key in keys])
    return tuple(
        TimeShare(member_id=key[1], role=key[0], seconds=seconds[key], amount=part)
        for key, part in zip(keys, parts, strict=True)
    )
