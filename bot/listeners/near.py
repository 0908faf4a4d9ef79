"""Who is within reach of the next code?"""

from bot.blocks import caseload as blocks
from bot.office import Office, Turn
from bot.patience import soon
from bot.replies import Reply
from services import caseload


async def handle(office: Office, turn: Turn) -> Reply:
    """`/cocm near`."""

    async def made() -> Reply:
        return blocks.near(await office.practice.read(caseload.caseload, turn.member))

    return await soon(office, turn, made())
