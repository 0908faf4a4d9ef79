"""Help, generated from the command registry so that it cannot go stale."""

from bot.context import BotContext, Request
from bot.replies import Reply
from bot.screens.help import overview, topic


async def handle(bot: BotContext, request: Request) -> Reply:
    """`/cocm help [topic]`."""
    names = tuple(bot.commands)
    return topic(request.parsed.topic) if request.parsed.topic else overview(names)
