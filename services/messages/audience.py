"""The people scheduled messages are for, and what they and their practice chose about them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from types import MappingProxyType
from zoneinfo import ZoneInfo

from billing.people import MemberRole
from billing.timers import Timer


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """Local hours without messages, from `start` up to `end`; over midnight when `start` is the later."""

    start: time
    end: time

    def __contains__(self, at: time) -> bool:
        if self.start <= self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An active member who is in Slack, as far as reminders go."""

    member_id: int
    roles: frozenset[MemberRole]
    zone: ZoneInfo
    #: Local time chosen for the morning messages; None takes the practice's.
    digest_at: time | None = None
    #: Local times that they chose for one kind by itself, by its name.
    times: Mapping[str, time] = field(default_factory=lambda: MappingProxyType({}))
    #: Kinds that they switched off, by name.
    off: frozenset[str] = frozenset()
    #: Aware instant up to which they want nothing.
    snoozed_until: datetime | None = None
    #: None takes the practice's.
    quiet: QuietHours | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeTimes:
    """The practice's own calendar, and what its administrators chose."""

    zone: ZoneInfo
    days_off: frozenset[date] = frozenset()
    #: Whether there is a billing channel to post in.
    has_billing_channel: bool = True
    #: Kinds that nobody is to get, by name.
    off: frozenset[str] = frozenset()
    #: Local times other than the built-in ones, by name of kind.
    times: Mapping[str, time] = field(default_factory=lambda: MappingProxyType({}))
    #: For direct messages, where the person chose none.
    quiet: QuietHours | None = None
    #: Aware instant up to which nothing is to come, to nobody.
    snoozed_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyWord:
    """Word of one patient's positive answer that a member is to be sent at once, whatever they chose."""

    member_id: int
    #: With its kind; unique with the member.
    period: str
    #: Aware instant: when it was written, or taken back.
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Everybody who may be owed something."""

    people: tuple[Person, ...]
    practice: PracticeTimes
    #: Whom somebody else did something to of late, by member, and when: aware instants, the earliest first.
    done_by_others: tuple[tuple[int, datetime], ...] = ()
    #: Who is to be sent word of which positive answers about suicide, sent already or not.
    safety: tuple[SafetyWord, ...] = ()
    #: Timers that run, the earliest first.
    timers: tuple[Timer, ...] = ()
