"""Several addresses of one sandbox, a node each, so that it is known which of them has a call under way."""

import asyncio
import socket
from collections.abc import Collection
from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send


@dataclass(frozen=True, slots=True, eq=False)
class CallUnderWay:
    """A request that has come in and is not answered yet, whether or not its sender still lives."""

    door: int
    #: The Web API's method; `upload` for the bytes of a file.
    method: str


class Doors:
    """The addresses, and the calls under way through each."""

    def __init__(self, count: int) -> None:
        found = [listen() for _ in range(count)]
        self.sockets = [sock for sock, _ in found]
        self.urls = [url for _, url in found]
        self.under_way: list[CallUnderWay] = []
        self._came = asyncio.Event()

    def watched(self, app: ASGIApp) -> ASGIApp:
        """The sandbox's web application, with an eye on who comes."""
        ports = {sock.getsockname()[1]: door for door, sock in enumerate(self.sockets)}

        async def watching(scope: Scope, receive: Receive, send: Send) -> None:
            door = ports.get(scope["server"][1]) if scope["type"] == "http" else None
            if door is None:
                await app(scope, receive, send)
                return
            area, _, rest = scope["path"].strip("/").partition("/")
            call = CallUnderWay(door, rest if area == "api" else area)
            self.under_way.append(call)
            self._came.set()
            try:
                await app(scope, receive, send)
            finally:
                self.under_way.remove(call)

        return watching

    async def call_of(
        self, methods: Collection[str], seconds: float, *, through: Collection[int]
    ) -> CallUnderWay | None:
        """Wait until one of these methods is under way through one of some doors; None when none was in that time."""
        try:
            async with asyncio.timeout(seconds):
                while True:
                    for call in self.under_way:
                        if call.method in methods and call.door in through:
                            return call
                    self._came.clear()
                    await self._came.wait()
        except TimeoutError:
            return None


def listen() -> tuple[socket.socket, str]:
    """A socket that already takes connections, so that nobody need wait for the server to start; and its URL."""
    # Named TCP, or asyncio leaves Nagle on and every answer waits 40 ms.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", 0))
    listening.listen(128)
    return listening, f"http://127.0.0.1:{listening.getsockname()[1]}/"
