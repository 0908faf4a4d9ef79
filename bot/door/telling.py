"""Says one thing to whoever asked, where they look: in the acknowledgment, in the form, or beside what was clicked."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncBoltContext
from slack_bolt.response import BoltResponse

from bot.context import BotContext
from bot.direct import say, tell
from bot.lazy import ANSWERS_IN_MESSAGES
from bot.replies import Reply
from bot.screens import form_states
from bot.screens.problems import with_words_back

Body = Mapping[str, Any]


def told(bot: BotContext, body: dict[str, Any], context: AsyncBoltContext, reply: Reply) -> BoltResponse:
    """Acknowledge a request that is not carried out, and say why."""
    if "command" in body:
        # Slack keeps no typed command: what was refused is given back.
        return acknowledging(with_words_back(reply, body.get("text") or ""))
    if body.get("type") == "view_submission":
        return BoltResponse(status=200, body=in_form(body, reply))
    if body.get("type") == "block_suggestion":
        # A menu has no place for a sentence; Slack says that nothing was found.
        return BoltResponse(status=200, body={"options": []})
    if body.get("type") != "view_closed":
        bot.background.keep(tell_aside(bot, body, context, reply))
    return BoltResponse(status=200, body="")


def acknowledging(reply: Reply) -> BoltResponse:
    """A command's acknowledgment that holds its answer."""
    return BoltResponse(status=200, body=reply.as_acknowledgment())


def in_form(body: Body, reply: Reply) -> dict[str, Any]:
    """The reply's sentence at the form's first input, so that what was typed stays; above it, where it has none."""
    sentence = reply.blocks[0]["text"]["text"]
    first = next((block["block_id"] for block in body["view"]["blocks"] if block["type"] == "input"), None)
    if first is None:
        return {
            "response_action": "update",
            "view": form_states.refilled(body["view"], form_states.said(sentence)),
        }
    return {"response_action": "errors", "errors": {first: sentence}}


async def tell_aside(bot: BotContext, body: Body, context: AsyncBoltContext, reply: Reply) -> None:
    """Say something to whoever cannot be answered in the acknowledgment, where they are looking."""
    event = body.get("event", {})
    kind = event.get("type")
    if context.get(ANSWERS_IN_MESSAGES) and context.respond is not None:
        await context.respond(**reply.as_follow_up())
    elif event.get("channel_type") == "im":
        await say(bot, event["channel"], reply)
    elif kind == "app_home_opened":
        if event.get("tab") == "home":
            view = {"type": "home", "blocks": list(reply.blocks)}
            await bot.client.views_publish(user_id=event["user"], view=view)
    elif kind == "app_mention":
        await bot.client.chat_postEphemeral(
            channel=event["channel"], user=event["user"], text=reply.text, blocks=list(reply.blocks)
        )
    elif event or (
        context.response_url and await bot.answer_urls.post(context.response_url, reply.as_follow_up())
    ):
        return
    elif context.user_id is not None:
        await tell(bot, context.user_id, reply)
