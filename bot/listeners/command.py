"""The slash command: parsed, committed and answered in its own acknowledgement."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from billing.people import Member
from bot.dispatch import respond
from bot.office import Office

COMMAND = "/cocm"


def register(app: AsyncApp, office: Office) -> None:
    """Listen to `/cocm`."""

    async def command(ack: AsyncAck, command: dict[str, Any], member: Member) -> None:
        reply = await respond(
            office,
            member,
            command.get("text") or "",
            request_key=f"command:{command['trigger_id']}",
            trigger_id=command["trigger_id"],
        )
        await ack(reply.as_acknowledgement())

    app.command(COMMAND)(command)
