"""What did I log this month, or in another?"""

from bot.context import BotContext, Request
from bot.grammar.call.month import MonthArguments
from bot.replies import Reply
from bot.screens import own_time as blocks
from services.months import own_time


async def handle(bot: BotContext, request: Request) -> Reply:
    """`/cocm month october`."""
    given = request.parsed.arguments
    assert isinstance(given, MonthArguments), "the grammar gives every understood month its arguments"
    return blocks.month(await bot.practice.read(own_time.month, request.member, given.month))
