"""The scheduler's `Composer`: what a delivery is to tell, as Slack is to show it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.replies import Reply
from bot.screens import month_end, morning, reminders, trouble
from services.context import Context, Practice
from services.messages.compose import compose
from services.messages.deliveries import Delivery, NotNow
from services.messages.files import FileContent
from services.messages.month_end import CloseReminder, MonthPreview, MonthRevision, MonthSummary
from services.messages.morning import Digest, TrueUp
from services.messages.reminders import MissingEntries, WeekAudit, WeekAuditSummary
from services.messages.trouble import Stuck


class SlackComposer:
    """Composes replies and files from what the practice holds."""

    def __init__(self, practice: Practice, *, names_in_files: bool) -> None:
        self._practice = practice
        self._names_in_files = names_in_files

    async def compose(self, delivery: Delivery) -> Reply | FileContent | NotNow | None:
        """See `Composer`."""
        return await self._practice.read(_composed, delivery, names_in_files=self._names_in_files)


def _composed(
    context: Context, delivery: Delivery, *, names_in_files: bool
) -> Reply | FileContent | NotNow | None:
    content = compose(context, delivery, names_in_files=names_in_files)
    if content is None or isinstance(content, FileContent | NotNow):
        return content
    zone = _zone(context, delivery)
    late = context.now.astimezone(zone).date() > delivery.due_at.astimezone(zone).date()
    return shown(content, late=late, now=context.now, zone=zone)


def shown(content: object, *, late: bool, now: datetime, zone: ZoneInfo) -> Reply:
    """A message's content as blocks.

    Args:
        content: the content of a kind of message.
        late: it was due on an earlier day.
        now: aware instant.
        zone: the recipient's own.

    Raises:
        TypeError: for what is no message.
    """
    match content:
        case MonthSummary():
            return month_end.month_summary(content, late=late)
        case MonthPreview():
            return month_end.month_preview(content)
        case MonthRevision():
            return month_end.month_revision(content)
        case CloseReminder():
            return month_end.close_reminder(content)
    return _for_person(content, now, zone)


def _for_person(content: object, now: datetime, zone: ZoneInfo) -> Reply:
    match content:
        case Digest():
            return morning.digest(content)
        case TrueUp():
            return morning.true_up(content)
        case MissingEntries():
            return reminders.missing_entries(content, zone)
        case WeekAudit():
            return reminders.week_audit(content, now, zone)
        case WeekAuditSummary():
            return reminders.week_audit_summary(content)
        case Stuck():
            return trouble.trouble(content)
    raise TypeError(f"{type(content).__qualname__} is no message")


def _zone(context: Context, delivery: Delivery) -> ZoneInfo:
    member_id = delivery.recipient.member_id
    member = None if member_id is None else context.uow.members.by_id(member_id)
    return context.settings.zone if member is None else context.zone_of(member)
