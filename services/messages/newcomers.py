"""Makes the messages about people who ask to take part: to administrators, and to the person."""

from dataclasses import dataclass

from billing.people import MemberRole
from services.context import Context
from services.people.rights import roles_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """Somebody in Slack whom nobody has named, and about whom an administrator decides."""

    request_id: int
    slack_user_id: str
    #: What Slack calls them; it may be anybody's name.
    display_name: str
    #: Whether a member goes by that name already.
    has_namesake: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was decided about somebody who asked to take part."""

    #: None for one who was refused.
    roles: frozenset[MemberRole] | None


def newcomer(context: Context, request_id: int) -> Newcomer | None:
    """Ask an administrator about somebody; None once it was decided, or they became a member otherwise."""
    asked = context.uow.membership_requests.by_id(request_id)
    if asked is None or asked.approved is not None:
        return None
    if context.uow.members.by_slack_id(asked.slack_user_id) is not None:
        return None
    return Newcomer(
        request_id=request_id,
        slack_user_id=asked.slack_user_id,
        display_name=asked.display_name,
        has_namesake=context.uow.members.by_name(asked.display_name) is not None,
    )


def decision(context: Context, request_id: int) -> Decision | None:
    """Tell somebody what was decided, as it stands now; None while nobody has decided."""
    asked = context.uow.membership_requests.by_id(request_id)
    if asked is None or asked.approved is None:
        return None
    if not asked.approved:
        return Decision(roles=None)
    member = context.uow.members.by_slack_id(asked.slack_user_id)
    if member is None or not member.active:
        return None
    return Decision(roles=roles_of(context, member))
