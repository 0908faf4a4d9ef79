"""Keeps who has opened Home, and which part they want first."""

from datetime import datetime, timedelta
from typing import Final

from billing.people import Member
from services.context import Context
from services.home.parts import Part, parts_of
from services.people.rights import Action, needs
from storage import OpenedHome

#: A time of opening is kept this exactly: who looks often costs no row's change each time.
_KEPT_EXACTLY: Final = timedelta(minutes=2)


def opened(context: Context, member_id: int) -> None:
    """Keep that a member has just opened Home."""
    known = context.uow.homes.of(member_id)
    if known is not None and context.now - known.opened_at < _KEPT_EXACTLY:
        return
    part = known.part if known is not None else ""
    context.uow.homes.put(member_id, OpenedHome(opened_at=context.now, part=part))
    context.uow.commit()


@needs(Action.SEE_OWN_TIME)
def choose(context: Context, actor: Member, part: str) -> None:
    """Keep which part of Home a member wants to see first; a part that is none of theirs changes nothing."""
    if part in parts_of(context, actor):
        context.uow.homes.put(actor.member_id, OpenedHome(opened_at=context.now, part=Part(part)))
        context.uow.commit()


def has_opened(context: Context, member_id: int) -> bool:
    """Whether a member has ever opened Home."""
    return context.uow.homes.of(member_id) is not None


def opened_since(context: Context, instant: datetime) -> tuple[Member, ...]:
    """The members who opened Home from an instant on, and take part still; the last first."""
    found = (context.uow.members.by_id(one) for one in context.uow.homes.opened_since(instant))
    return tuple(member for member in found if member is not None and member.active and member.slack_user_id)
