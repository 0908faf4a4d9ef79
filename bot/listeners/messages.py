"""Listeners for `remind` and for the buttons of the morning message."""

import re
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncRespond

from billing.people import Member
from bot import kit, pressed
from bot.context import BotContext, Handlers, Request
from bot.direct import say
from bot.grammar.commands.remind import RemindArguments
from bot.ids import ActionId, wherever
from bot.middleware import acknowledge
from bot.morning_refresh import MorningMessages, Where, rows_in
from bot.replies import Reply
from bot.safety_messages import show_all
from bot.screens import morning
from bot.screens import morning_rows as screen_rows
from bot.screens import reminders as screen
from bot.screens.acts import taken_back
from bot.screens.found import found as found_entries
from bot.screens.morning_rows import RowKey
from bot.screens.safety import seen_answer
from services.acts import undo
from services.care import safety, set_aside
from services.entries import finding
from services.entries.searches import EntrySearch
from services.messages import choices, rows
from services.messages.morning import Place
from services.people.patient_ref import PatientRef


async def remind(bot: BotContext, request: Request) -> Reply:
    """`/cocm remind 8:30 | off | on | snooze 1h | quiet 6pm-7am`, for oneself or for the practice."""
    practice, wanted = bot.practice, request.given(RemindArguments).request
    if wanted.asks:
        found = await practice.read(choices.standing, request.member, wanted)
    else:
        found = await practice.write(choices.carry_out, request.member, wanted)
    today = practice.clock.now().astimezone(found.zone).date()
    return Reply(
        text=screen.PUSH,
        blocks=(
            *([] if wanted.asks else [kit.section(screen.DONE)]),
            kit.section(screen.standing(found, today)),
            *([kit.context(screen.how(found))] if found.kinds else []),
        ),
    )


HANDLERS: Handlers = {"remind": remind}


def register(app: AsyncApp, bot: BotContext) -> None:
    """Listen to the buttons of the morning message, each of which changes the row that it stands in."""
    messages = MorningMessages(bot)
    bot.practice.after_write(messages.after_act)
    _register_rows(app, bot, messages)
    _register_ways_back(app, bot, messages)

    async def show_more(action: dict[str, Any], body: dict[str, Any], member: Member) -> None:
        place, shown, named = pressed.parts(action, 3, least=2)
        after, where = pressed.number(shown), pressed.choice(Place, place)
        here = rows_in(body.get("message", {}).get("blocks") or []).values()
        handles = [*filter(None, named.split("."))]
        # Where the button names all who were shown, nobody is skipped; else those of this message are left out.
        left_out = frozenset((*handles, *here))
        found = await bot.practice.read(rows.rest, member, where, left_out, 0 if handles else after)
        reply = morning.nobody_left() if found is None else morning.rest_of(found, handles, after)
        await say(bot, _channel_of(body), reply)

    async def show_held(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        handle = pressed.text(action)
        patient = PatientRef(text=handle, handle=handle)
        told = await bot.practice.read(finding.find, member, EntrySearch(patients=(patient,), held=True))
        await respond(**found_entries(told).as_follow_up())

    app.action(wherever(ActionId.MORE_ROWS))(ack=acknowledge, lazy=[show_more])
    app.action(wherever(ActionId.ROW_HELD))(ack=acknowledge, lazy=[show_held])


def _register_rows(app: AsyncApp, bot: BotContext, messages: MorningMessages) -> None:
    """Not indicated, and Seen."""

    async def leave_out(
        action: dict[str, Any], body: dict[str, Any], member: Member, respond: AsyncRespond
    ) -> None:
        handle, month = pressed.parts(action, 2)
        meant = pressed.month(month)
        patient = await bot.practice.write(set_aside.set_aside, member, handle, meant)
        if not await _in_place(messages, action, body, member, handle):
            await respond(**screen_rows.set_aside(patient, meant, pressed.text(action)).as_follow_up())

    async def name_again(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        handle, month = pressed.parts(action, 2)
        meant = pressed.month(month)
        patient = await bot.practice.write(set_aside.name_again, member, handle, meant)
        await respond(**screen_rows.named_again(patient, meant).as_replacement())

    async def seen(
        action: dict[str, Any], body: dict[str, Any], member: Member, respond: AsyncRespond
    ) -> None:
        score, handle = pressed.parts(action, 2)
        score_id = pressed.number(score)
        made = await bot.practice.write(safety.see, member, score_id)
        # What somebody else did is said once, beside the row, which shows what the reader did.
        if not await _in_place(messages, action, body, member, handle) or made.act_id is None:
            zone = bot.zone_of(member)
            today = bot.practice.clock.now().astimezone(zone).date()
            await respond(**seen_answer(made, zone, today, member).as_follow_up())
        await show_all(bot, score_id)

    app.action(re.compile(f"^{ActionId.SET_ASIDE}_"))(ack=acknowledge, lazy=[leave_out])
    app.action(ActionId.NAME_AGAIN)(ack=acknowledge, lazy=[name_again])
    app.action(wherever(ActionId.ROW_SEEN))(ack=acknowledge, lazy=[seen])


def _register_ways_back(app: AsyncApp, bot: BotContext, messages: MorningMessages) -> None:
    """Undo, and Put it back, of what a row says was done."""

    async def turn_round(
        action: dict[str, Any], body: dict[str, Any], member: Member, respond: AsyncRespond
    ) -> None:
        act, handle = pressed.parts(action, 2)
        act_id = pressed.number(act)
        is_undo = action["action_id"].startswith(ActionId.ROW_UNDO)
        made = await bot.practice.write(undo.undo_act if is_undo else undo.put_back, member, act_id)
        if not await _in_place(messages, action, body, member, handle):
            await respond(**taken_back(made).as_follow_up())

    app.action(wherever(ActionId.ROW_UNDO))(ack=acknowledge, lazy=[turn_round])
    app.action(wherever(ActionId.ROW_PUT_BACK))(ack=acknowledge, lazy=[turn_round])


async def _in_place(
    messages: MorningMessages, action: dict[str, Any], body: dict[str, Any], member: Member, handle: str
) -> bool:
    """Replace the patient's rows in the message that was clicked; False where it has none."""
    sent_at = body.get("message", {}).get("ts")
    if not sent_at or RowKey.read(action.get("block_id") or "") is None:
        return False
    return await messages.refresh(member, Where(_channel_of(body), sent_at), frozenset({handle}))


def _channel_of(body: dict[str, Any]) -> str:
    """Where a button of a message was pressed.

    Raises:
        OldButton: when it stands in no channel.
    """
    channel = body.get("channel")
    if not channel:
        raise pressed.OldButton
    return str(channel["id"])
