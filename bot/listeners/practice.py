"""Listeners for `settings`: what the practice has set, and setting it."""

from bot.context import BotContext, Handlers, Request
from bot.grammar.commands.settings import SettingsArguments
from bot.replies import Reply
from bot.screens import settings as screen
from services.practice import settings
from services.practice.settings import SettingRequest


async def show_settings(bot: BotContext, request: Request) -> Reply:
    """`/cocm settings`, `/cocm settings set time_rule midpoint from january`."""
    given = request.given(SettingsArguments)
    if not given.wanted:
        return screen.settings(await bot.practice.read(settings.shown, request.member), given.name)
    wanted = SettingRequest(text=given.wanted, from_day=given.from_day)
    return screen.changed(await bot.practice.write(settings.carry_out, request.member, wanted))


HANDLERS: Handlers = {"settings": show_settings}
