"""Share an entry's time out between patients."""

from bot.context import BotContext, Request
from bot.grammar.commands.split import SplitArguments
from bot.replies import Reply
from bot.screens import entries as blocks
from services.entries import split


async def handle(bot: BotContext, request: Request) -> Reply:
    """`/cocm split e-36 10m MRN123 / 5m MRN124`."""
    given = request.parsed.arguments
    assert isinstance(given, SplitArguments), "the grammar gives every understood split its parts"
    return blocks.split(await bot.practice.write(split.split, request.member, given.split))
