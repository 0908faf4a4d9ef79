"""Finds the member who acts, and adds people whom the settings let in."""

from dataclasses import replace
from zoneinfo import available_timezones

from billing.people import Member, MemberRole
from services.context import Context
from services.errors import AwaitingApproval, DamagedMember, InactiveMember, NotApproved, UnknownPerson


def find(context: Context, slack_user_id: str) -> Member | None:
    """The member behind a Slack user, as far as reading alone can tell; None for one never heard of.

    Raises:
        InactiveMember: when their membership has ended.
        DamagedMember: when their row cannot be read.
        AwaitingApproval: when administrators were asked, and have not decided.
        NotApproved: when an administrator refused them.
    """
    member = context.uow.members.by_slack_id(slack_user_id)
    if member is not None:
        if not member.active:
            raise InactiveMember
        return with_admin_setting(context, member)
    if context.uow.members.is_there(slack_user_id):
        # Asking administrators to approve whom they approved long ago would mend nothing.
        raise DamagedMember
    if slack_user_id in context.settings.admins:
        return None
    asked = context.uow.membership_requests.by_slack_id(slack_user_id)
    if asked is None:
        return None
    if asked.approved is False:
        raise NotApproved
    if context.settings.unknown_member == "ask":
        raise AwaitingApproval
    return None


def welcome(context: Context, slack_user_id: str, user_name: str) -> Member:
    """Add somebody whom the settings let in: whom they name as an administrator, or whoever comes.

    Whoever the settings name is an administrator and nothing else, but where everybody is welcome as a care manager.
    """
    roles = set[MemberRole]()
    if slack_user_id in context.settings.admins:
        roles.add(MemberRole.ADMIN)
    if context.settings.unknown_member == "welcome":
        roles.add(MemberRole.CARE_MANAGER)
    member = context.uow.members.add(
        slack_user_id=slack_user_id, display_name=user_name or slack_user_id, roles=frozenset(roles)
    )
    context.uow.audit.record(
        at=context.now, actor=member.member_id, action="member.welcomed", subject=f"member:{member.member_id}"
    )
    context.uow.commit()
    return member


def welcome_admins(context: Context) -> None:
    """Have the administrators whom the settings name be members before they ever say a word.

    Only members can be told that something is held up, or that somebody asks to take part.
    """
    for slack_user_id in sorted(context.settings.admins):
        if not context.uow.members.is_there(slack_user_id):
            welcome(context, slack_user_id, slack_user_id)


def administrators(context: Context) -> tuple[Member, ...]:
    """The active members who administer the practice, by name; those without Slack too."""
    everyone = (with_admin_setting(context, member) for member in context.uow.members.all())
    return tuple(member for member in everyone if member.active and MemberRole.ADMIN in member.roles)


def consultants(context: Context) -> frozenset[int]:
    """Numbers of the members who are psychiatric consultants, or were when they left."""
    everyone = context.uow.members.all()
    return frozenset(member.member_id for member in everyone if MemberRole.CONSULTANT in member.roles)


def is_active(context: Context, slack_user_id: str) -> bool:
    """Whether a Slack user is a member; an event about anybody else in the workspace costs one read."""
    member = context.uow.members.by_slack_id(slack_user_id)
    return member is not None and member.active


def learn_profile(context: Context, slack_user_id: str, display_name: str, time_zone: str | None) -> None:
    """Keep what Slack says of a member: their name, and their zone where nobody set another."""
    member = context.uow.members.by_slack_id(slack_user_id)
    if member is None:
        return
    zone = member.time_zone or (time_zone if time_zone in available_timezones() else None)
    learned = replace(member, display_name=display_name or member.display_name, time_zone=zone)
    if learned != member:
        context.uow.members.update(learned)
        context.uow.commit()


def named(context: Context, name: str) -> Member:
    """The member meant by `@ana`: a Slack user id or a display name.

    Raises:
        UnknownPerson: when nobody, or more than one, goes by that name.
    """
    member = known(context, name)
    if member is None:
        raise UnknownPerson(
            f"No member goes by {name}. Pick the person with Slack's @ list, or ask an administrator to add them."
        )
    return member


def known(context: Context, name: str) -> Member | None:
    """The active member of that Slack user id, e-mail or display name; None when it is nobody's, or more than one's."""
    member = by_any_name(context, name.removeprefix("@"))
    return member if member is not None and member.active else None


def by_any_name(context: Context, bare: str) -> Member | None:
    """The member, active or not, of a Slack user id, e-mail or display name; None for nobody, or more than one."""
    found = context.uow.members.by_slack_id(bare)
    if found is None and "@" in bare:
        found = context.uow.members.by_email(bare)
    return found or context.uow.members.by_name(bare)


def with_admin_setting(context: Context, member: Member) -> Member:
    """The member, an administrator where the settings say so."""
    if member.slack_user_id in context.settings.admins:
        return replace(member, roles=member.roles | {MemberRole.ADMIN})
    return member


def acting(context: Context, name: str) -> Member:
    """The member in whose name a command of the command line is carried out: a Slack user id or a display name.

    Raises:
        UnknownPerson: when nobody, or more than one, goes by that name.
    """
    bare = name.strip().removeprefix("@")
    if bare in context.settings.admins:
        return find(context, bare) or welcome(context, bare, bare)
    return with_admin_setting(context, named(context, bare))
