"""A direct message to the bot: the same grammar without the slash, and word that there is more."""

from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext

from billing.people import Member
from bot.context import BotContext
from bot.direct import say as reply_in
from bot.dispatch import respond
from bot.errors import reply_to


def register(app: AsyncApp, bot: BotContext) -> None:
    """Listen to messages in the bot's own direct messages."""

    async def is_persons_words(event: dict[str, Any]) -> bool:
        return event.get("channel_type") == "im" and "subtype" not in event and "bot_id" not in event

    async def keep(
        event: dict[str, Any], body: dict[str, Any], member: Member, context: AsyncBoltContext
    ) -> None:
        # Kept before Slack hears 200: should this program die first, Slack delivers the event again,
        # and its event_id keeps it from being stored twice.
        try:
            context["reply"] = await respond(
                bot, member, event.get("text") or "", request_key=f"event:{body['event_id']}"
            )
        except Exception as error:  # noqa: BLE001 - goes to the one door; Slack must not redeliver a refusal
            context["reply"] = reply_to(error)

    async def say(context: AsyncBoltContext, event: dict[str, Any]) -> None:
        await reply_in(bot, event["channel"], context["reply"])

    async def ignore() -> None:
        """Edits, deletions, joins and the bot's own messages need no answer."""

    app.event("message", matchers=[is_persons_words])(ack=keep, lazy=[say])
    app.event("message")(ignore)
