"""Take an entry out of all sums, for a reason."""

from bot.context import BotContext, Request
from bot.grammar.call.entry import EntryArguments
from bot.replies import Reply
from bot.screens import entries as blocks
from services.entries import void


async def handle(bot: BotContext, request: Request) -> Reply:
    """`/cocm void e-36 logged for the wrong patient`."""
    given = request.parsed.arguments
    assert isinstance(given, EntryArguments), "the grammar gives every understood void its entry"
    made = await bot.practice.write(void.void, request.member, given.entry_id, given.reason)
    return blocks.voided(made)
