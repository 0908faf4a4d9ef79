"""Where does this patient stand this month?"""

from bot.context import BotContext, Request
from bot.grammar.commands.status import StatusArguments
from bot.replies import Reply
from bot.screens.status import patient_status
from services.entries import overviews


async def handle(bot: BotContext, request: Request) -> Reply:
    """`/cocm status MRN123`."""
    ref = request.given(StatusArguments).patient
    return patient_status(await bot.practice.read(overviews.status, request.member, ref))
