"""Listeners for [Seen] on positive answers about suicide, and for taking that back."""

from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncRespond

from billing.people import Member
from bot.context import BotContext, Handlers
from bot.ids import ActionId, wherever
from bot.middleware import acknowledge
from bot.replies import Reply
from bot.screens import safety as screen
from bot.slack_answers import asked
from services.acts import undo
from services.care import safety
from services.messages import safety as messages

HANDLERS: Handlers = {}


def register(app: AsyncApp, bot: BotContext) -> None:
    """Listen to [Seen], wherever it stands, and to its [Undo] in the message about the answer."""

    async def seen(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        score_id, _, at = action["value"].partition(":")
        made = await bot.practice.write(safety.see, member, int(score_id))
        acts = {made.signal.score_id: made.act_id} if made.act_id is not None else {}
        shown = await _message(bot, member, datetime.fromisoformat(at), acts) if at else None
        if shown is not None:
            await respond(**shown.as_replacement())
        else:
            zone = bot.zone_of(member)
            today = bot.practice.clock.now().astimezone(zone).date()
            await respond(**screen.seen_answer(made, zone, today, member).as_follow_up())
        await _show_others(bot, member, int(score_id))

    async def unseen(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        act_id, _, value = action["value"].partition(":")
        score_id, _, at = value.partition(":")
        await bot.practice.write(undo.undo_act, member, int(act_id))
        shown = await _message(bot, member, datetime.fromisoformat(at), {})
        if shown is not None:
            await respond(**shown.as_replacement())
        await _show_others(bot, member, int(score_id))

    app.action(wherever(ActionId.SEEN))(ack=acknowledge, lazy=[seen])
    app.action(wherever(ActionId.UNSEEN))(ack=acknowledge, lazy=[unseen])


async def _message(bot: BotContext, member: Member, at: datetime, acts: dict[int, int]) -> Reply | None:
    """A member's message about what was written at an instant, as it stands now; None where nothing is left of it."""
    zone = bot.zone_of(member)
    found = await bot.practice.read(messages.safety_notice, member, at)
    if not found.items:
        return None
    today = bot.practice.clock.now().astimezone(zone).date()
    return screen.notice_as_it_stands(found, zone, today, reader=member, acts=acts)


async def _show_others(bot: BotContext, actor: Member, score_id: int) -> None:
    """Show the others, in the messages that they have, who has seen it."""
    for reader, one in await bot.practice.read(messages.messages_about, score_id):
        if reader.member_id == actor.member_id:
            continue
        shown = await _message(bot, reader, messages.instant_of(one.period), {})
        if shown is None:
            continue
        # A message that was deleted, or is too old to be changed, is let be: the morning has it as it stands.
        await asked(
            bot.client.chat_update(channel=one.channel, ts=one.ts, text=shown.text, blocks=list(shown.blocks))
        )
