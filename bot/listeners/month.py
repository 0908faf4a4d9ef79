"""What did I log this month, or in another?"""

from bot.blocks import own_time as blocks
from bot.grammar.arguments import MonthArguments
from bot.office import Office, Turn
from bot.replies import Reply
from services import own_time


async def handle(office: Office, turn: Turn) -> Reply:
    """`/cocm month october`."""
    given = turn.parsed.arguments
    assert isinstance(given, MonthArguments), "the grammar gives every understood month its arguments"
    return blocks.month(await office.practice.read(own_time.month, turn.member, given.month))
