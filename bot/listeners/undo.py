"""Take back what was just logged, by word or by button."""

from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncRespond

from billing.people import Member
from bot.blocks.receipt import undone
from bot.ids import ActionId
from bot.middleware import acknowledge
from bot.office import Office, Turn
from bot.replies import Reply
from services import undo


async def handle(office: Office, turn: Turn) -> Reply:
    """`/cocm undo`: the person's last receipt within 24 hours."""
    return undone(await office.practice.write(undo.undo_last, turn.member))


def register(app: AsyncApp, office: Office) -> None:
    """Listen to the receipts' Undo buttons."""

    async def undo_click(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        made = await office.practice.write(undo.undo_receipt, member, int(action["value"]))
        await respond(**undone(made).as_replacement())

    app.action(ActionId.UNDO)(ack=acknowledge, lazy=[undo_click])
