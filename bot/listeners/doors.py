"""The slash command: parsed, committed and answered in its own acknowledgement."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from billing.people import Member
from bot.context import BotContext
from bot.dispatch import respond

COMMAND = "/cocm"


def register(app: AsyncApp, bot: BotContext) -> None:
    """Listen to `/cocm`."""

    async def command(ack: AsyncAck, command: dict[str, Any], member: Member) -> None:
        reply = await respond(
            bot,
            member,
            command.get("text") or "",
            request_key=f"command:{command['trigger_id']}",
            trigger_id=command["trigger_id"],
        )
        await ack(reply.as_acknowledgement())

    app.command(COMMAND)(command)
