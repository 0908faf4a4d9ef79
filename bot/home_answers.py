"""Answers what is pressed on Home in the person's own messages with the bot, and says so on Home."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.context import BotContext
from bot.direct import tell
from bot.replies import Reply

#: Takes the body of a message as `Reply` gives it.
Respond = Callable[..., Awaitable[None]]


def answering_in_messages(bot: BotContext, user_id: str) -> Respond:
    """What stands in for Slack's own way of answering a click; where a message would be replaced, one is added."""

    async def respond(text: str, blocks: Any = (), **_places: Any) -> None:
        await tell(bot, user_id, Reply(text=text, blocks=tuple(blocks)))
        await bot.home.done(user_id, text)

    return respond
