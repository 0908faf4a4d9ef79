"""Socket Mode: connections, envelopes, and their acknowledgments."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol

from sandbox.model import JSON, Change
from sandbox.world import World

MAX_CONNECTIONS = 10
TICKET_SECONDS = 30.0


class Connection(Protocol):
    """One open socket of the app. Its `send` may fail when the other side has gone."""

    async def send(self, message: JSON) -> None:
        """Send one message."""
        ...

    async def close(self) -> None:
        """Close the socket."""
        ...


class NoConnection(Exception):  # noqa: N818 - a state of affairs, not an error in the sandbox
    """No socket took the envelope."""


class Sockets:
    """The open sockets of the app. Each envelope goes to one of them, in turn."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._tickets: dict[str, float] = {}
        self._open: deque[Connection] = deque()
        self._pending: dict[str, tuple[Connection, asyncio.Future[Any]]] = {}

    @property
    def count(self) -> int:
        """How many sockets are open."""
        return len(self._open)

    def ticket_url(self, base_url: str) -> str:
        """The address of a new socket: good once, for half a minute."""
        ticket = self._world.new_id("ticket")
        self._tickets[ticket] = self._world.clock.now() + TICKET_SECONDS
        return f"{base_url.replace('http', 'ws', 1)}socket/{ticket}"

    def takes(self, ticket: str) -> bool:
        """Spend a ticket; False if it is unknown, spent or too old."""
        return self._tickets.pop(ticket, 0.0) > self._world.clock.now()

    async def join(self, connection: Connection) -> Callable[[], None]:
        """Greet a new connection and let it take envelopes; call what is returned when it has gone."""
        if len(self._open) >= MAX_CONNECTIONS:
            await connection.send({"type": "disconnect", "reason": "too_many_websockets", "debug_info": {}})
            await connection.close()
            return lambda: None
        self._open.append(connection)
        await connection.send(
            {
                "type": "hello",
                "num_connections": len(self._open),
                "connection_info": {"app_id": self._world.app.id},
                "debug_info": {"host": "sandbox", "build_number": 1, "approximate_connection_time": 3600},
            }
        )
        self._told()
        return lambda: self._leave(connection)

    def acknowledge(self, message: Any) -> None:
        """Take what a connection says: an envelope's acknowledgment, perhaps with an answer."""
        envelope_id = message.get("envelope_id") if isinstance(message, dict) else None
        _, waiting = self._pending.pop(str(envelope_id), (None, None))
        if waiting is not None and not waiting.done():
            waiting.set_result(message.get("payload"))

    async def deliver(self, kind: str, payload: JSON, *, answers: bool, attempt: int, reason: str) -> Any:
        """Send an envelope and return the payload of its acknowledgment. The caller limits the wait.

        Raises:
            NoConnection: no socket is open, or the one that had it closed before acknowledging.
        """
        envelope_id = self._world.new_id("envelope-")
        envelope: JSON = {
            "envelope_id": envelope_id,
            "type": kind,
            "accepts_response_payload": answers,
            "payload": payload,
        }
        if kind == "events_api":
            envelope |= {"retry_attempt": attempt, "retry_reason": reason}
        if not self._open:
            raise NoConnection
        connection = self._open[0]
        self._open.rotate(-1)
        waiting: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._pending[envelope_id] = (connection, waiting)
        try:
            await connection.send(envelope)
            return await waiting
        finally:
            self._pending.pop(envelope_id, None)

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Tell every connection to go elsewhere: `warning` is ten seconds' notice, others are at once."""
        leaving = list(self._open)
        for connection in leaving:
            await connection.send({"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}})
            if reason != "warning":
                self._leave(connection)
                await connection.close()

    async def cut(self) -> None:
        """Close every connection without a word."""
        for connection in list(self._open):
            self._leave(connection)
            await connection.close()

    def _leave(self, connection: Connection) -> None:
        if connection not in self._open:
            return
        self._open.remove(connection)
        for held_by, waiting in list(self._pending.values()):
            if held_by is connection and not waiting.done():
                waiting.set_exception(NoConnection())
        self._told()

    def _told(self) -> None:
        detail = {"connected": bool(self._open) or self._world.request_url is not None}
        self._world.tell(Change(type="connected", audience=None, detail=detail))
