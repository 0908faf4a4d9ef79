"""What did I log today?"""

from bot.blocks.overviews import day
from bot.office import Office, Turn
from bot.replies import Reply
from services import overviews


async def handle(office: Office, turn: Turn) -> Reply:
    """`/cocm today`."""
    return day(await office.practice.read(overviews.today, turn.member))
