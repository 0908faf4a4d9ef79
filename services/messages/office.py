"""What waits for an administrator: people who ask to take part, and messages that cannot be delivered."""

from dataclasses import dataclass, field

from services.context import Context
from services.messages.trouble import Stuck, stuck


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """An administrator's part of the morning."""

    #: What Slack calls those who ask to take part, the first first.
    newcomers: tuple[str, ...] = field(repr=False)
    stuck: tuple[Stuck, ...]


def office(context: Context) -> Office | None:
    """What waits; None when nothing does."""
    members = context.uow.members
    newcomers = tuple(
        one.display_name
        for one in context.uow.membership_requests.all()
        if one.approved is None and members.by_slack_id(one.slack_user_id) is None
    )
    held = stuck(context)
    return Office(newcomers=newcomers, stuck=held) if newcomers or held else None
