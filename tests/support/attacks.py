"""Attacks on the door from outside: each goes on for as long as its block, by whoever has no secret.

async with half_sent(port) as attack:
    await attack.under_way()
    ...                         # a signed command beside it is answered
"""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field

from slack_sdk.signature import Clock

HOST = "127.0.0.1"
_GONE = (ConnectionError, asyncio.IncompleteReadError, OSError)
_HEAD = b"POST /slack/events HTTP/1.1\r\nHost: door\r\nContent-Type: application/x-www-form-urlencoded\r\n"


@dataclass
class Attack:
    """One that is under way."""

    #: How often something was sent; attackers that are dropped come again.
    sent: int = 0
    #: From when on it counts as under way.
    enough: int = 1
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def did(self) -> None:
        """Count one more."""
        self.sent += 1
        self._changed.set()

    async def under_way(self, more: int = 0) -> None:
        """Wait until it has done so much, or so much more than by now."""
        wanted = max(self.enough, self.sent + more)
        while self.sent < wanted:
            self._changed.clear()
            await self._changed.wait()


Attacker = Callable[[int, Attack], Awaitable[None]]
Kind = Callable[[int], AbstractAsyncContextManager[Attack]]


def _by(attacker: Attacker, *, number: int, enough: int) -> Kind:
    """So many attackers, who begin again whenever they are dropped."""

    @asynccontextmanager
    async def attacking(port: int) -> AsyncIterator[Attack]:
        attack = Attack(enough=enough)

        async def again_and_again() -> None:
            while True:
                with suppress(*_GONE):
                    await attacker(port, attack)
                await asyncio.sleep(0.01)

        tasks = [asyncio.ensure_future(again_and_again()) for _ in range(number)]
        try:
            yield attack
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    return attacking


@asynccontextmanager
async def _connected(port: int) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection(HOST, port)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


async def _half(port: int, attack: Attack) -> None:
    """Say half of a request, and nothing more for as long as one is let."""
    async with _connected(port) as (reader, writer):
        writer.write(_HEAD[: 20 + attack.sent % 60])
        attack.did()
        await reader.read()


async def _slow(port: int, attack: Attack) -> None:
    """Say the headers of a request that may be signed, and then its body one byte at a time."""
    async with _connected(port) as (_, writer):
        writer.write(_claiming(1_000))
        for _ in range(1_000):
            writer.write(b"a")
            await writer.drain()
            attack.did()
            await asyncio.sleep(0.2)


async def _unsigned(port: int, attack: Attack) -> None:
    """Send whole commands without a signature, or with a made-up one, as fast as they are refused."""
    async with _connected(port) as (reader, writer):
        body = b"command=%2Fcocm&text=15m+MRN9+forged+words&user_id=U0ANA&trigger_id=1"
        head = _claiming(len(body)) if attack.sent % 2 else _HEAD + b"Content-Length: %d\r\n\r\n" % len(body)
        writer.write(head + body)
        await reader.read()
        attack.did()


async def _huge(port: int, attack: Attack) -> None:
    """Send nearly all of the largest body that is taken, and keep the end."""
    async with _connected(port) as (reader, writer):
        writer.write(_claiming(1_000_000))
        for _ in range(99):
            writer.write(b"a" * 10_000)
            await writer.drain()
        attack.did()
        await reader.read()


async def _garbage(port: int, attack: Attack) -> None:
    """Send what is no HTTP, or stops being it."""
    async with _connected(port) as (reader, writer):
        writer.write(GARBAGE[attack.sent % len(GARBAGE)] or os.urandom(2_000))
        writer.write_eof()
        attack.did()
        await reader.read()


async def _connection(port: int, attack: Attack) -> None:
    """Connect and say nothing."""
    async with _connected(port) as (reader, _):
        attack.did()
        await reader.read()


def _claiming(length: int) -> bytes:
    """Headers that could be Slack's until the body has been read."""
    stamp = str(int(Clock().now())).encode()
    return (
        _HEAD + b"X-Slack-Request-Timestamp: " + stamp + b"\r\nX-Slack-Signature: v0=" + b"0" * 64
        + b"\r\nContent-Length: %d\r\n\r\n" % length
    )  # fmt: skip


#: Each is refused with a 4xx, or hung up on. Empty: bytes at random.
GARBAGE: tuple[bytes, ...] = (
    b"",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200,
    b"\r\n" * 500,
    b"GET / HTTP/9.9\r\n\r\n",
    b"POST /slack/events HTTP/1.1\r\n\r\n",
    b"POST /slack/events HTTP/1.0\r\n\r\n",
    b"POST /slack/%zz%00%ff HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
    b"POST /slack/events?%zz=%ff HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
    b"PATCH /slack/events HTTP/1.1\r\nHost: x\r\n\r\n",
    b"CONNECT slack.com:443 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /slack/events HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    _HEAD + b"Content-Length: -1\r\n\r\n",
    _HEAD + b"Content-Length: 99999999999999999999999\r\n\r\n",
    _HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    _HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nno chunk\r\n",
    _HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    _HEAD + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    _HEAD + b"X-Slack-Signature: \xe9\xe9\r\nX-Slack-Request-Timestamp: \xb2\r\nContent-Length: 0\r\n\r\n",
    _HEAD + b"X-Slack-Signature: v0=1\r\nX-Slack-Signature: v0=2\r\nContent-Length: 0\r\n\r\n",
    _HEAD + b"X-Long: " + b"a" * 70_000 + b"\r\n\r\n",
    _HEAD + b"".join(b"X-%d: a\r\n" % number for number in range(3_000)) + b"\r\n",
    (_HEAD + b"Content-Length: 3\r\n\r\nabc") * 200,
    b"POST /slack/events HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n",
)  # fmt: skip

#: The first six of seven; the seventh is being told to end while all hangs.
ATTACKS: dict[str, Kind] = {
    "half-sent requests held": _by(_half, number=300, enough=300),
    "bodies sent slowly": _by(_slow, number=150, enough=150),
    "floods of unsigned requests": _by(_unsigned, number=16, enough=100),
    "huge bodies": _by(_huge, number=60, enough=50),
    "garbage": _by(_garbage, number=8, enough=3 * len(GARBAGE)),
    "connections to the limit of open files": _by(_connection, number=400, enough=400),
}
