"""Meets people whom nobody has named: asks administrators about them once, and keeps what they decide."""

from dataclasses import dataclass

from billing.people import Member, MemberRole
from services.context import Context
from services.errors import AccountNotKnown, AwaitingApproval, NoAdministrator, Refusal, UnknownMember
from services.messages.deliveries import DueDelivery, Recipient, deliveries_for, random_id
from services.messages.kind import AnyKind
from services.messages.kinds import MEMBER_DECISION, MEMBER_REQUEST
from services.messages.store import put_in
from services.people import members, memberships
from services.people.memberships import Changed, NothingToChange
from services.people.requests import RoleEdit
from services.people.rights import Action, needs, spoken_roles
from storage import MembershipRequest

_FIRST_CONTACT = (
    "You are not a member of this practice yet, so nothing was stored. I have asked your administrators to approve "
    "you, and will send you a message as soon as they decide."
)
_SAY_SOMETHING = (
    "You are not a member of this practice yet. Send me any direct message, and I will ask your administrators to "
    "approve you."
)
_NO_ADMINISTRATOR = (
    "You are not a member of this practice, and no administrator is named who could approve you. Nothing was stored. "
    "Whoever runs the bot names one: their Slack user id in the setting COCM_ADMINS, or the role admin in the members "
    "file (`cocm import members FILE`)."
)


class UnknownRequest(Refusal):
    """Nobody asked to take part by that number. Nothing was changed."""

    code = "unknown_request"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What became of a request."""

    request: MembershipRequest
    #: The new member; None for one who was refused.
    member: Member | None


def meet(
    context: Context, slack_user_id: str, user_name: str, *, speaks: bool, vouched: bool = True
) -> Member | Refusal:
    """Meet a Slack user who is no member: let them in, ask the administrators, or say no; by the settings.

    Args:
        context: where the use case works.
        slack_user_id: who it is.
        user_name: what Slack calls them.
        speaks: False for one who only looks: administrators are asked about people who want something.
        vouched: whether Slack has said what their account is; without that nobody is welcome by themselves.

    Returns:
        The member; or the refusal to show, for a refusal that is raised would take back that somebody was asked.
    """
    known = members.find(context, slack_user_id)
    if known is not None:
        return known
    settings = context.settings
    welcome = settings.unknown_member == "welcome"
    if slack_user_id in settings.admins or (welcome and vouched):
        return members.welcome(context, slack_user_id, user_name)
    if welcome:
        return AccountNotKnown()
    return _ask(context, slack_user_id, user_name, speaks=speaks)


def _ask(context: Context, slack_user_id: str, user_name: str, *, speaks: bool) -> Refusal:
    """Ask the administrators about somebody unknown, if the settings want that; what the person reads."""
    settings = context.settings
    if settings.unknown_member == "refuse":
        return UnknownMember()
    members.welcome_admins(context)
    deciders = [one for one in members.administrators(context) if one.slack_user_id]
    if not deciders:
        return NoAdministrator(_NO_ADMINISTRATOR)
    if not speaks:
        return UnknownMember(_SAY_SOMETHING)
    asked = context.uow.membership_requests.add(slack_user_id, user_name or slack_user_id, context.now)
    context.uow.audit.record(
        at=context.now, actor=None, action="member.asked", subject=f"membership_request:{asked.request_id}"
    )
    owe_administrators(context, MEMBER_REQUEST, f"{asked.request_id}")
    context.uow.commit()
    return AwaitingApproval(_FIRST_CONTACT)


@needs(Action.MANAGE_MEMBERS)
def approve(context: Context, actor: Member, request_id: int) -> Decided:
    """Make somebody who asked a care manager.

    Raises:
        UnknownRequest: when there is no such request.
        NothingToChange: when they are a member already.
    """
    asked = _request(context, request_id)
    _refuse_known(context, asked)
    member = _admit(context, actor, asked.slack_user_id, asked.display_name, {MemberRole.CARE_MANAGER})
    _decide(context, actor, asked)
    context.uow.commit()
    return Decided(request=asked, member=member)


@needs(Action.MANAGE_MEMBERS)
def refuse(context: Context, actor: Member, request_id: int) -> Decided:
    """Say no to somebody who asked.

    Raises:
        UnknownRequest: when there is no such request.
        NothingToChange: when it was said before, or they are a member already.
    """
    asked = _request(context, request_id)
    _refuse_known(context, asked)
    if asked.approved is False:
        raise NothingToChange(f"{asked.display_name} was refused already. Nothing was changed.")
    _decide(context, actor, asked, approved=False)
    context.uow.audit.record(
        at=context.now,
        actor=actor.member_id,
        action="member.refused",
        subject=f"membership_request:{asked.request_id}",
    )
    context.uow.commit()
    return Decided(request=asked, member=None)


@needs(Action.MANAGE_MEMBERS)
def give_roles(
    context: Context, actor: Member, name: str | int, roles: frozenset[MemberRole], how: RoleEdit
) -> Changed:
    """Give roles to a member, or to somebody who is none yet: whoever asked, or was picked with `@`.

    Raises:
        UnknownPerson: when nobody goes by that name.
        Refusal: as for `memberships.change_roles`.
    """
    if isinstance(name, int):
        return memberships.change_roles(context, actor, name, roles, how)
    bare = name.strip().removeprefix("@")
    asked = _asked_by(context, bare)
    picked = _is_slack_id(bare) and context.uow.members.by_slack_id(bare) is None
    if how is RoleEdit.REMOVE or (asked is None and not picked):
        return memberships.change_roles(context, actor, name, roles, how)
    slack_user_id, called = (asked.slack_user_id, asked.display_name) if asked else (bare, bare)
    member = _admit(context, actor, slack_user_id, called, roles)
    if asked is not None:
        _decide(context, actor, asked)
    context.uow.commit()
    return Changed(member=member, before=None)


def newcomer_named(context: Context, name: str) -> str | None:
    """The Slack user id of somebody who is no member and is called so; None for a member, or nobody."""
    bare = name.strip().removeprefix("@")
    asked = _asked_by(context, bare)
    if asked is not None:
        return asked.slack_user_id
    return bare if _is_slack_id(bare) and context.uow.members.by_slack_id(bare) is None else None


def newcomer_of(context: Context, request_id: int) -> str | None:
    """The Slack user id of whoever made a request; None where there is no such request."""
    asked = context.uow.membership_requests.by_id(request_id)
    return asked.slack_user_id if asked else None


def welcomed(context: Context, slack_user_id: str) -> None:
    """Have somebody who asked be sent word that a file has made them a member; the caller commits."""
    asked = context.uow.membership_requests.by_slack_id(slack_user_id)
    if asked is not None and asked.approved is not True:
        _decide(context, None, asked)


def _request(context: Context, request_id: int) -> MembershipRequest:
    asked = context.uow.membership_requests.by_id(request_id)
    if asked is None:
        raise UnknownRequest
    return asked


def _refuse_known(context: Context, asked: MembershipRequest) -> None:
    member = context.uow.members.by_slack_id(asked.slack_user_id)
    if member is None:
        return
    by = context.uow.members.by_id(asked.decided_by) if asked.decided_by is not None else None
    who = f" ({by.display_name} approved them)" if by else ""
    standing = spoken_roles(member.roles) if member.active else "a former member"
    raise NothingToChange(
        f"{member.display_name} is {standing} already{who}. Nothing was changed. To change that: "
        f"`/cocm roles @{member.display_name} biller`, or `/cocm members @{member.display_name} ends`."
    )


def _asked_by(context: Context, name: str) -> MembershipRequest | None:
    """The request of somebody who is no member, by Slack user id or by the one name that no member has."""
    found = context.uow.membership_requests.by_slack_id(name)
    if found is None and context.uow.members.by_name(name) is None:
        named = [
            one
            for one in context.uow.membership_requests.all()
            if one.display_name.casefold() == name.casefold()
        ]
        found = named[0] if len(named) == 1 else None
    if found is None or context.uow.members.by_slack_id(found.slack_user_id) is not None:
        return None
    return found


def _is_slack_id(name: str) -> bool:
    looks_like_one = (
        name[:1] in {"U", "W"} and len(name) >= _SHORTEST_ID and name.isalnum() and name.isupper()
    )
    return looks_like_one and any(char.isdigit() for char in name)


#: `U0ANA` of a sandbox; Slack's own have eleven characters.
_SHORTEST_ID = 5


def _admit(
    context: Context,
    actor: Member,
    slack_user_id: str,
    name: str,
    roles: set[MemberRole] | frozenset[MemberRole],
) -> Member:
    member = context.uow.members.add(slack_user_id=slack_user_id, display_name=name, roles=frozenset(roles))
    memberships.begin(context, actor, member)
    context.uow.audit.record(
        at=context.now,
        actor=actor.member_id,
        action="member.approved",
        subject=f"member:{member.member_id}",
        details={"roles": sorted(member.roles)},
    )
    return member


def _decide(
    context: Context, actor: Member | None, asked: MembershipRequest, *, approved: bool = True
) -> None:
    context.uow.membership_requests.decide(
        asked.request_id, approved=approved, by=actor.member_id if actor else None, at=context.now
    )
    # A second thought is news again, so the instant tells it from the first.
    period = f"{asked.request_id}:{context.now.isoformat()}"
    _owe(context, MEMBER_DECISION, period, Recipient(newcomer=asked.request_id))


def owe_administrators(context: Context, kind: AnyKind, subject: str) -> None:
    """Have every administrator who is in Slack be told; the caller commits."""
    for one in members.administrators(context):
        if one.slack_user_id:
            _owe(context, kind, subject, Recipient(one.member_id))


def _owe(context: Context, kind: AnyKind, subject: str, recipient: Recipient) -> None:
    due = DueDelivery(
        kind=kind.name,
        period=f"{kind.name}:{subject}",
        recipient=recipient,
        due_at=context.now,
        useful_until=context.now + kind.useful,
    )
    put_in(context, deliveries_for(due, context.now, random_id))
