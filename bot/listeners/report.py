"""How does the practice's month stand?"""

from bot.context import BotContext, Request
from bot.grammar.call.month import MonthArguments
from bot.replies import Reply
from bot.screens import month_review as blocks
from bot.slow_answers import soon
from services.months import review


async def handle(bot: BotContext, request: Request) -> Reply:
    """`/cocm report october`."""
    given = request.parsed.arguments
    assert isinstance(given, MonthArguments), "the grammar gives every understood report its arguments"
    month = given.month

    async def made() -> Reply:
        return blocks.report(await bot.practice.read(review.review, request.member, month))

    return await soon(bot, request, made())
