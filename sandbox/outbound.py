"""Sends requests to the app by signed HTTP or Socket Mode, and waits `ack_seconds` for the acknowledgment."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar
from urllib.parse import urlencode

import aiohttp

from sandbox.model import JSON
from sandbox.sockets import NoConnection, Sockets
from sandbox.world import World

#: `options` is an interaction too, which has an address of its own where the manifest names one.
Kind = Literal["slash_commands", "interactive", "events_api", "options"]
_T = TypeVar("_T")
_OK = range(200, 300)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    """What the app said within its seconds.

    `failure` is empty when it acknowledged, else `http_timeout`, `http_error` or `connection_failed`.
    """

    body: Any = None  #: JSON, text, or None
    failure: str = ""
    no_retry: bool = False


class Outbound:
    """Carries commands, interactions and events to the app."""

    def __init__(self, world: World, sockets: Sockets) -> None:
        self._world = world
        self._sockets = sockets
        self._session: aiohttp.ClientSession | None = None

    @property
    def is_connected(self) -> bool:
        """Whether there is anywhere to deliver to."""
        return self._world.request_url is not None or self._sockets.count > 0

    async def deliver(
        self, kind: Kind, payload: JSON, *, attempt: int = 0, reason: str = ""
    ) -> Acknowledgement:
        """Deliver once and wait for the acknowledgment, no longer than the app has."""
        url = self._url(kind)
        envelope = "interactive" if kind == "options" else kind
        try:
            if url is None:
                body = await self._in_time(
                    self._sockets.deliver(
                        envelope, payload, answers=kind != "events_api", attempt=attempt, reason=reason
                    )
                )
                return Acknowledgement(body=body)
            return await self._in_time(self._post(url, kind, payload, attempt, reason))
        except TimeoutError:
            return Acknowledgement(failure="http_timeout")
        except (NoConnection, aiohttp.ClientError, ConnectionError):
            return Acknowledgement(failure="connection_failed")

    def _url(self, kind: Kind) -> str | None:
        """Where to post; None means Socket Mode, which has no addresses."""
        if kind == "options" and self._world.request_url is not None:
            return self._world.app.options_url or self._world.request_url
        return self._world.request_url

    async def close(self) -> None:
        """Let go of the connections to the app."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _post(self, url: str, kind: Kind, payload: JSON, attempt: int, reason: str) -> Acknowledgement:
        body, content_type = _encoded(kind, payload)
        headers = signed(body, self._world.app.signing_secret, self._world.clock.now())
        headers |= {"Content-Type": content_type, "User-Agent": "Slackbot 1.0 (sandbox)"}
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        async with self._session.post(url, data=body, headers=headers, allow_redirects=False) as response:
            no_retry = response.headers.get("X-Slack-No-Retry") == "1"
            if response.status not in _OK:
                return Acknowledgement(failure="http_error", no_retry=no_retry)
            text = await response.text()
            is_json = response.content_type == "application/json"
        if not text.strip():
            return Acknowledgement(no_retry=no_retry)
        if not is_json:
            return Acknowledgement(body=text, no_retry=no_retry)
        try:
            return Acknowledgement(body=json.loads(text), no_retry=no_retry)
        except json.JSONDecodeError:
            return Acknowledgement(failure="http_error", no_retry=no_retry)

    async def _in_time(self, answer: Awaitable[_T]) -> _T:
        """The answer, unless the app's seconds pass first on the sandbox's own clock."""
        answering = asyncio.ensure_future(answer)
        limit = asyncio.ensure_future(self._world.clock.sleep(self._world.config.ack_seconds))
        try:
            await asyncio.wait((answering, limit), return_when=asyncio.FIRST_COMPLETED)
            if not answering.done():
                raise TimeoutError
            return answering.result()
        finally:
            for task in (answering, limit):
                task.cancel()
            await asyncio.gather(answering, limit, return_exceptions=True)


def signed(body: bytes, secret: str, at: float) -> dict[str, str]:
    """The headers with which Slack signs a body at an instant (seconds since 1970)."""
    timestamp = str(int(at))
    digest = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={digest}"}


def _encoded(kind: Kind, payload: JSON) -> tuple[bytes, str]:
    if kind == "events_api":
        return json.dumps(payload).encode(), "application/json"
    fields = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return urlencode(fields).encode(), "application/x-www-form-urlencoded"
