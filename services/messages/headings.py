"""The headings of the morning message that people can leave out; they keep the names of the messages that they were."""

from collections.abc import Collection
from typing import Final

from billing.people import Member, MemberRole
from services.context import Context
from services.messages import days
from services.messages.kind import Heading

#: Name of the message that they stand in, with which its deliveries' periods begin.
MESSAGE: Final = "digest"
_CARE_MANAGERS: Final = frozenset({MemberRole.CARE_MANAGER})

DAILY: Final = Heading(
    name=MESSAGE,
    title="what is due, near and missing",
    spoken=("digest", "digests", "morning digest"),
    roles=frozenset({MemberRole.CARE_MANAGER, MemberRole.CONSULTANT, MemberRole.ADMIN}),
    days=days.WORKING_DAYS,
)
AUDIT: Final = Heading(
    name="audit",
    title="weekly look at entries",
    spoken=("audit", "weekly", "weekly look"),
    roles=_CARE_MANAGERS,
    days=days.FIRST_WORKING_DAY_OF_WEEK,
)
AUDIT_SUMMARY: Final = Heading(
    name="audit_summary",
    title="weekly summary",
    spoken=("audit summary",),
    roles=frozenset({MemberRole.SUPERVISOR}),
    days=days.FIRST_WORKING_DAY_OF_WEEK,
)
TRUE_UP: Final = Heading(
    name="true_up",
    title="true-up list",
    spoken=("true-up", "trueup", "trueup list"),
    roles=_CARE_MANAGERS,
    days=days.LAST_THREE_WORKING_DAYS,
)
PACE: Final = Heading(
    name="pace",
    title="at this pace",
    spoken=("pace",),
    roles=_CARE_MANAGERS,
    days=days.WORKING_DAYS,
    stands_alone=False,
)
#: All of them, in the order in which their times go before each other's.
HEADINGS: Final = (DAILY, AUDIT, AUDIT_SUMMARY, TRUE_UP, PACE)


def wanted_by(context: Context, member: Member) -> Collection[Heading]:
    """The headings that a member is shown: those of their roles that neither they nor the practice left out."""
    choices = context.uow.reminder_choices
    off = choices.of(member.member_id).off | choices.of_practice().off
    return tuple(one for one in HEADINGS if one.name not in off and not member.roles.isdisjoint(one.roles))
