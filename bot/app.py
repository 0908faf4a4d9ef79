"""Builds the Bolt app: middleware, listeners, error handler."""

import logging
from typing import Any

from slack_bolt.async_app import AsyncBoltContext, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import middleware
from bot.context import BotContext
from bot.door.answering import AnsweringApp
from bot.door.replays import Replayed, SeenSignatures, known_again
from bot.door.telling import tell_aside, told
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
    others,
    patient_menu,
    people,
    review_hour,
    safety,
    timers,
)
from bot.listeners import help as help_
from bot.middleware import Workspace
from services.errors import StorageError, WrongWorkspace

#: Each registers what it listens to; what is more special comes first, and what nobody else takes last.
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
    others,
)


def build_app(
    bot: BotContext, *, signing_secret: str, authorization: AuthorizeResult, workspace: Workspace
) -> AnsweringApp:
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
        bot,
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
    app.seen = SeenSignatures()
    app.middleware(known_again(app.seen))
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


def _add_error_door(app: AnsweringApp, bot: BotContext) -> None:
    async def answer(error: Exception, body: dict[str, Any], context: AsyncBoltContext) -> BoltResponse:
        reply = reply_to(error)
        if isinstance(error, Replayed):
            return BoltResponse(status=401, body={"error": "invalid request"})
        if isinstance(error, WrongWorkspace) and context.get("over_http"):
            return BoltResponse(status=403, body={"error": error.code})
        if isinstance(error, StorageError) and body.get("event", {}).get("type") == "app_home_opened":
            bot.background.keep(bot.home.out_of_date(body["event"]["user"]))
            return BoltResponse(status=200, body="")
        if isinstance(error, WrongWorkspace) and not (
            "command" in body or body.get("type") in {"view_submission", "block_suggestion"}
        ):
            return BoltResponse(status=200, body="")
        return told(bot, body, context, reply)

    async def answer_behind(request: AsyncBoltRequest, error: Exception) -> None:
        reply = reply_to(error)
        event = request.body.get("event", {})
        if isinstance(error, StorageError) and event.get("type") == "app_home_opened":
            await bot.home.out_of_date(event["user"])
        elif not (isinstance(error, SlackApiError) and event.get("type") == "app_home_opened"):
            # A Home that Slack did not take stays as it was, and is shown at the next opening or act.
            await tell_aside(bot, request.body, request.context, reply)

    app.error(answer)
    bot.background.when_failed = answer_behind
