"""The button under a month's summary: review its blockers, and close it."""

from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncRespond

from billing.months import BillingMonth
from billing.people import Member
from bot.context import BotContext
from bot.ids import ActionId
from bot.middleware import acknowledge
from bot.screens import month_review as blocks
from services.months import review as month_review


def register(app: AsyncApp, bot: BotContext) -> None:
    """Listen to the button; only who presses it sees the review, for it names patients."""

    async def review(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        month = BillingMonth.parse(action["value"])
        found = await bot.practice.read(month_review.review, member, month)
        await respond(**blocks.report(found).as_follow_up())

    app.action(ActionId.REVIEW_MONTH)(ack=acknowledge, lazy=[review])
