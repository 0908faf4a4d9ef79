"""Reads a person's name and time zone from Slack."""

import structlog
from slack_sdk.errors import SlackApiError

from bot.context import BotContext
from services.people import members

log = structlog.get_logger(__name__)


async def learn(bot: BotContext, user_id: str) -> None:
    """Ask Slack about a member and keep the answer; without one they go by the practice's zone until the next time."""
    try:
        answer = await bot.client.users_info(user=user_id)
    except SlackApiError as error:
        log.warning("profile not learned", error=error.response.get("error"))
        return
    user = answer["user"]
    profile = user.get("profile", {})
    name = profile.get("display_name") or user.get("real_name") or user.get("name") or ""
    await bot.practice.write(members.learn_profile, user_id, name, user.get("tz"))
