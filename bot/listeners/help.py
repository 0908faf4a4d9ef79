"""Listener for `help` and its buttons, and for a greeting."""

from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncRespond

from billing.people import Member
from bot import pressed
from bot.context import BotContext, Handlers, Request
from bot.grammar import WELCOME, Section
from bot.grammar.commands.help import HelpArguments
from bot.ids import ActionId, wherever
from bot.middleware import acknowledge
from bot.replies import Reply
from bot.screens import help as screen
from services.people import memberships


async def show_help(bot: BotContext, request: Request) -> Reply:
    """`/cocm help [topic]`."""
    asked = request.given(HelpArguments)
    if asked.topic:
        return screen.topic(asked.topic)
    if asked.everything:
        return screen.overview(tuple(bot.commands))
    return await _of(bot, request.member, asked.group)


async def greet(_bot: BotContext, _request: Request) -> Reply:
    """`hi`, `thanks`, `good morning`: one line to learn."""
    return screen.welcome()


HANDLERS: Handlers = {"help": show_help, WELCOME: greet}


def register(app: AsyncApp, bot: BotContext) -> None:
    """Listen to the buttons that open a group of commands, and lead back."""

    async def open_group(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        named = pressed.name({*Section.__members__, screen.EVERY_GROUP}, action)
        asked = None if named == screen.EVERY_GROUP else Section[named]
        await respond(**(await _of(bot, member, asked)).as_replacement())

    app.action(wherever(ActionId.HELP_TOPIC))(ack=acknowledge, lazy=[open_group])


async def _of(bot: BotContext, member: Member, group: Section | None) -> Reply:
    """All groups of what a member can do, or one of them."""
    standing = await bot.practice.read(memberships.own_standing, member)
    if group is None:
        return screen.groups(tuple(bot.commands), standing.roles, standing.actions)
    return screen.group(group, tuple(bot.commands), standing.actions)
