"""Checks that the billing channel is private, not shared, and that the bot is in it."""

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack_answers import asked
from services.messages.deliveries import Refused, Trouble

_SHARED = ("is_shared", "is_ext_shared", "is_org_shared", "is_pending_ext_shared", "pending_shared")


async def unfit_for_billing(client: AsyncWebClient, channel: str) -> Trouble | None:
    """Why billing may not be posted in a channel; None when it may. Ask each time, for channels change."""
    answer = await asked(client.conversations_info(channel=channel))
    if not isinstance(answer, dict):
        return answer
    found = answer["channel"]
    if not found.get("is_private"):
        return Refused(code="channel_not_private")
    if any(found.get(name) for name in _SHARED):
        return Refused(code="channel_shared")
    return None if found.get("is_member") else Refused(code="not_in_channel")
