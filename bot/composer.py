"""Makes the scheduler's deliveries into Slack messages."""

from typing import Final
from zoneinfo import ZoneInfo

from bot.replies import Reply, Screens, Viewer
from bot.screens import (
    month_end,
    morning,
    old_notes,
    people,
    reminders,
    safety,
    timer_questions,
    told,
    trouble,
)
from services.context import Context, Practice
from services.messages.compose import compose
from services.messages.deliveries import Delivery, NotNow
from services.messages.files import FileContent

#: Every screen there is for a scheduled message.
SCREENS: Final[Screens] = {
    **morning.SCREENS,
    **month_end.SCREENS,
    **reminders.SCREENS,
    **trouble.SCREENS,
    **people.SCREENS,
    **old_notes.SCREENS,
    **told.SCREENS,
    **safety.SCREENS,
    **timer_questions.SCREENS,
}


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
    return shown(content, Viewer(now=context.now, zone=zone, late=late))


def shown(content: object, viewer: Viewer) -> Reply:
    """The content of a scheduled message as blocks.

    Raises:
        TypeError: for what is no message.
    """
    screen = SCREENS.get(type(content))
    if screen is None:
        raise TypeError(f"{type(content).__qualname__} is no message")
    return screen(content, viewer)


def _zone(context: Context, delivery: Delivery) -> ZoneInfo:
    member_id = delivery.recipient.member_id
    member = None if member_id is None else context.uow.members.by_id(member_id)
    return context.settings.zone if member is None else context.zone_of(member)
