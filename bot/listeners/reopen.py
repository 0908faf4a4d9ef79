"""Open a closed month again."""

from bot.blocks import month_review as blocks
from bot.grammar.arguments import ReopenArguments
from bot.office import Office, Turn
from bot.replies import Reply
from services import month_close


async def handle(office: Office, turn: Turn) -> Reply:
    """`/cocm reopen october two reviews were entered late`."""
    given = turn.parsed.arguments
    assert isinstance(given, ReopenArguments), "the grammar gives every understood reopen its month"
    done = await office.practice.write(month_close.reopen_month, turn.member, given.month, given.reason)
    return blocks.reopened(done)
