"""The parts of Home, and which of them a member has."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from billing.people import Member, MemberRole
from services.context import Context
from services.people.rights import roles_of


class Part(StrEnum):
    """A part of Home: what one role looks at."""

    CARE = "care"
    REVIEWS = "reviews"
    BILLING = "billing"
    SUPERVISION = "supervision"
    PRACTICE = "practice"


#: Whose each part is, those that are looked at most often in a day first.
_ROLES: Final = {
    Part.CARE: frozenset({MemberRole.CARE_MANAGER, MemberRole.TREATING_PROVIDER}),
    Part.REVIEWS: frozenset({MemberRole.CONSULTANT}),
    Part.BILLING: frozenset({MemberRole.BILLER}),
    Part.SUPERVISION: frozenset({MemberRole.SUPERVISOR}),
    Part.PRACTICE: frozenset({MemberRole.ADMIN}),
}
#: Parts shown together; with each within half of Slack's hundred blocks, they fit. Others are one tap away.
SHOWN_TOGETHER: Final = 2


def parts_of(context: Context, member: Member) -> tuple[Part, ...]:
    """The parts that a member's roles give them, the most used first."""
    roles = roles_of(context, member)
    return tuple(part for part, whose in _ROLES.items() if not whose.isdisjoint(roles))


def shown_of(parts: Sequence[Part], chosen: str) -> tuple[Part, ...]:
    """The parts shown at once: the one that the member chose first, if they have it."""
    first = [part for part in parts if part == chosen]
    rest = [part for part in parts if part != chosen]
    return tuple([*first, *rest][:SHOWN_TOGETHER])
