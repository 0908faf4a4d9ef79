"""Listeners for taking back: the word undo, and the buttons of receipts and of undos."""

from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncRespond

from billing.people import Member
from bot import pressed
from bot.context import BotContext, Handlers, Request
from bot.ids import ActionId
from bot.middleware import acknowledge
from bot.replies import Reply
from bot.screens.acts import taken_back, undo_answer
from services.acts import undo


async def undo_last(bot: BotContext, request: Request) -> Reply:
    """`/cocm undo`: the last thing that the person did, within 24 hours."""
    return undo_answer(
        await bot.practice.write(undo.undo_last, request.member, request_key=request.request_key)
    )


HANDLERS: Handlers = {"undo": undo_last}


def register(app: AsyncApp, bot: BotContext) -> None:
    """Listen to Undo, on receipts of time and of all else, and to Put it back."""

    async def undo_receipt(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        made = await bot.practice.write(undo.undo_receipt, member, pressed.number(action))
        await respond(**taken_back(made).as_replacement())

    async def undo_act(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        made = await bot.practice.write(undo.undo_act, member, pressed.number(action))
        await respond(**taken_back(made).as_replacement())

    async def put_back(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        made = await bot.practice.write(undo.put_back, member, pressed.number(action))
        await respond(**taken_back(made).as_replacement())

    app.action(ActionId.UNDO)(ack=acknowledge, lazy=[undo_receipt])
    app.action(ActionId.UNDO_ACT)(ack=acknowledge, lazy=[undo_act])
    app.action(ActionId.PUT_BACK)(ack=acknowledge, lazy=[put_back])
