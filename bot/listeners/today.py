"""What did I log today?"""

from bot.context import BotContext, Request
from bot.replies import Reply
from bot.screens.own_time import day
from services.entries import overviews


async def handle(bot: BotContext, request: Request) -> Reply:
    """`/cocm today`."""
    return day(await bot.practice.read(overviews.today, request.member))
