"""What became of an entry, version by version?"""

from bot.blocks import entries as blocks
from bot.grammar.arguments import EntryArguments
from bot.office import Office, Turn
from bot.replies import Reply
from services import entry_history


async def handle(office: Office, turn: Turn) -> Reply:
    """`/cocm history e-36`."""
    given = turn.parsed.arguments
    assert isinstance(given, EntryArguments), "the grammar gives every understood history its entry"
    told = await office.practice.read(entry_history.history, turn.member, given.entry_id)
    return blocks.history(told, office.zone_of(turn.member))
