"""Puts a member's Home together: the parts that their roles give them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from billing.people import Member
from services.context import Context
from services.home.administration import AdministrationHome, administration_home
from services.home.billing import BillingHome, billing_home
from services.home.care import CareHome, care_home
from services.home.parts import Part, parts_of, shown_of
from services.home.reviews import ReviewsHome, reviews_home
from services.home.supervision import SupervisionHome, supervision_home
from services.people import members
from services.people.rights import Action, needs
from services.practice.newer_blocks import HOME, MESSAGE, not_taken

#: What one part holds.
Content = CareHome | ReviewsHome | BillingHome | SupervisionHome | AdministrationHome

_READ: Final[Mapping[Part, Callable[[Context, Member], Content]]] = {
    Part.CARE: care_home,
    Part.REVIEWS: reviews_home,
    Part.BILLING: billing_home,
    Part.SUPERVISION: supervision_home,
    Part.PRACTICE: administration_home,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """What Home shows one member."""

    member: Member
    #: The local date it is for them, and their zone.
    today: date
    zone: ZoneInfo
    #: Every part that they have.
    parts: tuple[Part, ...]
    #: Those shown now, in their order, with what they hold.
    shown: tuple[tuple[Part, Content], ...]
    #: Kinds of block that this workspace does not take on Home.
    not_taken: frozenset[str]


@needs(Action.SEE_OWN_TIME)
def home(context: Context, actor: Member) -> Home:
    """The member's Home, as fresh as what is stored.

    Raises:
        NotAllowed: for a member without a role.
    """
    opened = context.uow.homes.of(actor.member_id)
    parts = parts_of(context, actor)
    shown = shown_of(parts, opened.part if opened is not None else "")
    return Home(
        member=actor,
        today=context.today_of(actor),
        zone=context.zone_of(actor),
        parts=parts,
        shown=tuple((part, _READ[part](context, actor)) for part in shown),
        not_taken=not_taken(context, HOME),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What charts are drawn of, for a direct message."""

    content: BillingHome | SupervisionHome
    #: Kinds of block that this workspace does not take in messages.
    not_taken: frozenset[str]


@needs(Action.REPORT, Action.SEE_TIME_KEEPING)
def figures(context: Context, actor: Member, part: str) -> Figures:
    """What a part of Home has in figures.

    Raises:
        NotAllowed: for whoever may not see them.
    """
    shown = supervision_home if part == Part.SUPERVISION else billing_home
    return Figures(content=shown(context, actor), not_taken=not_taken(context, MESSAGE))


def home_of(context: Context, slack_user_id: str) -> Home | None:
    """The Home of whoever that is in Slack, by the roles that they have now; None for one who is no member.

    Raises:
        NotAllowed: for a member without a role.
        InactiveMember: when their membership has ended.
    """
    member = members.find(context, slack_user_id)
    return None if member is None else home(context, member)
