"""From what is owed to what it tells, as things stand when it is sent."""

from collections.abc import Callable
from datetime import date, datetime
from math import ceil

from billing.months import BillingMonth
from billing.people import Member, MemberRole
from services.contents.digest import digest, true_up
from services.contents.month_end import (
    close_reminder,
    month_csv,
    month_preview,
    month_revision,
    month_summary,
    month_xlsx,
)
from services.contents.reminders import missing_entries, week_audit, week_audit_summary
from services.contents.trouble import trouble
from services.deliveries import Delivery, JobName, NotNow, PartKind
from services.delivery_store import person_of, practice_times
from services.desk import Desk
from services.members import with_admin_setting
from services.reminder_kinds import KINDS
from services.wishes import ASK_AGAIN, unwanted_by_person, unwanted_by_practice

_ADMINS = frozenset({MemberRole.ADMIN})
#: Seconds after which a month in which nothing was written yet is looked at again.
_NOTHING_YET = 3_600
_FILES = {PartKind.XLSX: month_xlsx, PartKind.CSV: month_csv}


def compose(desk: Desk, delivery: Delivery, *, names_in_files: bool) -> object | NotNow | None:
    """The content of a part of what is owed.

    Whether it is wanted is asked here once more: much may have been decided since it was planned.

    Args:
        desk: where the use case works.
        delivery: what is owed, to whom, for which period.
        names_in_files: whether the practice wants patients' names in files that Slack keeps.

    Returns:
        None when there is nothing to say, `NotNow` when it is not to be told yet.
    """
    subject = delivery.period.partition(":")[2]
    if delivery.part in _FILES:
        # What a message announced comes, whatever was decided since.
        month = BillingMonth.parse(subject.partition(":")[0])
        return _FILES[delivery.part](desk, month, names=names_in_files)
    if delivery.recipient.member_id is None:
        return _for_channel(desk, delivery, subject)
    member = desk.uow.members.by_id(delivery.recipient.member_id)
    if member is None or not member.active:
        return None
    return _for_member(desk, delivery, with_admin_setting(desk, member), subject)


def _for_channel(desk: Desk, delivery: Delivery, subject: str) -> object | NotNow | None:
    held = unwanted_by_practice(delivery.job, practice_times(desk), desk.now)
    if held is not None:
        return _not_before(held, desk)
    content = _FOR_BILLING[delivery.job](desk, subject)
    if content is None and delivery.job is JobName.MONTH_END:
        # A month end is owed however late: what is written or imported about the month still comes.
        return NotNow(seconds=_NOTHING_YET)
    return content


def _for_member(desk: Desk, delivery: Delivery, member: Member, subject: str) -> object | NotNow | None:
    kind = KINDS.get(delivery.job)
    if member.roles.isdisjoint(kind.roles if kind else _ADMINS):
        return None
    person = person_of(desk, member)
    held = unwanted_by_person(person, delivery.job, practice_times(desk), desk.now, delivery.due_at)
    if held is not None:
        return _not_before(held, desk)
    return _FOR_MEMBERS[delivery.job](desk, member, subject)


def _not_before(until: datetime, desk: Desk) -> NotNow:
    """Ask again then, or soon: whoever put something off may think better of it."""
    return NotNow(seconds=max(1, ceil(min(until - desk.now, ASK_AGAIN).total_seconds())))


def _monday(week: str) -> date:
    """The first day of `2026-W47`."""
    year, _, number = week.partition("-W")
    return date.fromisocalendar(int(year), int(number), 1)


def _revision(desk: Desk, subject: str) -> object:
    month, _, number = subject.partition(":")
    return month_revision(desk, BillingMonth.parse(month), int(number))


def _trouble(desk: Desk, _member: Member, subject: str) -> object | None:
    return trouble(desk, subject.rpartition(":")[0])


_FOR_BILLING: dict[JobName, Callable[[Desk, str], object | None]] = {
    JobName.PREVIEW: lambda desk, month: month_preview(desk, BillingMonth.parse(month)),
    JobName.MONTH_END: lambda desk, month: month_summary(desk, BillingMonth.parse(month)),
    JobName.CLOSE_REMINDER: lambda desk, month: close_reminder(desk, BillingMonth.parse(month)),
    JobName.REVISION: _revision,
}
_FOR_MEMBERS: dict[JobName, Callable[[Desk, Member, str], object | None]] = {
    JobName.DIGEST: lambda desk, member, day: digest(desk, member, date.fromisoformat(day)),
    JobName.TRUE_UP: lambda desk, member, day: true_up(desk, member, date.fromisoformat(day)),
    JobName.MISSING_ENTRIES: lambda desk, member, day: missing_entries(desk, member, date.fromisoformat(day)),
    JobName.AUDIT: lambda desk, member, week: week_audit(desk, member, _monday(week)),
    JobName.AUDIT_SUMMARY: lambda desk, _, week: week_audit_summary(desk, _monday(week)),
    JobName.TROUBLE: _trouble,
}
