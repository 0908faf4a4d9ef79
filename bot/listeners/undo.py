"""Take back what was just logged, by word or by button."""

from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncRespond

from billing.people import Member
from bot.context import BotContext, Request
from bot.ids import ActionId
from bot.middleware import acknowledge
from bot.replies import Reply
from bot.screens.receipt import undone
from services.entries import undo


async def handle(bot: BotContext, request: Request) -> Reply:
    """`/cocm undo`: the person's last receipt within 24 hours."""
    return undone(await bot.practice.write(undo.undo_last, request.member))


def register(app: AsyncApp, bot: BotContext) -> None:
    """Listen to the receipts' Undo buttons."""

    async def undo_click(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        made = await bot.practice.write(undo.undo_receipt, member, int(action["value"]))
        await respond(**undone(made).as_replacement())

    app.action(ActionId.UNDO)(ack=acknowledge, lazy=[undo_click])
