"""A member's Slack address: their user, and the direct message with the bot once it is open."""

from dataclasses import dataclass

from services.context import Context


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A member in Slack."""

    member_id: int
    slack_user_id: str
    #: D-id of the direct message; None while it was never opened.
    channel_id: str | None = None


def address_of(context: Context, member_id: int) -> Address | None:
    """Where a member is reached; None for one who has left, or is not in Slack."""
    member = context.uow.members.by_id(member_id)
    if member is None or not member.active or not member.slack_user_id:
        return None
    return Address(
        member_id=member_id,
        slack_user_id=member.slack_user_id,
        channel_id=context.uow.direct_messages.channel_of(member_id, member.slack_user_id),
    )


def newcomer_in_slack(context: Context, request_id: int) -> str | None:
    """The Slack user id of somebody who asked to take part; None when nobody did by that number."""
    asked = context.uow.membership_requests.by_id(request_id)
    return None if asked is None else asked.slack_user_id


def keep_channel(context: Context, address: Address, channel_id: str) -> None:
    """Keep the D-id that Slack gave, so that the next message needs no question."""
    context.uow.direct_messages.keep(address.member_id, address.slack_user_id, channel_id)
    context.uow.commit()


def forget_channel(context: Context, member_id: int) -> None:
    """Forget a D-id that Slack does not know any more."""
    context.uow.direct_messages.forget(member_id)
    context.uow.commit()
