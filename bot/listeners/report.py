"""How does the practice's month stand?"""

from bot.blocks import month_review as blocks
from bot.grammar.arguments import MonthArguments
from bot.office import Office, Turn
from bot.patience import soon
from bot.replies import Reply
from services import month_review


async def handle(office: Office, turn: Turn) -> Reply:
    """`/cocm report october`."""
    given = turn.parsed.arguments
    assert isinstance(given, MonthArguments), "the grammar gives every understood report its arguments"
    month = given.month

    async def made() -> Reply:
        return blocks.report(await office.practice.read(month_review.review, turn.member, month))

    return await soon(office, turn, made())
