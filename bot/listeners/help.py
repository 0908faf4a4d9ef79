"""Listener for `help`, and for a greeting."""

from bot.context import BotContext, Handlers, Request
from bot.grammar import WELCOME
from bot.grammar.commands.help import HelpArguments
from bot.replies import Reply
from bot.screens.help import overview, topic, welcome


async def show_help(bot: BotContext, request: Request) -> Reply:
    """`/cocm help [topic]`."""
    asked = request.given(HelpArguments).topic
    return topic(asked) if asked else overview(tuple(bot.commands))


async def greet(_bot: BotContext, _request: Request) -> Reply:
    """`hi`, `thanks`, `good morning`: one line to learn."""
    return welcome()


HANDLERS: Handlers = {"help": show_help, WELCOME: greet}
