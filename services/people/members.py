"""Finds the member who acts, and adds people whom the practice welcomes."""

from dataclasses import replace
from zoneinfo import available_timezones

from billing.people import Member, MemberRole
from services.context import Context
from services.errors import InactiveMember, UnknownMember, UnknownPerson


def find(context: Context, slack_user_id: str) -> Member | None:
    """The member behind a Slack user, as far as reading alone can tell; None when still to be welcomed.

    Raises:
        InactiveMember: when their membership has ended.
    """
    member = context.uow.members.by_slack_id(slack_user_id)
    if member is None:
        return None
    if not member.active:
        raise InactiveMember
    return with_admin_setting(context, member)


def recognize(context: Context, slack_user_id: str, user_name: str) -> Member:
    """The member behind a Slack user, welcomed as a care manager when new and the practice says so.

    Raises:
        UnknownMember: when the practice refuses people it does not know.
        InactiveMember: when their membership has ended.
    """
    known = find(context, slack_user_id)
    if known is not None:
        return known
    is_admin = slack_user_id in context.settings.admins
    if context.settings.unknown_member == "refuse" and not is_admin:
        raise UnknownMember
    roles = {MemberRole.CARE_MANAGER} | ({MemberRole.ADMIN} if is_admin else set())
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

    Only members can be told that something is held up.
    """
    for slack_user_id in sorted(context.settings.admins):
        if context.uow.members.by_slack_id(slack_user_id) is None:
            recognize(context, slack_user_id, slack_user_id)


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
    """The active member of that Slack user id or display name; None when it is nobody's, or of more than one."""
    bare = name.removeprefix("@")
    member = context.uow.members.by_slack_id(bare) or context.uow.members.by_name(bare)
    return member if member is not None and member.active else None


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
        return recognize(context, bare, bare)
    return with_admin_setting(context, named(context, bare))
