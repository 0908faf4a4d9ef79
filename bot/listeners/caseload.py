"""Where do my patients stand this month?"""

from bot.context import BotContext, Request
from bot.replies import Reply
from bot.screens import caseload as blocks
from bot.slow_answers import soon
from services.months import caseload


async def handle(bot: BotContext, request: Request) -> Reply:
    """`/cocm caseload`."""

    async def made() -> Reply:
        return blocks.caseload(await bot.practice.read(caseload.caseload, request.member))

    return await soon(bot, request, made())
