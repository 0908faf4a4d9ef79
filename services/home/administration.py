"""What an administrator's Home shows: people, payers, settings, and messages that cannot be delivered."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from billing.people import Member, MemberRole
from billing.practice_settings import SettingChange
from services.context import Context
from services.messages.trouble import Stuck, stuck
from services.months.payer_list import listed as payers_listed
from services.people.memberships import Standing, listed
from services.people.rights import Action, needs

#: The latest changes of settings that are shown.
_CHANGES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Somebody who asked to take part, and waits."""

    request_id: int
    slack_user_id: str
    #: What Slack calls them.
    display_name: str
    #: Aware instant.
    asked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedSetting:
    """A setting that was changed, and by whom."""

    change: SettingChange
    #: None for the command line without a name.
    by: Member | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdministrationHome:
    """The practice as whoever administers it sees it."""

    #: How many members have each role; one of several roles counts in each.
    roles: Mapping[MemberRole, int]
    members: int
    #: Members who have no role, and so can do nothing.
    without_role: tuple[str, ...]
    #: Who asked to take part and waits, the first first.
    requests: tuple[Asking, ...]
    #: Payers whose own rules are in use and were never verified; how many have rules at all.
    unverified: tuple[str, ...]
    payers: int
    #: The latest changes first.
    settings: tuple[ChangedSetting, ...]
    #: Deliveries that wait until something is fixed, by reason.
    trouble: tuple[Stuck, ...]
    has_billing_channel: bool = field(default=True)


@needs(Action.MANAGE_MEMBERS)
def administration_home(context: Context, actor: Member) -> AdministrationHome:
    """What needs an administrator."""
    everyone = [one for one in listed(context) if one.standing is Standing.MEMBER]
    members = {member.slack_user_id for member in context.uow.members.all()}
    payers = payers_listed(context, day=context.today_of(actor)).payers
    unverified = [
        payer.name
        for payer in payers
        if any(rule.holds and rule.rule.is_own and rule.rule.verified_on is None for rule in payer.rules)
    ]
    people = {member.member_id: member for member in context.uow.members.all()}
    changes = sorted(context.uow.setting_changes.all(), key=lambda one: (one.set_at, one.setting_id))
    return AdministrationHome(
        roles=Counter(role for one in everyone for role in one.roles),
        members=len(everyone),
        without_role=tuple(one.name for one in everyone if not one.roles),
        requests=tuple(
            Asking(
                request_id=one.request_id,
                slack_user_id=one.slack_user_id,
                display_name=one.display_name,
                asked_at=one.asked_at,
            )
            for one in context.uow.membership_requests.all()
            if one.approved is None and one.slack_user_id not in members
        ),
        unverified=tuple(unverified),
        payers=len(payers),
        settings=tuple(
            ChangedSetting(change=one, by=people.get(one.set_by) if one.set_by is not None else None)
            for one in reversed(changes[-_CHANGES:])
        ),
        trouble=stuck(context),
        has_billing_channel=context.settings.has_billing_channel,
    )
