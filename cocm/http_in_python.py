"""HTTP as h11 reads it, which is written in Python and runs everywhere."""

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from cocm.connections import QUIET, Guard


class GuardedH11(Guard, H11Protocol):
    """uvicorn's HTTP by h11, with an end to its patience."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.logger = QUIET

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self.opened()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of it."""
        self.gone()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take a part of a request, and note when it is whole."""
        if not self.is_timed and self.conn.their_state is h11.IDLE:
            self.begins()
        try:
            super().data_received(data)
        except h11.ProtocolError:
            # It went on after it had been refused.
            self.not_http()
            self.transport.abort()
        self._look()

    def on_response_complete(self) -> None:
        """Wait for the next request, or for the other side to take the answer."""
        super().on_response_complete()
        if self.transport.is_closing():
            self.close_soon()
            return
        self.bounds.waits(self)
        if not self.is_timed and self.conn.their_state is h11.SEND_BODY:
            # The next request has begun to come already.
            self.begins()
        self._look()

    def send_400_response(self, msg: str) -> None:
        """Answer what is not HTTP, unless it has been answered."""
        self.not_http()
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            super().send_400_response(msg)
            self.close_soon()
        else:
            self.transport.abort()

    def timeout_keep_alive_handler(self) -> None:
        """End a connection that says nothing more."""
        super().timeout_keep_alive_handler()
        self.close_soon()

    def _look(self) -> None:
        if self.conn.their_state in {h11.DONE, h11.MUST_CLOSE, h11.CLOSED}:
            self.is_whole()
