"""Listeners for [Seen] on positive answers about suicide, and for taking that back."""

from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncRespond

from billing.people import Member
from bot import pressed
from bot.context import BotContext, Handlers
from bot.ids import ActionId, wherever
from bot.middleware import acknowledge
from bot.safety_messages import message_about, show_all
from bot.screens import safety as screen
from services.acts import undo
from services.care import safety

HANDLERS: Handlers = {}


def register(app: AsyncApp, bot: BotContext) -> None:
    """Listen to [Seen], wherever it stands, and to its [Undo] in the message about the answer."""

    async def seen(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        score, at = pressed.parts(action, 2, least=1)
        score_id, written_at = pressed.number(score), pressed.instant(at) if at else None
        made = await bot.practice.write(safety.see, member, score_id)
        acts = {made.signal.score_id: made.act_id} if made.act_id is not None else {}
        shown = await message_about(bot, member, written_at, acts) if written_at else None
        if shown is not None:
            await respond(**shown.as_replacement())
        else:
            zone = bot.zone_of(member)
            today = bot.practice.clock.now().astimezone(zone).date()
            await respond(**screen.seen_answer(made, zone, today, member).as_follow_up())
        await show_all(bot, score_id, but=member)

    async def unseen(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        act, score, at = pressed.parts(action, 3)
        act_id, score_id, written_at = pressed.number(act), pressed.number(score), pressed.instant(at)
        await bot.practice.write(undo.undo_act, member, act_id)
        shown = await message_about(bot, member, written_at, {})
        if shown is not None:
            await respond(**shown.as_replacement())
        await show_all(bot, score_id, but=member)

    app.action(wherever(ActionId.SEEN))(ack=acknowledge, lazy=[seen])
    app.action(wherever(ActionId.UNSEEN))(ack=acknowledge, lazy=[unseen])
