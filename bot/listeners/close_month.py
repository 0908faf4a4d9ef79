"""Close a month: review it, attest, and freeze exactly what was shown."""

from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncRespond

from billing.months import BillingMonth
from billing.people import Member
from bot.blocks import month_review as blocks
from bot.grammar.arguments import MonthArguments
from bot.ids import ActionId
from bot.middleware import acknowledge
from bot.office import Office, Turn
from bot.patience import soon
from bot.replies import Reply
from services import month_review
from services.line_changes import changes_of


async def handle(office: Office, turn: Turn) -> Reply:
    """`/cocm close october`."""
    given = turn.parsed.arguments
    assert isinstance(given, MonthArguments), "the grammar gives every understood close its month"
    assert given.month is not None, "the grammar asks for the month"
    month = given.month

    async def made() -> Reply:
        return blocks.report(await office.practice.read(month_review.before_close, turn.member, month))

    return await soon(office, turn, made())


def register(app: AsyncApp, office: Office) -> None:
    """Listen to the buttons that close."""

    async def close(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        named, _, seen = action["value"].partition(":")
        month = BillingMonth.parse(named)
        done = await office.practice.write(month_review.close_as_seen, member, month, seen)
        changes = await office.practice.read(changes_of, done)
        await respond(**blocks.closed(done, month, changes).as_replacement())

    app.action(ActionId.CLOSE_MONTH)(ack=acknowledge, lazy=[close])
