"""Answers what is pressed in a message at its place, and as a direct message where Slack takes nothing there."""

from typing import Any

from bot.context import BotContext
from bot.direct import tell
from bot.home_answers import Respond
from bot.replies import Reply


def answering_where_pressed(bot: BotContext, user_id: str, url: str) -> Respond:
    """What stands in for Bolt's own way, which says nothing when the address has expired or is used up."""

    async def respond(**message: Any) -> None:
        if not (url and await bot.answer_urls.post(url, message)) and message.get("text"):
            await tell(bot, user_id, Reply(text=message["text"], blocks=tuple(message.get("blocks") or ())))

    return respond
