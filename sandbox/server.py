"""Serves a sandbox with uvicorn."""

import socket
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from sandbox.http_api import ABORT


class SandboxServer(uvicorn.Server):
    """A uvicorn server that can hang up on a client, and that ends the page streams when it stops."""

    def __init__(self, app: Starlette, *, host: str = "127.0.0.1", port: int = 4000) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                host=host,
                port=port,
                http=_Abortable,
                log_level="warning",
                lifespan="on",
                ws_ping_interval=None,
                # Answers of the Web API carry the date of the sandbox's own clock.
                date_header=False,
            )
        )
        self._sandbox = app.state.sandbox

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop serving. Page streams never end by themselves, so they are ended first."""
        self._sandbox.end_streams()
        await super().shutdown(sockets)


class _Abortable(H11Protocol):
    """HTTP whose application may cut the connection, which ASGI itself has no word for."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        served: ASGIApp = self.app

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await served({**scope, ABORT: self.transport.abort}, receive, send)

        self.app = app
