"""Bounds on connections: how many, how long one may take to say what it wants, and who gives way to a newcomer."""

import asyncio
import logging
from collections import defaultdict
from typing import Final

from bot.tally import Tally

#: For a whole request, from the connection (or, on a connection used again, from its first byte) to its last byte.
REQUEST_SECONDS: Final = 10.0
#: So long every connection has to say what it wants, however many wait.
MOMENT_SECONDS = 0.25
#: Bytes of a request's first line and headers.
MOST_HEADERS: Final = 16_384
#: For a connection that has been answered and takes the answer no further.
CLOSING_SECONDS: Final = 5.0

#: uvicorn writes a line for each request that is none, and a traceback for whoever hangs up at the wrong moment.
QUIET: Final = logging.getLogger("cocm.connections.uvicorn")
QUIET.setLevel(logging.CRITICAL)


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
        self._waiting: dict[str, dict[Guard, float]] = defaultdict(dict)
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

    def opened(self, connection: "Guard") -> None:
        """Count one."""
        self.count += 1
        self.waits(connection)

    def waits(self, connection: "Guard") -> None:
        """Note that a connection is still to say what it wants."""
        self._waiting[connection.address][connection] = asyncio.get_running_loop().time()

    def works(self, connection: "Guard") -> None:
        """Note that a connection has said all that it wants, or has gone."""
        waiting = self._waiting[connection.address]
        waiting.pop(connection, None)
        if not waiting:
            del self._waiting[connection.address]

    def closed(self, connection: "Guard") -> None:
        """Forget one."""
        self.count -= 1
        self.works(connection)

    def end_waiting(self) -> None:
        """End all that have not said what they want: nothing of them was begun."""
        for connection in [one for waiting in self._waiting.values() for one in waiting]:
            connection.transport.abort()


class Guard:
    """An end to the patience of uvicorn's HTTP; what reads it stands in `http_in_c` or `http_in_python`."""

    #: Given to the class that `guarded_http` makes, since uvicorn makes the connections.
    bounds: Connections
    loop: asyncio.AbstractEventLoop
    transport: asyncio.Transport
    client: tuple[str, int] | None
    address = ""
    _deadline: asyncio.TimerHandle | None = None
    _cut_off: asyncio.TimerHandle | None = None

    def opened(self) -> None:
        """Begin to wait for a request."""
        self.address = self.client[0] if self.client else ""
        self.bounds.opened(self)
        self.begins()

    def gone(self) -> None:
        """Let go of it."""
        self._end()
        if self._cut_off is not None:
            self._cut_off.cancel()
        self.bounds.closed(self)

    @property
    def is_timed(self) -> bool:
        """Whether a request has so long to come and no longer."""
        return self._deadline is not None

    def begins(self) -> None:
        """Give a request its time to come, from now."""
        self._deadline = self.loop.call_later(REQUEST_SECONDS, self._too_slow)

    def is_whole(self) -> None:
        """Leave the connection alone: all that it wants has been said."""
        if not self.transport.is_closing():
            self._end()
            self.bounds.works(self)

    def close_soon(self) -> None:
        """Cut off whoever does not take what was written."""
        if self._cut_off is None and self.transport.get_write_buffer_size():
            self._cut_off = self.loop.call_later(CLOSING_SECONDS, self.transport.abort)

    def not_http(self) -> None:
        """Count what is no HTTP."""
        self.bounds.dropped.note("not HTTP")

    def _end(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_slow(self) -> None:
        self._deadline = None
        self.bounds.dropped.note("too slow")
        self.transport.abort()
