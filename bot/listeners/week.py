"""What did I log this week?"""

from bot.context import BotContext, Request
from bot.grammar.commands.week import WeekArguments
from bot.replies import Reply
from bot.screens import own_time as blocks
from services.months import own_time


async def handle(bot: BotContext, request: Request) -> Reply:
    """`/cocm week`."""
    given = request.parsed.arguments
    assert isinstance(given, WeekArguments), "the grammar gives every understood week its arguments"
    return blocks.week(await bot.practice.read(own_time.week, request.member, last=given.last))
