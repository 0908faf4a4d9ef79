"""The registry of scheduled messages, one row each, in the order in which they are sent.

Add one here, with a function beside the others that says its content, and a screen in the bot that shows it.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Final

from billing.months import BillingMonth
from billing.people import Member, MemberRole
from billing.timers import ASKED_EVERY
from services.context import Context
from services.messages import days, headings
from services.messages.kind import (
    AnyKind,
    ChannelPost,
    DirectMessage,
    MakesFile,
    NewcomerMessage,
    Part,
    Schedule,
)
from services.messages.month_end import (
    close_reminder,
    month_csv,
    month_preview,
    month_revision,
    month_summary,
    month_xlsx,
)
from services.messages.morning import morning
from services.messages.newcomers import decision, newcomer
from services.messages.reminders import missing_entries
from services.messages.safety import SAFETY_NAME, SAFETY_USEFUL, instant_of, safety_word
from services.messages.timers import asked_about, still_running
from services.messages.told import TOLD_USEFUL, told
from services.messages.trouble import TROUBLE_NAME, trouble
from services.once.outcomes import by_name
from services.people.damaged import damaged
from services.people.departures import departure, departure_of
from services.people.rights import WORKING
from services.people.vain_reads import vain_reads
from services.practice.retention import NOTICE, announcement

_ADMINISTRATORS: Final = frozenset({MemberRole.ADMIN})
_CARE_MANAGERS: Final = frozenset({MemberRole.CARE_MANAGER})
_MORNING: Final = time(8, 30)
_MONTH_FILES: Final = MappingProxyType[Part, MakesFile]({Part.XLSX: month_xlsx, Part.CSV: month_csv})


def _nothing(_context: Context, _member: Member, _subject: object) -> None:
    """What is said by another message now."""


def _revision_of(subject: str) -> tuple[BillingMonth, int]:
    month, _, number = subject.partition(":")
    return BillingMonth.parse(month), int(number)


#: One message a morning to each person, whatever their roles.
DIGEST: Final = DirectMessage(
    name=headings.MESSAGE,
    title="morning message",
    spoken=("morning", "mornings"),
    roles=frozenset().union(*(heading.roles for heading in headings.HEADINGS)),
    when=Schedule(days=days.WORKING_DAYS, at=_MORNING, period=days.this_day, in_morning=True),
    headings=headings.HEADINGS,
    subject=date.fromisoformat,
    content=morning,
)
MISSING_ENTRIES: Final = DirectMessage(
    name="missing_entries",
    title="afternoon reminder",
    spoken=("afternoon", "afternoons", "missing entries"),
    roles=_CARE_MANAGERS,
    when=Schedule(days=days.WORKING_DAYS, at=time(16), period=days.this_day),
    subject=date.fromisoformat,
    content=missing_entries,
)
PREVIEW: Final = ChannelPost(
    name="preview",
    title="month preview",
    spoken=("preview", "previews"),
    when=Schedule(days=days.LAST_WORKING_DAY, at=time(9), period=days.this_month),
    subject=BillingMonth.parse,
    content=month_preview,
)
MONTH_END: Final = ChannelPost(
    name="month_end",
    title="month-end summary",
    spoken=("month-end", "monthend", "monthend summary"),
    when=Schedule(days=days.FIRST_OF_MONTH, at=time(8), period=days.last_month, looks_back=True),
    useful=timedelta(days=45),
    subject=BillingMonth.parse,
    content=month_summary,
    waits_for_content=True,
    files=_MONTH_FILES,
)
CLOSE_REMINDER: Final = ChannelPost(
    name="close_reminder",
    title="reminder to close",
    spoken=("close", "closing"),
    when=Schedule(
        days=days.FIFTH_OF_MONTH, only="while the month is not closed", at=time(9), period=days.last_month
    ),
    useful=timedelta(days=10),
    subject=BillingMonth.parse,
    content=close_reminder,
)
#: Owed by whoever closes a month.
REVISION: Final = ChannelPost(
    name="revision",
    title="revision",
    useful=timedelta(days=45),
    subject=_revision_of,
    content=lambda context, revision: month_revision(context, *revision),
    files=_MONTH_FILES,
)
#: Owed while something cannot be delivered.
TROUBLE: Final = DirectMessage(
    name=TROUBLE_NAME,
    title="notice of what cannot be delivered",
    roles=_ADMINISTRATORS,
    useful=timedelta(days=7),
    subject=lambda subject: subject.rpartition(":")[0],
    content=lambda context, _member, code: trouble(context, code),
)
#: Owed once for each person who is unknown; what was decided meanwhile leaves nothing to say.
MEMBER_REQUEST: Final = DirectMessage(
    name="member_request",
    title="request to take part",
    roles=_ADMINISTRATORS,
    useful=timedelta(days=45),
    subject=int,
    content=lambda context, _member, request_id: newcomer(context, request_id),
)
#: Owed by whoever decides about a request.
MEMBER_DECISION: Final = NewcomerMessage(
    name="member_decision",
    title="answer to a request to take part",
    useful=timedelta(days=45),
    subject=lambda subject: int(subject.partition(":")[0]),
    content=decision,
)

#: Owed once for each membership that ended without an administrator: in Slack, or by a file.
MEMBER_LEFT: Final = DirectMessage(
    name="member_left",
    title="notice of a membership that ended",
    roles=_ADMINISTRATORS,
    useful=timedelta(days=45),
    subject=departure_of,
    content=lambda context, _member, who: departure(context, *who),
)
#: Owed once a day for each person who asks about too many MRNs that nobody has.
UNKNOWN_READS: Final = DirectMessage(
    name="unknown_reads",
    title="notice of many unknown MRNs",
    roles=_ADMINISTRATORS,
    useful=timedelta(days=7),
    subject=lambda subject: int(subject.partition(":")[0]),
    content=lambda context, _member, who: vain_reads(context, who),
)

#: Owed once a day while rows are found that cannot be read.
DAMAGED: Final = DirectMessage(
    name="damaged",
    title="notice of damaged rows",
    roles=_ADMINISTRATORS,
    useful=timedelta(days=1),
    subject=date.fromisoformat,
    content=lambda context, _member, _day: damaged(context),
)

#: Owed once for each removal of notes that are older than the practice keeps them, a month before.
OLD_NOTES: Final = DirectMessage(
    name="old_notes",
    title="notice of notes to be removed",
    roles=_ADMINISTRATORS,
    useful=NOTICE,
    subject=int,
    content=lambda context, _member, removal_id: announcement(context, removal_id),
)

# What earlier versions sent by itself is a heading of the morning message. A delivery that such a version planned, and
# did not send, is silent: what it would have said stands in the next message.
AUDIT: Final = DirectMessage(
    name=headings.AUDIT.name,
    title=headings.AUDIT.title,
    roles=headings.AUDIT.roles,
    useful=timedelta(days=4),
    subject=days.monday_of,
    content=_nothing,
)
AUDIT_SUMMARY: Final = DirectMessage(
    name=headings.AUDIT_SUMMARY.name,
    title=headings.AUDIT_SUMMARY.title,
    roles=headings.AUDIT_SUMMARY.roles,
    useful=timedelta(days=4),
    subject=days.monday_of,
    content=_nothing,
)
TRUE_UP: Final = DirectMessage(
    name=headings.TRUE_UP.name,
    title=headings.TRUE_UP.title,
    roles=headings.TRUE_UP.roles,
    subject=date.fromisoformat,
    content=_nothing,
)

#: Owed five minutes after somebody else changed an entry of theirs, or took a patient from them.
TOLD: Final = DirectMessage(
    name="told",
    title="notice of what others changed",
    roles=frozenset(MemberRole),
    useful=TOLD_USEFUL,
    subject=datetime.fromisoformat,
    content=told,
)
#: Owed 45 minutes after a timer began, then hourly, three times in all, while it runs.
TIMER: Final = DirectMessage(
    name="timer",
    title="question about a running timer",
    roles=WORKING,
    useful=ASKED_EVERY,
    subject=asked_about,
    content=still_running,
)

#: Owed within a minute of a positive answer about suicide, and of one that was taken back.
SAFETY: Final = DirectMessage(
    name=SAFETY_NAME,
    title="safety notice",
    roles=frozenset(MemberRole),
    useful=SAFETY_USEFUL,
    urgent=True,
    subject=instant_of,
    content=safety_word,
)

_ROWS: Final[tuple[AnyKind, ...]] = (
    SAFETY,
    DIGEST,
    MISSING_ENTRIES,
    PREVIEW,
    MONTH_END,
    CLOSE_REMINDER,
    REVISION,
    TROUBLE,
    MEMBER_REQUEST,
    MEMBER_DECISION,
    MEMBER_LEFT,
    UNKNOWN_READS,
    DAMAGED,
    OLD_NOTES,
    TOLD,
    AUDIT,
    AUDIT_SUMMARY,
    TRUE_UP,
    TIMER,
)
#: All of them by name.
KINDS: Final[Mapping[str, AnyKind]] = MappingProxyType({kind.name: kind for kind in _ROWS})
by_name("kinds", KINDS, lambda kind: kind.name)
#: Those that only earlier versions planned.
RETIRED: Final = frozenset({AUDIT.name, AUDIT_SUMMARY.name, TRUE_UP.name})
#: Those that come by themselves on a calendar, and that people choose about.
CALENDAR: Final[Mapping[AnyKind, Schedule]] = MappingProxyType(
    {kind: kind.when for kind in _ROWS if kind.when is not None}
)
#: Every name under which people choose about the morning message.
MORNING: Final = DIGEST.names


def title_of(name: str) -> str:
    """What people call a kind; of one that only another version of the program knows, its name."""
    return KINDS[name].title if name in KINDS else name
