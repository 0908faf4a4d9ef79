"""What became of an entry, version by version?"""

from bot.context import BotContext, Request
from bot.grammar.call.entry import EntryArguments
from bot.replies import Reply
from bot.screens import entries as blocks
from services.entries import history


async def handle(bot: BotContext, request: Request) -> Reply:
    """`/cocm history e-36`."""
    given = request.parsed.arguments
    assert isinstance(given, EntryArguments), "the grammar gives every understood history its entry"
    told = await bot.practice.read(history.history, request.member, given.entry_id)
    return blocks.history(told, bot.zone_of(request.member))
