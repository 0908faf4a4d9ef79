"""Share an entry's time out between patients."""

from bot.blocks import entries as blocks
from bot.grammar.arguments import SplitArguments
from bot.office import Office, Turn
from bot.replies import Reply
from services import split


async def handle(office: Office, turn: Turn) -> Reply:
    """`/cocm split e-36 10m MRN123 / 5m MRN124`."""
    given = turn.parsed.arguments
    assert isinstance(given, SplitArguments), "the grammar gives every understood split its parts"
    return blocks.split(await office.practice.write(split.split, turn.member, given.split))
