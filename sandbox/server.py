"""Serving a sandbox with uvicorn."""

import socket

import uvicorn
from starlette.applications import Starlette


class SandboxServer(uvicorn.Server):
    """A uvicorn server that ends the page streams when it stops; they never end by themselves."""

    def __init__(self, app: Starlette, *, host: str = "127.0.0.1", port: int = 4000) -> None:
        super().__init__(
            uvicorn.Config(
                app, host=host, port=port, log_level="warning", lifespan="on", ws_ping_interval=None
            )
        )
        self._sandbox = app.state.sandbox

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop serving."""
        self._sandbox.end_streams()
        await super().shutdown(sockets)
