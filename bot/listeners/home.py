"""Listeners for the Home tab: the person's own day, and their patients near a threshold."""

from typing import Any

from slack_bolt.async_app import AsyncApp

from billing.people import Member
from bot.context import BotContext
from bot.screens.home import home_view
from services.entries import overviews


def register(app: AsyncApp, bot: BotContext) -> None:
    """Listen to the Home tab being opened."""

    async def taken() -> None:
        """Slack hears 200; the view follows."""

    async def publish(event: dict[str, Any], member: Member) -> None:
        if event.get("tab") != "home":
            return
        context = await bot.practice.read(overviews.home, member)
        await bot.client.views_publish(user_id=event["user"], view=home_view(context, bot.views))

    app.event("app_home_opened")(ack=taken, lazy=[publish])
