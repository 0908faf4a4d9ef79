"""Sends a message with one of Slack's newer blocks, and without it where the workspace does not take it."""

from slack_sdk.errors import SlackApiError

from bot.context import BotContext
from bot.direct import tell
from bot.home_refresh import NOT_TAKEN
from bot.replies import Reply
from services.practice import newer_blocks


async def tell_newer(bot: BotContext, user_id: str, newer: Reply, plain: Reply, block: str) -> None:
    """Send a direct message as it looks best; where Slack refuses the block, as it always can be, and remember that."""
    try:
        await tell(bot, user_id, newer)
    except SlackApiError as error:
        if error.response.get("error") not in NOT_TAKEN or newer == plain:
            raise
        await tell(bot, user_id, plain)
        await bot.practice.write(newer_blocks.refused, newer_blocks.MESSAGE, block)
