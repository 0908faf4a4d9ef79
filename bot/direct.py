"""Sends a direct message to one person, or puts an answer in the place of what they clicked."""

from bot.context import BotContext
from bot.replies import Reply


async def tell(bot: BotContext, user_id: str, reply: Reply) -> None:
    """Open the direct message and post there; needs no channel and is seen by nobody else."""
    opened = await bot.client.conversations_open(users=user_id)
    await say(bot, opened["channel"]["id"], reply)


async def say(bot: BotContext, channel_id: str, reply: Reply) -> None:
    """Post in a direct message that is open already."""
    await bot.client.chat_postMessage(channel=channel_id, text=reply.text, blocks=list(reply.blocks))


async def replace_message(bot: BotContext, user_id: str, response_url: str, reply: Reply) -> None:
    """Put a reply in the place of the message that a form was opened from; a direct message where that has expired."""
    if not await bot.answer_urls.post(response_url, reply.as_replacement()):
        await tell(bot, user_id, reply)


def message_key(channel_id: str, ts: str) -> str:
    """What names a message of a person: kept with what it wrote, so that a change of it finds that."""
    return f"message:{channel_id}:{ts}"
