"""Gives members their roles, and ends and renews memberships; administrators only, and never the last of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from billing.people import Member, MemberRole
from services.context import Context
from services.errors import NotAllowed, Refusal, UnknownPerson
from services.people.departures import LeftBehind, left_behind
from services.people.members import administrators, by_any_name, with_admin_setting
from services.people.requests import RoleEdit
from services.people.rights import Action, allowed, needs, roles_of
from storage import MEMBERSHIP, Act, ActKind


class NothingToChange(Refusal):
    """It is like that already. Nothing was changed."""

    code = "nothing_to_change"


class Standing(StrEnum):
    """Where somebody stands with the practice."""

    MEMBER = "member"
    ENDED = "ended"
    WAITING = "waiting"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Somebody in the list of members."""

    name: str
    standing: Standing
    roles: frozenset[MemberRole] = frozenset()
    slack_user_id: str | None = None
    time_zone: str | None = None
    credential: str = ""
    department: str = ""
    email: str | None = None
    #: None for somebody who is no member yet.
    member_id: int | None = None
    #: Of somebody who asked; None for a member.
    request_id: int | None = None
    #: Aware instants: when they asked, and when somebody last decided about them in Slack.
    asked_at: datetime | None = None
    decided_at: datetime | None = None
    #: Name of whoever decided; empty where nobody in particular did.
    decided_by: str = ""

    @property
    def is_active(self) -> bool:
        """Whether they take part."""
        return self.standing is Standing.MEMBER


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A membership as it is now, and as it was."""

    member: Member
    #: None for somebody who was no member.
    before: Member | None
    #: What somebody whose membership ended leaves behind.
    left: LeftBehind = field(default_factory=LeftBehind)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnStanding:
    """What a member is, and may do."""

    roles: frozenset[MemberRole]
    actions: frozenset[Action]


@needs(Action.SEE_MEMBERS)
def everyone(context: Context, actor: Member) -> tuple[Listed, ...]:
    """Everybody who is or was a member, or asked to be; whoever asked is shown to those who decide about them."""
    found = listed(context)
    if Action.MANAGE_MEMBERS in allowed_actions(context, actor):
        return found
    return tuple(one for one in found if one.standing is Standing.MEMBER)


@needs(Action.SEE_MEMBERS)
def people_list(context: Context, actor: Member) -> tuple[tuple[Listed, ...], bool]:
    """What `everyone` finds, and whether the member decides about them."""
    return everyone(context, actor), allowed(context, actor, Action.MANAGE_MEMBERS)


@needs(Action.SEE_MEMBERS)
def by_role(context: Context, actor: Member) -> Mapping[MemberRole, tuple[str, ...]]:
    """Who has each role, by name."""
    taking_part = [one for one in everyone(context, actor) if one.is_active]
    return {role: tuple(one.name for one in taking_part if role in one.roles) for role in MemberRole}


@needs(Action.MANAGE_MEMBERS)
def to_change(context: Context, actor: Member, who: str | int) -> tuple[str, frozenset[MemberRole]]:
    """The name of a member, or of somebody who asked, and the roles that they have now.

    Raises:
        UnknownPerson: when there is nobody like that.
    """
    if isinstance(who, str):
        asked = context.uow.membership_requests.by_slack_id(who)
        if asked is not None and context.uow.members.by_slack_id(who) is None:
            return asked.display_name, frozenset()
    member = someone(context, actor, who)
    return member.display_name, member.roles


@needs(Action.SEE_MEMBERS)
def own_rights(context: Context, actor: Member) -> frozenset[Action]:
    """The actions that the member may take."""
    return allowed_actions(context, actor)


@needs(Action.SEE_MEMBERS)
def own_standing(context: Context, actor: Member) -> OwnStanding:
    """What the member is, and the actions that they may take."""
    return OwnStanding(roles=roles_of(context, actor), actions=allowed_actions(context, actor))


@needs(Action.SEE_MEMBERS)
def rights_of(context: Context, actor: Member, name: str | int) -> Member:
    """A member with the roles that they have, the actor where they call themselves `me`.

    Raises:
        UnknownPerson: when nobody, or more than one, goes by that name.
    """
    return with_admin_setting(context, someone(context, actor, name))


def listed(context: Context) -> tuple[Listed, ...]:
    """Everybody who is or was a member, or asked to be, by name."""
    members = context.uow.members.all()
    names = {member.member_id: member.display_name for member in members}
    decided = _decisions(context)
    found = [
        Listed(
            name=member.display_name,
            standing=Standing.MEMBER if member.active else Standing.ENDED,
            roles=with_admin_setting(context, member).roles,
            slack_user_id=member.slack_user_id,
            time_zone=member.time_zone,
            credential=member.credential,
            department=member.department,
            email=member.email,
            member_id=member.member_id,
            decided_at=decided[member.member_id].at if member.member_id in decided else None,
            decided_by=names.get(decided[member.member_id].actor, "") if member.member_id in decided else "",
        )
        for member in members
        # Whoever stands for imports is not one of the people.
        if member.active or member.roles or member.slack_user_id
    ]
    known = {member.slack_user_id for member in members}
    asked = [one for one in context.uow.membership_requests.all() if one.slack_user_id not in known]
    found += [
        Listed(
            name=one.display_name,
            standing=Standing.WAITING if one.approved is None else Standing.REFUSED,
            slack_user_id=one.slack_user_id,
            request_id=one.request_id,
            asked_at=one.asked_at,
            decided_at=one.decided_at,
            decided_by=names.get(one.decided_by, "") if one.decided_by is not None else "",
        )
        for one in asked
    ]
    return tuple(found)


def _decisions(context: Context) -> Mapping[int, Act]:
    """The last act about each member's membership, by the member's number."""
    acts = context.uow.acts.of_kind(ActKind.MEMBERSHIP)
    return {change.fact_id: act for act in acts for change in act.changes if change.kind == MEMBERSHIP}


@needs(Action.MANAGE_MEMBERS)
def end(context: Context, actor: Member, name: str | int) -> Changed:
    """End a membership: the person may do nothing any more, and what they did stays.

    Raises:
        UnknownPerson: when nobody, or more than one, goes by that name.
        NothingToChange: when it has ended already.
        NotAllowed: when nobody would administer the practice then.
    """
    before = someone(context, actor, name)
    if not before.active:
        raise NothingToChange(f"{before.display_name}'s membership has ended already. Nothing was changed.")
    keep_an_administrator(context, before, replace(before, active=False))
    changed = store(context, actor, before, replace(before, active=False), "member.ended")
    return replace(changed, left=left_behind(context, before))


@needs(Action.MANAGE_MEMBERS)
def renew(context: Context, actor: Member, name: str | int) -> Changed:
    """Take back that a membership ended, with the roles it had.

    Raises:
        UnknownPerson: when nobody, or more than one, goes by that name.
        NothingToChange: when it stands.
    """
    before = someone(context, actor, name)
    if before.active:
        raise NothingToChange(f"{before.display_name} is a member. Nothing was changed.")
    return store(context, actor, before, replace(before, active=True), "member.renewed")


@needs(Action.MANAGE_MEMBERS)
def change_roles(
    context: Context, actor: Member, name: str | int, roles: frozenset[MemberRole], how: RoleEdit
) -> Changed:
    """Give a member roles.

    Raises:
        UnknownPerson: when nobody, or more than one, goes by that name.
        NothingToChange: when the roles are like that, or none would be left.
        NotAllowed: when the membership has ended, or nobody would administer the practice then.
    """
    before = someone(context, actor, name)
    if not before.active:
        raise NotAllowed(
            f"{before.display_name}'s membership has ended. Nothing was changed. Renew it first: "
            f"`/cocm members @{before.display_name} returns`."
        )
    after = replace(before, roles=how.applied(before.roles, roles))
    if after == before:
        raise NothingToChange(f"{before.display_name} has these roles already. Nothing was changed.")
    if not after.roles:
        raise NothingToChange(
            f"{before.display_name} would have no role left. Nothing was changed. To end the membership: "
            f"`/cocm members @{before.display_name} ends`."
        )
    keep_an_administrator(context, before, after)
    return store(context, actor, before, after, "member.roles")


def someone(context: Context, actor: Member, name: str | int) -> Member:
    """The member, active or not, by number, Slack user id or display name; the actor by `me`.

    Raises:
        UnknownPerson: when nobody, or more than one, goes by that name.
    """
    if isinstance(name, int):
        found = context.uow.members.by_id(name)
        if found is None:
            raise UnknownPerson
        return found
    bare = name.strip().removeprefix("@")
    if bare.casefold() in {"me", "myself"}:
        bare = actor.slack_user_id or actor.display_name
    member = by_any_name(context, bare)
    if member is None:
        raise UnknownPerson(
            f"No member goes by {name}, or more than one does. Pick the person with Slack's @ list, or see who there "
            "is: `/cocm members`."
        )
    return member


def allowed_actions(context: Context, actor: Member) -> frozenset[Action]:
    """The actions that a member may take."""
    return frozenset(action for action in Action if allowed(context, actor, action))


def keep_an_administrator(context: Context, before: Member, after: Member) -> None:
    """Refuse a change that takes the last administrator away, or one whom the settings name.

    Raises:
        NotAllowed: for the last administrator, and for whoever the settings name.
    """
    loses = MemberRole.ADMIN not in after.roles or not after.active
    if before.slack_user_id in context.settings.admins:
        if not after.active:
            raise NotAllowed(
                f"The setting COCM_ADMINS names {before.display_name} as an administrator. Nothing was changed. Take "
                "them out of that setting first."
            )
        return
    was = before.active and MemberRole.ADMIN in before.roles
    if was and loses and {one.member_id for one in administrators(context)} <= {before.member_id}:
        raise NotAllowed(
            f"{before.display_name} is the last administrator. Nothing was changed. Give somebody else that role "
            "first: `/cocm roles @ana add admin`."
        )


def begin(context: Context, actor: Member, changed: Member) -> None:
    """Have a change of a membership be the person's last act, which undo does not take back."""
    # Whose minutes count hangs on roles.
    context.uow.months.share_care()
    context.uow.acts.begin(ActKind.MEMBERSHIP, by=actor.member_id, at=context.now)
    context.uow.acts.changed(MEMBERSHIP, changed.member_id, None, 0)


def store(context: Context, actor: Member, before: Member, after: Member, action: str) -> Changed:
    """Keep a membership as changed, with who changed it."""
    begin(context, actor, after)
    context.uow.members.update(after)
    context.uow.audit.record(
        at=context.now,
        actor=actor.member_id,
        action=action,
        subject=f"member:{after.member_id}",
        details={"roles": sorted(after.roles), "before": sorted(before.roles), "active": after.active},
    )
    context.uow.commit()
    return Changed(member=with_admin_setting(context, after), before=before)
