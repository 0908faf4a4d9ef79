"""Who is this? People become known by being added, or by saying hello where the practice welcomes them."""

from dataclasses import replace
from zoneinfo import available_timezones

from billing.people import Member, MemberRole
from services.desk import Desk
from services.errors import InactiveMember, UnknownMember, UnknownPerson


def find(desk: Desk, slack_user_id: str) -> Member | None:
    """The member behind a Slack user, as far as reading alone can tell; None when still to be welcomed.

    Raises:
        InactiveMember: when their membership has ended.
    """
    member = desk.uow.members.by_slack_id(slack_user_id)
    if member is None:
        return None
    if not member.active:
        raise InactiveMember
    return with_admin_setting(desk, member)


def recognise(desk: Desk, slack_user_id: str, user_name: str) -> Member:
    """The member behind a Slack user, welcomed as a care manager when new and the practice says so.

    Raises:
        UnknownMember: when the practice refuses people it does not know.
        InactiveMember: when their membership has ended.
    """
    known = find(desk, slack_user_id)
    if known is not None:
        return known
    is_admin = slack_user_id in desk.settings.admins
    if desk.settings.unknown_member == "refuse" and not is_admin:
        raise UnknownMember
    roles = {MemberRole.CARE_MANAGER} | ({MemberRole.ADMIN} if is_admin else set())
    member = desk.uow.members.add(
        slack_user_id=slack_user_id, display_name=user_name or slack_user_id, roles=frozenset(roles)
    )
    desk.uow.audit.record(
        at=desk.now, actor=member.member_id, action="member.welcomed", subject=f"member:{member.member_id}"
    )
    desk.uow.commit()
    return member


def welcome_admins(desk: Desk) -> None:
    """Have the administrators whom the settings name be members before they ever say a word.

    Only members can be told that something is held up.
    """
    for slack_user_id in sorted(desk.settings.admins):
        if desk.uow.members.by_slack_id(slack_user_id) is None:
            recognise(desk, slack_user_id, slack_user_id)


def learn_profile(desk: Desk, slack_user_id: str, display_name: str, time_zone: str | None) -> None:
    """Keep what Slack says of a member: their name, and their zone where nobody set another."""
    member = desk.uow.members.by_slack_id(slack_user_id)
    if member is None:
        return
    zone = member.time_zone or (time_zone if time_zone in available_timezones() else None)
    learned = replace(member, display_name=display_name or member.display_name, time_zone=zone)
    if learned != member:
        desk.uow.members.update(learned)
        desk.uow.commit()


def named(desk: Desk, name: str) -> Member:
    """The member meant by `@ana`: a Slack user id or a display name.

    Raises:
        UnknownPerson: when nobody, or more than one, goes by that name.
    """
    member = known(desk, name)
    if member is None:
        raise UnknownPerson(
            f"No member goes by {name}. Pick the person with Slack's @ list, or ask an administrator to add them."
        )
    return member


def known(desk: Desk, name: str) -> Member | None:
    """The active member of that Slack user id or display name; None when it is nobody's, or of more than one."""
    bare = name.removeprefix("@")
    member = desk.uow.members.by_slack_id(bare) or desk.uow.members.by_name(bare)
    return member if member is not None and member.active else None


def with_admin_setting(desk: Desk, member: Member) -> Member:
    """The member, an administrator where the settings say so."""
    if member.slack_user_id in desk.settings.admins:
        return replace(member, roles=member.roles | {MemberRole.ADMIN})
    return member


def acting(desk: Desk, name: str) -> Member:
    """The member in whose name a command of the command line is carried out: a Slack user id or a display name.

    Raises:
        UnknownPerson: when nobody, or more than one, goes by that name.
    """
    bare = name.strip().removeprefix("@")
    if bare in desk.settings.admins:
        return recognise(desk, bare, bare)
    return with_admin_setting(desk, named(desk, bare))
