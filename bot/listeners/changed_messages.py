"""Listeners for direct messages that their author changed or deleted after they were read."""

import re
from datetime import UTC, datetime
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncRespond

from billing.people import Member
from bot import pressed
from bot.context import BotContext
from bot.direct import message_key, say
from bot.grammar import Parsed
from bot.ids import ActionId
from bot.middleware import acknowledge
from bot.replies import Reply
from bot.screens import entries as entries_screen
from bot.screens.changed_messages import changed_message, not_read_again, nothing_stands
from bot.screens.receipt import question
from services.entries import changed_messages, other_patient
from services.entries.changed_messages import MessageChanged, NothingStands
from services.entries.pending import Asked
from services.entries.requests import LogRequest

_CHANGE = re.compile(rf"^{ActionId.CHANGE_AS_SAID}_\d+$")


def register(app: AsyncApp, bot: BotContext) -> None:
    """Listen to messages changed and deleted in the bot's own direct messages, and to the offered change."""

    async def is_changed(event: dict[str, Any]) -> bool:
        return _is_persons(event) and event["subtype"] == "message_changed" and not _is_gone(event)

    async def is_deleted(event: dict[str, Any]) -> bool:
        return _is_persons(event) and (event["subtype"] == "message_deleted" or _is_gone(event))

    async def taken() -> None:
        """Slack hears 200; the answer follows. Nothing is stored but the offer."""

    async def on_change(event: dict[str, Any], member: Member) -> None:
        before, after = event["previous_message"], event["message"]
        old, new = before.get("text") or "", after.get("text") or ""
        if old == new:
            # Slack says so, too, when it has unfolded a link.
            return
        reply = await _changed(bot, member, event["channel"], before["ts"], (old, new))
        if reply is not None:
            await say(bot, event["channel"], reply)

    async def on_delete(event: dict[str, Any], member: Member) -> None:
        key = message_key(event["channel"], event["previous_message"]["ts"])
        found = await bot.practice.read(changed_messages.deleted, member, key)
        if found is not None:
            await say(bot, event["channel"], changed_message(found))

    async def change(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        made = await bot.practice.write(other_patient.confirmed, member, pressed.text(action))
        await respond(**entries_screen.changed(made).as_follow_up())

    app.event("message", matchers=[is_changed])(ack=taken, lazy=[on_change])
    app.event("message", matchers=[is_deleted])(ack=taken, lazy=[on_delete])
    app.action(_CHANGE)(ack=acknowledge, lazy=[change])


async def _changed(
    bot: BotContext, member: Member, channel: str, ts: str, words: tuple[str, str]
) -> Reply | None:
    """What to answer; both wordings are read as of the instant at which the message was sent."""
    said_at = datetime.fromtimestamp(float(ts), UTC)
    old, new = [await bot.understand(each, member, said_at=said_at) for each in words]
    key = message_key(channel, ts)
    found = await bot.practice.write(
        changed_messages.changed, member, key, _requests(old) or (), _requests(new)
    )
    match found:
        case Asked():
            return question(found)
        case MessageChanged():
            return changed_message(found)
        case NothingStands():
            return nothing_stands()
    # Words that logged something and now say the same of it need no answer.
    return None if _requests(old) and _requests(new) else not_read_again()


def _requests(parsed: Parsed) -> tuple[LogRequest, ...] | None:
    """The entries that words ask for; None where they are no log, or one with a question."""
    draft = parsed.draft
    if not parsed.ok or draft is None or draft.open_question is not None:
        return None
    return draft.requests


def _is_persons(event: dict[str, Any]) -> bool:
    """A person's own message in a direct message with the bot."""
    was = event.get("previous_message", {})
    return (
        event.get("channel_type") == "im"
        and event.get("subtype") in {"message_changed", "message_deleted"}
        and "bot_id" not in was
        and "user" in was
    )


def _is_gone(event: dict[str, Any]) -> bool:
    """A deleted message with replies leaves a tombstone, and that is a change of it."""
    return bool(event.get("message", {}).get("subtype") == "tombstone")
