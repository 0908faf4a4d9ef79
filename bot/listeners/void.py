"""Take an entry out of all sums, for a reason."""

from bot.blocks import entries as blocks
from bot.grammar.arguments import EntryArguments
from bot.office import Office, Turn
from bot.replies import Reply
from services import void


async def handle(office: Office, turn: Turn) -> Reply:
    """`/cocm void e-36 logged for the wrong patient`."""
    given = turn.parsed.arguments
    assert isinstance(given, EntryArguments), "the grammar gives every understood void its entry"
    made = await office.practice.write(void.void, turn.member, given.entry_id, given.reason)
    return blocks.voided(made)
