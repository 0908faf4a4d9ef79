"""What did I log this week?"""

from bot.blocks import own_time as blocks
from bot.grammar.arguments import WeekArguments
from bot.office import Office, Turn
from bot.replies import Reply
from services import own_time


async def handle(office: Office, turn: Turn) -> Reply:
    """`/cocm week`."""
    given = turn.parsed.arguments
    assert isinstance(given, WeekArguments), "the grammar gives every understood week its arguments"
    return blocks.week(await office.practice.read(own_time.week, turn.member, last=given.last))
