"""Listeners for the slash command, direct messages, suggested lines, and mentions in a channel."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext, AsyncRespond

from billing.people import Member
from bot import kit, pressed
from bot.context import BotContext
from bot.direct import message_key
from bot.direct import say as reply_in
from bot.dispatch import respond as answer_to
from bot.errors import reply_to
from bot.file_previews import first_look, kind_said
from bot.ids import ActionId, wherever
from bot.middleware import acknowledge
from bot.replies import Reply
from bot.screens.changed_messages import about_files
from bot.screens.help import MENTIONED
from bot.screens.sent_files import WORDS_LEFT
from bot.sent_files import tables_of
from services.entries import suggested

COMMAND = "/cocm"
_LEFT = Reply(text=WORDS_LEFT, blocks=(kit.section(WORDS_LEFT),))


def register(app: AsyncApp, bot: BotContext) -> None:
    """Listen to `/cocm`, to messages in the bot's own direct messages, and to mentions of the bot."""
    _register_command(app, bot)
    _register_direct_message(app, bot)
    _register_mention(app, bot)
    _register_suggested_line(app, bot)


def _register_command(app: AsyncApp, bot: BotContext) -> None:
    """Parsed, committed and answered in the command's own acknowledgment."""

    async def command(ack: AsyncAck, command: dict[str, Any], member: Member) -> None:
        reply = await answer_to(
            bot,
            member,
            command.get("text") or "",
            request_key=f"command:{command['trigger_id']}",
            trigger_id=command["trigger_id"],
            response_url=command.get("response_url") or "",
        )
        await ack(reply.as_acknowledgment())

    app.command(COMMAND)(command)


def _register_direct_message(app: AsyncApp, bot: BotContext) -> None:
    """The same grammar without the slash."""

    async def is_persons_words(event: dict[str, Any]) -> bool:
        is_words = event.get("subtype") in {None, "file_share"} and "bot_id" not in event
        return event.get("channel_type") == "im" and is_words

    async def keep(event: dict[str, Any], member: Member, context: AsyncBoltContext) -> None:
        # Kept before Slack hears 200: should this program die first, Slack delivers the event again,
        # and the message's place and time keep it from being stored twice.
        text, files = event.get("text") or "", event.get("files") or ()
        try:
            tables = await tables_of(bot, member, files) if files else []
            context["tables"], context["kind"] = tables, kind_said(text) if tables else None
            if (text.strip() or not files) and context["kind"] is None:
                is_said = not tables or (await bot.understand(text, member)).ok
                key = message_key(event["channel"], event["ts"])
                context["reply"] = await answer_to(bot, member, text, request_key=key) if is_said else _LEFT
            others = [file for file in files if file not in tables]
            if others or not tables:
                context["reply"] = about_files(others, context.get("reply"))
        except Exception as error:  # noqa: BLE001 - handled like all errors; Slack must not redeliver a refusal
            context["reply"] = reply_to(error)

    async def say(context: AsyncBoltContext, event: dict[str, Any], member: Member) -> None:
        if context.get("reply") is not None:
            await reply_in(bot, event["channel"], context["reply"])
        for file in context.get("tables") or ():
            found = await first_look(bot, member, file, context.get("kind") or "")
            await reply_in(bot, event["channel"], found)

    async def ignore() -> None:
        """Joins and the bot's own messages need no answer; what is changed or deleted is heard elsewhere."""

    app.event("message", matchers=[is_persons_words])(ack=keep, lazy=[say])
    app.event("message")(ignore)


def _register_suggested_line(app: AsyncApp, bot: BotContext) -> None:
    """A line that a refusal suggested, read as if it had been typed."""

    async def send(
        action: dict[str, Any], body: dict[str, Any], member: Member, respond: AsyncRespond
    ) -> None:
        kept_as = pressed.text(action)
        line = await bot.practice.write(suggested.take, member, kept_as)
        reply = await answer_to(
            bot,
            member,
            line,
            request_key=f"line:{kept_as}",
            trigger_id=body.get("trigger_id"),
            response_url=body.get("response_url") or "",
        )
        await respond(**reply.as_follow_up())

    app.action(wherever(ActionId.SEND_LINE))(ack=acknowledge, lazy=[send])


def _register_mention(app: AsyncApp, bot: BotContext) -> None:
    """Patients are not talked about in a channel, so nothing is read or stored there."""

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
