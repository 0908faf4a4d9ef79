"""Bounds on connections: how many, how long one may take to say what it wants, and who gives way to a newcomer."""

import asyncio
import logging
from collections import defaultdict
from typing import Any, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.tally import Tally

#: For a whole request, from the connection (or, on a connection used again, from its first byte) to its last byte.
REQUEST_SECONDS: Final = 10.0
#: So long every connection has to say what it wants, however many wait.
MOMENT_SECONDS = 0.25
#: For a connection that has been answered and takes the answer no further.
CLOSING_SECONDS: Final = 5.0

#: uvicorn writes a line for each request that is none, and a traceback for whoever hangs up at the wrong moment.
_quiet = logging.getLogger("cocm.connections.uvicorn")
_quiet.setLevel(logging.CRITICAL)


class Connections:
    """The open connections of one server.

    Those that have a whole request are being answered and are left alone. The others are still to say what they want,
    and when there are too many, the one that has waited longest gives way to a newcomer, but none before it had a
    moment: whoever holds connections open, or says something one byte at a time, loses them, and a request that comes
    at once is never in question. Of several addresses the one that holds most gives way, so that one alone cannot
    push out the rest.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.count = 0
        #: By address, since when each waits, the longest waiting first.
        self._waiting: dict[str, dict[Guarded, float]] = defaultdict(dict)
        self.dropped = Tally("connections dropped")

    def make_room(self) -> bool:
        """Whether one more may be opened; where there are too many, one gives way if it has had its moment."""
        if self.count < self.most:
            return True
        moment = asyncio.get_running_loop().time() - MOMENT_SECONDS
        for held in sorted(self._waiting.values(), key=len, reverse=True):
            longest, since = next(iter(held.items()))
            if since <= moment:
                self.works(longest)
                self.dropped.note("too many at once")
                longest.transport.abort()
                return True
        return False

    def opened(self, connection: "Guarded") -> None:
        """Count one."""
        self.count += 1
        self.waits(connection)

    def waits(self, connection: "Guarded") -> None:
        """Note that a connection is still to say what it wants."""
        self._waiting[connection.address][connection] = asyncio.get_running_loop().time()

    def works(self, connection: "Guarded") -> None:
        """Note that a connection has said all that it wants, or has gone."""
        waiting = self._waiting[connection.address]
        waiting.pop(connection, None)
        if not waiting:
            del self._waiting[connection.address]

    def closed(self, connection: "Guarded") -> None:
        """Forget one."""
        self.count -= 1
        self.works(connection)

    def end_waiting(self) -> None:
        """End all that have not said what they want: nothing of them was begun."""
        for connection in [one for waiting in self._waiting.values() for one in waiting]:
            connection.transport.abort()


class Guarded(H11Protocol):
    """uvicorn's HTTP, with an end to its patience."""

    #: Given by the class that `guarded` makes, since uvicorn makes the connections.
    bounds: Connections

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.logger = _quiet
        self.address = ""
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self.address = self.client[0] if self.client else ""
        self.bounds.opened(self)
        self._begin()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of it."""
        self._end()
        self.bounds.closed(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take a part of a request, and note when it is whole."""
        if self._deadline is None and self.conn.their_state is h11.IDLE:
            self._begin()
        try:
            super().data_received(data)
        except h11.ProtocolError:
            # It went on after it had been refused.
            self.bounds.dropped.note("not HTTP")
            self.transport.abort()
        self._look()

    def on_response_complete(self) -> None:
        """Wait for the next request, or for the other side to take the answer."""
        super().on_response_complete()
        if self.transport.is_closing():
            self._close_soon()
            return
        self.bounds.waits(self)
        if self._deadline is None and self.conn.their_state is h11.SEND_BODY:
            # The next request has begun to come already.
            self._begin()
        self._look()

    def send_400_response(self, msg: str) -> None:
        """Answer what is not HTTP, unless it has been answered."""
        self.bounds.dropped.note("not HTTP")
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            super().send_400_response(msg)
            self._close_soon()
        else:
            self.transport.abort()

    def timeout_keep_alive_handler(self) -> None:
        """End a connection that says nothing more."""
        super().timeout_keep_alive_handler()
        self._close_soon()

    def _look(self) -> None:
        if (
            self.conn.their_state in {h11.DONE, h11.MUST_CLOSE, h11.CLOSED}
            and not self.transport.is_closing()
        ):
            self._end()
            self.bounds.works(self)

    def _begin(self) -> None:
        self._deadline = self.loop.call_later(REQUEST_SECONDS, self._too_slow)

    def _end(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_slow(self) -> None:
        self._deadline = None
        self.bounds.dropped.note("too slow")
        self.transport.abort()

    def _close_soon(self) -> None:
        """Cut off whoever does not take what was written."""
        if self.transport.get_write_buffer_size():
            self.loop.call_later(CLOSING_SECONDS, self.transport.abort)


def guarded(connections: Connections) -> type[Guarded]:
    """The protocol of a server with these connections."""
    return type("GuardedHTTP", (Guarded,), {"bounds": connections})
