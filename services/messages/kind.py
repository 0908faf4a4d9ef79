"""The registry row of a message: who gets it, when, how long it is useful, and what makes its content."""

import re
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import time, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, Generic, Protocol, TypeVar

from billing.months import BillingMonth
from billing.people import Member, MemberRole
from services.context import Context
from services.messages.days import Days, Period
from services.messages.files import FileContent

S = TypeVar("S")

#: Of use until the local day ends on which it was due.
THAT_DAY: Final = timedelta(0)
_NAME = re.compile(r"[a-z]+(_[a-z]+)*")


class Part(StrEnum):
    """One message of Slack; a summary and each of its files come apart, and may fail apart."""

    MESSAGE = "message"
    XLSX = "xlsx"
    CSV = "csv"


class MakesFile(Protocol):
    """Makes a file about a month; patients' names are in it only where the practice wants them in Slack."""

    def __call__(self, context: Context, month: BillingMonth, *, names: bool) -> FileContent:
        """The file, as things stand."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Schedule:
    """When a kind comes by itself: for people by each one's own zone, for the billing channel by the practice's."""

    days: Days
    #: In words, what must be so for it to come at all; empty where it always does.
    only: str = ""
    #: Local time, unless the practice or the person chose another.
    at: time
    #: Names what a message due on a local date is about.
    period: Period
    #: One of those that come together in the morning, at the one time that a person chooses for them.
    in_morning: bool = False
    #: Whether a practice's first run owes the last one before it, too.
    looks_back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Heading:
    """A part of a message that people leave out by its own name, and that comes on days of its own."""

    #: Stable word that is stored among what was switched off.
    name: str
    #: What people call it, in a sentence.
    title: str
    #: What `remind` understands as its name besides its title, in small letters.
    spoken: tuple[str, ...] = ()
    #: Roles whose message has it.
    roles: frozenset[MemberRole]
    days: Days
    #: Whether it is a reason to send the message.
    stands_alone: bool = True


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Kind(Generic[S]):
    """One kind of message: everything that is known of it, but for how it looks.

    Two kinds are never equal, which makes them cheap to look up.
    """

    #: Stable word that is stored; periods begin with it: `digest:2026-12-01`.
    name: str
    #: What people call it, in a sentence.
    title: str
    #: What `remind` understands as its name besides its title, in small letters.
    spoken: tuple[str, ...] = ()
    #: Roles that get it by direct message; none of what is posted in the billing channel.
    roles: frozenset[MemberRole] = frozenset()
    #: None for what an event brings about instead of the calendar.
    when: Schedule | None = None
    #: Its parts that people choose about one by one; it is off where all are that could come alone.
    headings: tuple[Heading, ...] = ()
    #: How long after it was due it is still of use.
    useful: timedelta = THAT_DAY
    #: Whether it comes at once whatever people chose: switched off, put off or in quiet hours, it comes.
    urgent: bool = False
    #: Reads what it is about from the period, without the name; raises ValueError for what is no such thing.
    subject: Callable[[str], S]

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(
                f"{self.name!r} cannot name a kind of message: small letters, words joined by _."
            )

    @property
    def names(self) -> frozenset[str]:
        """All names under which people choose about it and its parts."""
        return frozenset({self.name, *(heading.name for heading in self.headings)})

    def headings_of(self, roles: AbstractSet[MemberRole]) -> tuple[Heading, ...]:
        """The parts that such a person's message may have."""
        return tuple(one for one in self.headings if not one.roles.isdisjoint(roles))

    def is_off(self, off: AbstractSet[str], roles: AbstractSet[MemberRole] | None = None) -> bool:
        """Whether nothing of it is wanted.

        Args:
            off: names that were switched off.
            roles: of the person; None asks for everybody.
        """
        headings = self.headings if roles is None else self.headings_of(roles)
        alone = [one.name for one in headings if one.stands_alone] or [self.name]
        return off >= set(alone)

    @property
    def parts(self) -> tuple[Part, ...]:
        """What it consists of, in the order in which it is sent."""
        return (Part.MESSAGE,)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DirectMessage(Kind[S]):
    """A kind that members get, each their own."""

    #: What it says to a member about a subject; None when there is nothing to say.
    content: Callable[[Context, Member, S], object | None]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ChannelPost(Kind[S]):
    """A kind that is posted in the billing channel."""

    #: What it says about a subject; None when there is nothing to say.
    content: Callable[[Context, S], object | None]
    #: Whether it is owed still while there is nothing to say: what is written later comes then.
    waits_for_content: bool = False
    #: What goes into its thread, in this order, about the month that its period begins with.
    files: Mapping[Part, MakesFile] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def parts(self) -> tuple[Part, ...]:
        """See `Kind`."""
        return Part.MESSAGE, *self.files


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NewcomerMessage(Kind[S]):
    """A kind that somebody gets who asked to take part; an event brings it about, and no choice holds it back."""

    #: What it says about a subject; None when there is nothing to say.
    content: Callable[[Context, S], object | None]


AnyKind = DirectMessage[Any] | ChannelPost[Any] | NewcomerMessage[Any]
