"""Caseloads handed over for some days: who looks after whose patients on a day. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """One person's patients in the hands of another on some local dates, both included."""

    cover_id: int
    #: Member whose patients they are.
    away: int
    #: Member who looks after them meanwhile.
    covered_by: int
    first_day: date
    last_day: date
    #: Member who said so, and when; aware.
    recorded_by: int
    recorded_at: datetime

    def holds_on(self, day: date) -> bool:
        """Whether a local date is one of its days."""
        return self.first_day <= day <= self.last_day

    def meets(self, first_day: date, last_day: date) -> bool:
        """Whether it has a day in common with a stretch of days."""
        return self.first_day <= last_day and first_day <= self.last_day


def stand_ins(covers: Iterable[Cover], day: date) -> dict[int, int]:
    """Who looks after the patients of each who is away on a day: whoever covers them, or covers that one in turn.

    People who cover each other in a circle each look after their own.
    """
    direct = {one.away: one.covered_by for one in covers if one.holds_on(day)}
    found = {}
    for away, covered_by in direct.items():
        seen, at = {away}, covered_by
        while at in direct and at not in seen:
            seen.add(at)
            at = direct[at]
        if at not in seen:
            found[away] = at
    return found


def in_hands_of(covers: Iterable[Cover], member_id: int, day: date) -> tuple[int, ...]:
    """The members whose patients somebody looks after on a day: their own unless they are away, then those covered."""
    found = stand_ins(covers, day)
    own = () if member_id in found else (member_id,)
    return (*own, *sorted(away for away, by in found.items() if by == member_id))
