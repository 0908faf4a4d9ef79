"""Where do my patients stand this month?"""

from bot.blocks import caseload as blocks
from bot.office import Office, Turn
from bot.patience import soon
from bot.replies import Reply
from services import caseload


async def handle(office: Office, turn: Turn) -> Reply:
    """`/cocm caseload`."""

    async def made() -> Reply:
        return blocks.caseload(await office.practice.read(caseload.caseload, turn.member))

    return await soon(office, turn, made())
