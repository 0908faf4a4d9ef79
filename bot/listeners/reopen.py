"""Open a closed month again."""

from bot.context import BotContext, Request
from bot.grammar.commands.reopen import ReopenArguments
from bot.replies import Reply
from bot.screens import month_review as blocks
from bot.slow_answers import soon
from services.months import close
from services.months.line_changes import coming_changes


async def handle(bot: BotContext, request: Request) -> Reply:
    """`/cocm reopen october two reviews were entered late`."""
    given = request.parsed.arguments
    assert isinstance(given, ReopenArguments), "the grammar gives every understood reopen its month"
    done = await bot.practice.write(close.reopen_month, request.member, given.month, given.reason)

    async def made() -> Reply:
        return blocks.reopened(done, await bot.practice.read(coming_changes, done.month))

    return await soon(bot, request, made())
