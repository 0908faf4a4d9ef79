"""Listener for `help`."""

from bot.context import BotContext, Handlers, Request
from bot.grammar.commands.help import HelpArguments
from bot.replies import Reply
from bot.screens.help import overview, topic


async def show_help(bot: BotContext, request: Request) -> Reply:
    """`/cocm help [topic]`."""
    asked = request.given(HelpArguments).topic
    return topic(asked) if asked else overview(tuple(bot.commands))


HANDLERS: Handlers = {"help": show_help}
