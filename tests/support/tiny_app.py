"""A tiny real Bolt app, connected in each of the ways an app can be, to hold the sandbox to the real client."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.support.slack import LocalSlack


def section(text: str) -> dict[str, Any]:
    """A section block."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def button(words: str, action_id: str, value: str = "1") -> dict[str, Any]:
    """A button."""
    text = {"type": "plain_text", "text": words}
    return {"type": "button", "text": text, "action_id": action_id, "value": value}


def actions(block_id: str, *elements: dict[str, Any]) -> dict[str, Any]:
    """A row of elements."""
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def field(block_id: str, label: str, element: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An input block whose element has the block's id as action id."""
    words = {"type": "plain_text", "text": label}
    return {
        "type": "input",
        "block_id": block_id,
        "label": words,
        "element": {**element, "action_id": block_id},
        **more,
    }


def modal(*blocks: dict[str, Any], title: str = "Amend", **more: Any) -> dict[str, Any]:
    """A modal with a button to save."""
    return {
        "type": "modal",
        "callback_id": "amend",
        "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": "Save"},
        "blocks": list(blocks),
        **more,
    }


def bolt_app(slack: LocalSlack) -> AsyncApp:
    """An app without listeners, whose client talks to the sandbox."""
    config = slack.sandbox.config

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None,
            team_id=config.team.id,
            bot_token=config.app.bot_token,
            bot_id=config.app.bot_id,
            bot_user_id=config.app.bot_user_id,
        )

    return AsyncApp(client=slack.client(), signing_secret=slack.signing_secret, authorize=authorize)


@asynccontextmanager
async def connected(slack: LocalSlack, app: AsyncApp, way: str) -> AsyncIterator[None]:
    """Connect an app: `process`, `socket` (Socket Mode) or `http` (signed requests)."""
    ways = {"process": _in_process, "socket": _by_socket, "http": _by_http}
    async with ways[way](slack, app):
        yield


@asynccontextmanager
async def _in_process(slack: LocalSlack, app: AsyncApp) -> AsyncIterator[None]:
    detach = await slack.attach(app)
    yield
    detach()


@asynccontextmanager
async def _by_socket(slack: LocalSlack, app: AsyncApp) -> AsyncIterator[None]:
    handler = AsyncSocketModeHandler(app, slack.sandbox.config.app.app_token, web_client=slack.client())
    before = slack.sandbox.sockets.count
    await handler.connect_async()
    await slack.until(lambda: slack.sandbox.sockets.count > before, "a socket")
    try:
        yield
    finally:
        await handler.close_async()


@asynccontextmanager
async def _by_http(slack: LocalSlack, app: AsyncApp) -> AsyncIterator[None]:
    handler = AsyncSlackRequestHandler(app)

    async def events(request: Request) -> Response:
        return await handler.handle(request)

    web = Starlette(routes=[Route("/slack/events", events, methods=["POST"])])
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen(128)
    server = uvicorn.Server(uvicorn.Config(web, log_level="warning", lifespan="off"))
    serving = asyncio.create_task(server.serve([listening]))
    slack.sandbox.set_request_url(f"http://127.0.0.1:{listening.getsockname()[1]}/slack/events")
    try:
        yield
    finally:
        slack.sandbox.set_request_url(None)
        server.should_exit = True
        await serving
