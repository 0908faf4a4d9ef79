"""Builds the Bolt app: middleware, listeners, error handler."""

import logging
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot import middleware, slow_answers
from bot.context import BotContext
from bot.direct import say, tell
from bot.errors import reply_to
from bot.listeners import (
    acts,
    administration,
    care,
    care_forms,
    changed_messages,
    doors,
    entries,
    fixes,
    forms,
    home,
    imports,
    messages,
    months,
    patient_menu,
    people,
    review_hour,
    safety,
    timers,
)
from bot.listeners import help as help_
from bot.middleware import Workspace
from bot.once import key_of
from bot.replies import Reply
from bot.screens.problems import with_words_back
from services.errors import WrongWorkspace
from services.once import run as once
from services.waiting import within

#: Each registers what it listens to; what is more special comes first.
LISTENERS = (
    administration,
    changed_messages,
    doors,
    home,
    review_hour,
    forms,
    entries,
    acts,
    months,
    messages,
    care,
    people,
    help_,
    safety,
    patient_menu,
    timers,
    care_forms,
    fixes,
    imports,
)


class AnsweringApp(AsyncApp):
    """Begins nothing for which a person waits so late that Slack would tell them it did not work."""

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        """Answer one request of Slack's."""
        with within(slow_answers.BEGIN_SECONDS), once.carrying_out(key_of(req.body)):
            return await super().async_dispatch(req)


def build_app(
    bot: BotContext, *, signing_secret: str, authorization: AuthorizeResult, workspace: Workspace
) -> AsyncApp:
    """Make the app that answers one workspace.

    Args:
        bot: use cases, client and commands.
        signing_secret: verifies that requests over HTTP are Slack's.
        authorization: what auth.test said once at start, so that no request costs another.
        workspace: requests of any other are refused.
    """

    async def authorize() -> AuthorizeResult:
        return authorization

    app = AnsweringApp(
        name="cocm",
        logger=_quiet("slack_bolt"),
        # Without a token of its own, so that Bolt asks `authorize` and never auth.test; listeners have their own.
        client=AsyncWebClient(base_url=bot.client.base_url),
        signing_secret=signing_secret,
        authorize=authorize,
        process_before_response=True,
    )
    _quiet("slack_sdk")
    app.listener_runner.lazy_listener_runner = bot.background
    app.middleware(middleware.only_from(workspace))
    app.middleware(middleware.identify(bot))
    for listener in LISTENERS:
        listener.register(app, bot)
    _add_error_door(app, bot)
    return app


def _quiet(name: str) -> logging.Logger:
    """A library's logger without its lower levels: at DEBUG they print whole message bodies, Bolt some at INFO."""
    logger = logging.getLogger(name)
    logger.setLevel(logging.WARNING)
    return logger


def _add_error_door(app: AsyncApp, bot: BotContext) -> None:
    async def answer(error: Exception, body: dict[str, Any], context: AsyncBoltContext) -> BoltResponse:
        reply = reply_to(error)
        if isinstance(error, WrongWorkspace) and context.get("over_http"):
            return BoltResponse(status=403, body={"error": error.code})
        if "command" in body:
            # Slack keeps no typed command: what was refused is given back.
            reply = with_words_back(reply, body.get("text") or "")
            return BoltResponse(status=200, body=reply.as_acknowledgment())
        if body.get("type") == "view_submission":
            return BoltResponse(status=200, body=_errors_in_form(body, reply))
        if body.get("type") == "block_suggestion":
            # A menu has no place for a sentence; Slack says that nothing was found.
            return BoltResponse(status=200, body={"options": []})
        if not isinstance(error, WrongWorkspace):
            bot.background.keep(_tell(bot, body, context, reply))
        return BoltResponse(status=200, body="")

    app.error(answer)


async def _tell(bot: BotContext, body: dict[str, Any], context: AsyncBoltContext, reply: Reply) -> None:
    """Say something to whoever cannot be answered in the acknowledgment, where they are looking."""
    event = body.get("event", {})
    kind = event.get("type")
    if event.get("channel_type") == "im":
        await say(bot, event["channel"], reply)
    elif kind == "app_home_opened":
        if event.get("tab") == "home":
            view = {"type": "home", "blocks": list(reply.blocks)}
            await bot.client.views_publish(user_id=event["user"], view=view)
    elif kind == "app_mention":
        await bot.client.chat_postEphemeral(
            channel=event["channel"], user=event["user"], text=reply.text, blocks=list(reply.blocks)
        )
    elif context.respond is not None and context.response_url:
        await context.respond(**reply.as_follow_up())
    elif not event and context.user_id is not None:
        await tell(bot, context.user_id, reply)


def _errors_in_form(body: dict[str, Any], reply: Reply) -> dict[str, Any]:
    """The reply's sentence at the form's first input, so that what was typed stays."""
    first = next(block["block_id"] for block in body["view"]["blocks"] if block["type"] == "input")
    return {"response_action": "errors", "errors": {first: reply.blocks[0]["text"]["text"]}}
