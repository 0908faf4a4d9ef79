"""Makes a delivery's content at the moment it is sent."""

from datetime import datetime
from math import ceil
from typing import Any

from billing.months import BillingMonth
from services.context import Context
from services.messages.deliveries import Delivery, NotNow
from services.messages.kind import ChannelPost, DirectMessage, NewcomerMessage, Part
from services.messages.kinds import KINDS
from services.messages.store import person_of, practice_times
from services.messages.wanted import ASK_AGAIN, unwanted_by_person, unwanted_by_practice
from services.people.members import with_admin_setting

#: Seconds after which a month in which nothing was written yet is looked at again.
_NOTHING_YET = 3_600


def compose(context: Context, delivery: Delivery, *, names_in_files: bool) -> object | NotNow | None:
    """The content of a part of a delivery.

    Whether it is wanted is asked here once more: much may have been decided since it was planned.

    Args:
        context: where the use case works.
        delivery: what is to be sent, to whom, for which period.
        names_in_files: whether the practice wants patients' names in files that Slack keeps.

    Returns:
        None when there is nothing to say, `NotNow` when it is not to be told yet.

    Raises:
        KeyError: for a kind that only another version of the program knows.
    """
    subject = delivery.period.partition(":")[2]
    match KINDS[delivery.kind]:
        case ChannelPost() as kind if delivery.part is not Part.MESSAGE:
            # What a message announced comes, whatever was decided since.
            month = BillingMonth.parse(subject.partition(":")[0])
            return kind.files[delivery.part](context, month, names=names_in_files)
        case ChannelPost() as kind:
            return _for_channel(context, kind, subject)
        case DirectMessage() as kind:
            return _for_member(context, delivery, kind, subject)
        case NewcomerMessage() as kind:
            return kind.content(context, kind.subject(subject))


def _for_channel(context: Context, kind: ChannelPost[Any], subject: str) -> object | NotNow | None:
    held = unwanted_by_practice(kind, practice_times(context), context.now)
    if held is not None:
        return _not_before(held, context)
    content = kind.content(context, kind.subject(subject))
    if content is None and kind.waits_for_content:
        return NotNow(seconds=_NOTHING_YET)
    return content


def _for_member(
    context: Context, delivery: Delivery, kind: DirectMessage[Any], subject: str
) -> object | NotNow | None:
    member_id = delivery.recipient.member_id
    found = None if member_id is None else context.uow.members.by_id(member_id)
    if found is None or not found.active:
        return None
    member = with_admin_setting(context, found)
    if member.roles.isdisjoint(kind.roles):
        return None
    person = person_of(context, member)
    held = unwanted_by_person(person, kind, practice_times(context), context.now, delivery.due_at)
    if held is not None:
        return _not_before(held, context)
    return kind.content(context, member, kind.subject(subject))


def _not_before(until: datetime, context: Context) -> NotNow:
    """Ask again then, or soon: whoever put something off may think better of it."""
    return NotNow(seconds=max(1, ceil(min(until - context.now, ASK_AGAIN).total_seconds())))
