"""From what is owed to what it tells, as things stand when it is sent."""

from collections.abc import Callable
from datetime import date, datetime
from math import ceil

from billing.months import BillingMonth
from billing.people import Member, MemberRole
from services.context import Context
from services.messages.deliveries import Delivery, JobName, NotNow, PartKind
from services.messages.kinds import KINDS
from services.messages.month_end import (
    close_reminder,
    month_csv,
    month_preview,
    month_revision,
    month_summary,
    month_xlsx,
)
from services.messages.morning import digest, true_up
from services.messages.reminders import missing_entries, week_audit, week_audit_summary
from services.messages.store import person_of, practice_times
from services.messages.trouble import trouble
from services.messages.wanted import ASK_AGAIN, unwanted_by_person, unwanted_by_practice
from services.people.members import with_admin_setting

_ADMINS = frozenset({MemberRole.ADMIN})
#: Seconds after which a month in which nothing was written yet is looked at again.
_NOTHING_YET = 3_600
_FILES = {PartKind.XLSX: month_xlsx, PartKind.CSV: month_csv}


def compose(context: Context, delivery: Delivery, *, names_in_files: bool) -> object | NotNow | None:
    """The content of a part of what is owed.

    Whether it is wanted is asked here once more: much may have been decided since it was planned.

    Args:
        context: where the use case works.
        delivery: what is owed, to whom, for which period.
        names_in_files: whether the practice wants patients' names in files that Slack keeps.

    Returns:
        None when there is nothing to say, `NotNow` when it is not to be told yet.
    """
    subject = delivery.period.partition(":")[2]
    if delivery.part in _FILES:
        # What a message announced comes, whatever was decided since.
        month = BillingMonth.parse(subject.partition(":")[0])
        return _FILES[delivery.part](context, month, names=names_in_files)
    if delivery.recipient.member_id is None:
        return _for_channel(context, delivery, subject)
    member = context.uow.members.by_id(delivery.recipient.member_id)
    if member is None or not member.active:
        return None
    return _for_member(context, delivery, with_admin_setting(context, member), subject)


def _for_channel(context: Context, delivery: Delivery, subject: str) -> object | NotNow | None:
    held = unwanted_by_practice(delivery.job, practice_times(context), context.now)
    if held is not None:
        return _not_before(held, context)
    content = _FOR_BILLING[delivery.job](context, subject)
    if content is None and delivery.job is JobName.MONTH_END:
        # A month end is owed however late: what is written or imported about the month still comes.
        return NotNow(seconds=_NOTHING_YET)
    return content


def _for_member(context: Context, delivery: Delivery, member: Member, subject: str) -> object | NotNow | None:
    kind = KINDS.get(delivery.job)
    if member.roles.isdisjoint(kind.roles if kind else _ADMINS):
        return None
    person = person_of(context, member)
    held = unwanted_by_person(person, delivery.job, practice_times(context), context.now, delivery.due_at)
    if held is not None:
        return _not_before(held, context)
    return _FOR_MEMBERS[delivery.job](context, member, subject)


def _not_before(until: datetime, context: Context) -> NotNow:
    """Ask again then, or soon: whoever put something off may think better of it."""
    return NotNow(seconds=max(1, ceil(min(until - context.now, ASK_AGAIN).total_seconds())))


def _monday(week: str) -> date:
    """The first day of `2026-W47`."""
    year, _, number = week.partition("-W")
    return date.fromisocalendar(int(year), int(number), 1)


def _revision(context: Context, subject: str) -> object:
    month, _, number = subject.partition(":")
    return month_revision(context, BillingMonth.parse(month), int(number))


def _trouble(context: Context, _member: Member, subject: str) -> object | None:
    return trouble(context, subject.rpartition(":")[0])


_FOR_BILLING: dict[JobName, Callable[[Context, str], object | None]] = {
    JobName.PREVIEW: lambda context, month: month_preview(context, BillingMonth.parse(month)),
    JobName.MONTH_END: lambda context, month: month_summary(context, BillingMonth.parse(month)),
    JobName.CLOSE_REMINDER: lambda context, month: close_reminder(context, BillingMonth.parse(month)),
    JobName.REVISION: _revision,
}
_FOR_MEMBERS: dict[JobName, Callable[[Context, Member, str], object | None]] = {
    JobName.DIGEST: lambda context, member, day: digest(context, member, date.fromisoformat(day)),
    JobName.TRUE_UP: lambda context, member, day: true_up(context, member, date.fromisoformat(day)),
    JobName.MISSING_ENTRIES: lambda context, member, day: missing_entries(
        context, member, date.fromisoformat(day)
    ),
    JobName.AUDIT: lambda context, member, week: week_audit(context, member, _monday(week)),
    JobName.AUDIT_SUMMARY: lambda context, _, week: week_audit_summary(context, _monday(week)),
    JobName.TROUBLE: _trouble,
}
