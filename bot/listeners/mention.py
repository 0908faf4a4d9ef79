"""A mention in a channel: patients are not talked about there, so nothing is read or stored."""

from typing import Any

from slack_bolt.async_app import AsyncApp

from bot import kit
from bot.context import BotContext
from bot.screens.help import MENTIONED


def register(app: AsyncApp, bot: BotContext) -> None:
    """Listen to mentions of the bot."""

    async def taken() -> None:
        """Slack hears 200; the answer follows."""

    async def point_to_direct_message(event: dict[str, Any]) -> None:
        await bot.client.chat_postEphemeral(
            channel=event["channel"],
            user=event["user"],
            text=MENTIONED,
            blocks=[kit.section(MENTIONED)],
        )

    app.event("app_mention")(ack=taken, lazy=[point_to_direct_message])
