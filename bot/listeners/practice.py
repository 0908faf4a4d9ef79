"""Listeners for `settings` and `rules`: what the practice has set, setting it, and what changes between months."""

from bot.context import BotContext, Handlers, Request
from bot.grammar.commands.rules import RulesArguments
from bot.grammar.commands.settings import SettingsArguments
from bot.replies import Reply
from bot.screens import rules as rules_screen
from bot.screens import settings as screen
from services.practice import rules_diff, settings
from services.practice.settings import SettingRequest


async def show_settings(bot: BotContext, request: Request) -> Reply:
    """`/cocm settings`, `/cocm settings set time_rule midpoint from january`."""
    given = request.given(SettingsArguments)
    if not given.wanted:
        return screen.settings(await bot.practice.read(settings.shown, request.member), given.name)
    wanted = SettingRequest(text=given.wanted, from_day=given.from_day)
    return screen.changed(await bot.practice.write(settings.carry_out, request.member, wanted))


async def show_rules(bot: BotContext, request: Request) -> Reply:
    """`/cocm rules diff december january`."""
    given = request.given(RulesArguments)
    found = await bot.practice.read(rules_diff.rules_between, request.member, given.first, given.second)
    return rules_screen.rules(found)


HANDLERS: Handlers = {"settings": show_settings, "rules": show_rules}
