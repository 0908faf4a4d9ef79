"""Open a closed month again."""

from bot.blocks import month_review as blocks
from bot.grammar.arguments import ReopenArguments
from bot.office import Office, Turn
from bot.patience import soon
from bot.replies import Reply
from services import month_close
from services.line_changes import coming_changes


async def handle(office: Office, turn: Turn) -> Reply:
    """`/cocm reopen october two reviews were entered late`."""
    given = turn.parsed.arguments
    assert isinstance(given, ReopenArguments), "the grammar gives every understood reopen its month"
    done = await office.practice.write(month_close.reopen_month, turn.member, given.month, given.reason)

    async def made() -> Reply:
        return blocks.reopened(done, await office.practice.read(coming_changes, done.month))

    return await soon(office, turn, made())
