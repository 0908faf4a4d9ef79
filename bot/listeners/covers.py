"""Listener for `cover`."""

from bot.context import BotContext, Handlers, Request
from bot.grammar.commands.cover import CoverArguments
from bot.replies import Reply
from bot.screens import covers as screen
from services.people import covering
from services.people.covering import CoverRequest


async def cover(bot: BotContext, request: Request) -> Reply:
    """`/cocm cover`, `/cocm cover @ben 12/1 to 12/8`, `/cocm cover end`."""
    given, member = request.given(CoverArguments), request.member
    if given.ends:
        return screen.handed_over(await bot.practice.write(covering.end, member, given.away))
    if given.covered_by is None or given.first_day is None or given.last_day is None:
        return screen.covers(await bot.practice.read(covering.listed, member))
    asked = CoverRequest(
        away=given.away,
        covered_by=given.covered_by,
        first_day=given.first_day,
        last_day=given.last_day,
    )
    return screen.handed_over(await bot.practice.write(covering.hand_over, member, asked))


HANDLERS: Handlers = {"cover": cover}
