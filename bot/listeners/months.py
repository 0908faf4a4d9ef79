"""Close a month: review it, attest, and freeze exactly what was shown."""

from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncRespond

from billing.months import BillingMonth
from billing.people import Member
from bot.context import BotContext, Request
from bot.grammar.call.month import MonthArguments
from bot.ids import ActionId
from bot.middleware import acknowledge
from bot.replies import Reply
from bot.screens import month_review as blocks
from bot.slow_answers import soon
from services.messages.revisions import close_as_seen
from services.months import review
from services.months.line_changes import changes_of


async def handle(bot: BotContext, request: Request) -> Reply:
    """`/cocm close october`."""
    given = request.parsed.arguments
    assert isinstance(given, MonthArguments), "the grammar gives every understood close its month"
    assert given.month is not None, "the grammar asks for the month"
    month = given.month

    async def made() -> Reply:
        return blocks.report(await bot.practice.read(review.before_close, request.member, month))

    return await soon(bot, request, made())


def register(app: AsyncApp, bot: BotContext) -> None:
    """Listen to the buttons that close."""

    async def close(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        named, _, seen = action["value"].partition(":")
        month = BillingMonth.parse(named)
        done = await bot.practice.write(close_as_seen, member, month, seen)
        changes = await bot.practice.read(changes_of, done)
        await respond(**blocks.closed(done, month, changes).as_replacement())

    app.action(ActionId.CLOSE_MONTH)(ack=acknowledge, lazy=[close])
