"""HTTP at the door, by either library that reads it: the same bounds, the same answers, on real sockets."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from bot.door.reading import BodyNotTakenError, Readings
from cocm import connections, libraries_in_c
from cocm.door_server import DoorServer, listening_socket
from tests.support.attacks import GARBAGE, HOST
from tests.support.slack import WAIT_SECONDS

HEAD = b"POST /door HTTP/1.1\r\nHost: door\r\n"


def post(body: bytes) -> bytes:
    return HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body


@dataclass
class Echo:
    """Answers each body with itself, once it may."""

    may_answer: asyncio.Event = field(default_factory=asyncio.Event)
    under_way: asyncio.Event = field(default_factory=asyncio.Event)
    readings: Readings = field(default_factory=Readings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = PlainTextResponse("unread")
        if scope["path"] != "/unread":
            try:
                body = await self.readings.body(Request(scope, receive))
                self.under_way.set()
                await self.may_answer.wait()
                answer = PlainTextResponse(body)
            except BodyNotTakenError as why:
                answer = PlainTextResponse("", why.status, headers={"connection": "close"})
        await answer(scope, receive, send)


class Quiet(DoorServer):
    """The door's server beside others of the same process: signals are theirs."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone."""
        yield


@dataclass
class Door:
    """A server of the test."""

    echo: Echo
    server: Quiet
    port: int

    @contextlib.asynccontextmanager
    async def connected(self) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        reader, writer = await asyncio.open_connection(HOST, self.port)
        try:
            yield reader, writer
        finally:
            writer.transport.abort()

    async def answer_to(self, *parts: bytes) -> bytes:
        """All that is said on a connection of its own, until it is closed."""
        async with self.connected() as (reader, writer):
            for part in parts:
                writer.write(part)
                await asyncio.sleep(0)
            return await ended(reader)


async def ended(reader: asyncio.StreamReader) -> bytes:
    """What is said until the end; nobody waits for a connection that is kept open."""
    said = b""
    with contextlib.suppress(ConnectionError):
        while part := await asyncio.wait_for(reader.read(65_536), WAIT_SECONDS):
            said += part
    return said


async def answered(reader: asyncio.StreamReader) -> bytes:
    """The body of the next answer."""
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), WAIT_SECONDS)
    assert head.startswith(b"HTTP/1.1 200 "), head
    return await reader.readexactly(int(head.split(b"content-length: ")[1].split(b"\r\n")[0]))


async def until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110 - a count, which nobody announces
        await asyncio.sleep(0.01)


@pytest.fixture(params=["in C", "in Python"])
async def door(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Door]:
    if request.param == "in Python":
        # As where httptools is not installed.
        monkeypatch.setitem(sys.modules, "cocm.http_in_c", None)
    sock = listening_socket(HOST, 0)
    echo, port = Echo(), sock.getsockname()[1]
    echo.may_answer.set()
    server = Quiet(echo, HOST, port)
    serving = asyncio.create_task(server.serve(sockets=[sock]))
    yield Door(echo, server, port)
    echo.may_answer.set()
    server.should_exit = True
    await serving


async def test_a_request_is_read_however_it_is_cut(door: Door) -> None:
    """In one piece, byte by byte, and several at once in their order."""
    async with door.connected() as (reader, writer):
        writer.write(post(b"whole"))
        assert await answered(reader) == b"whole"
        for byte in post(b"in bytes"):
            writer.write(bytes((byte,)))
            await writer.drain()
        assert await answered(reader) == b"in bytes"
        writer.write(post(b"one") + post(b"two") + post(b"three")[:-2])
        assert [await answered(reader) for _ in range(2)] == [b"one", b"two"]
        writer.write(b"ee")
        assert await answered(reader) == b"three"


async def test_a_length_given_in_two_ways_is_none(door: Door) -> None:
    """Two servers could read it as two requests."""
    both = (b"Transfer-Encoding: chunked\r\n", b"Content-Length: 5\r\n")
    for headers in (both, both[::-1]):
        said = await door.answer_to(HEAD + b"".join(headers) + b"\r\n5\r\nhello\r\n0\r\n\r\n")
        assert said.startswith(b"HTTP/1.1 411 "), said
        assert said.count(b"HTTP/1.1") == 1
    said = await door.answer_to(HEAD + both[0] + b"\r\n5\r\nhello\r\n0\r\n\r\n")
    assert said.startswith(b"HTTP/1.1 411 "), said


async def test_headers_without_end_are_refused(door: Door) -> None:
    """One that is long, and many that are short."""
    for more in (b"X-Long: " + b"a" * 70_000, b"".join(b"X-%d: a\r\n" % number for number in range(9_000))):
        said = await door.answer_to(HEAD, *(more[at : at + 4_096] for at in range(0, len(more), 4_096)))
        assert said.startswith((b"HTTP/1.1 400 ", b"")), said
        assert said.count(b"HTTP/1.1") <= 1
    await until(lambda: door.server.bounds.count == 0)


async def test_what_is_no_http_is_a_4xx_or_hung_up_on(door: Door) -> None:
    """First on a connection, after a good request, and behind one that is being answered."""
    for garbage in filter(None, GARBAGE):
        async with door.connected() as (reader, writer):
            writer.write(garbage)
            writer.write_eof()
            said = await ended(reader)
        assert not said.startswith(b"HTTP/1.1 5"), (garbage[:60], said)
    for before in (post(b"first"), post(b"first") * 3):
        async with door.connected() as (reader, writer):
            writer.write(before + b"\x00 nonsense\r\n\r\n")
            assert b"HTTP/1.1 5" not in await ended(reader)
    await until(lambda: door.server.bounds.count == 0)


async def test_an_answer_before_the_end_of_what_was_asked_ends_the_connection(door: Door) -> None:
    """Nobody would listen to the rest, however much comes."""
    said = await door.answer_to(
        b"POST /unread HTTP/1.1\r\nHost: door\r\nContent-Length: 900000\r\n\r\n" + b"a" * 99
    )
    assert said.endswith(b"unread")


async def test_half_a_request_has_so_long_and_a_whole_one_as_long_as_it_takes(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a new connection, and on one that was answered before."""
    monkeypatch.setattr(connections, "REQUEST_SECONDS", 1.0)
    assert await door.answer_to(HEAD) == b""
    async with door.connected() as (reader, writer):
        writer.write(post(b"good"))
        assert await answered(reader) == b"good"
        writer.write(post(b"half")[:-1])
        assert await ended(reader) == b""
    door.echo.may_answer.clear()
    door.echo.under_way.clear()
    async with door.connected() as (reader, writer):
        writer.write(post(b"long"))
        await door.echo.under_way.wait()
        # Another has had its whole time, and been dropped, while this one was being answered.
        assert await door.answer_to(HEAD) == b""
        door.echo.may_answer.set()
        assert await answered(reader) == b"long"


async def test_whoever_is_being_answered_is_no_one_who_waits(door: Door) -> None:
    """So it never gives way to a newcomer; kept open afterwards it does."""
    waiting = door.server.bounds._waiting
    door.echo.may_answer.clear()
    async with door.connected() as (reader, writer):
        writer.write(post(b"one") + post(b"two"))
        await door.echo.under_way.wait()
        assert not waiting
        door.echo.may_answer.set()
        assert [await answered(reader) for _ in range(2)] == [b"one", b"two"]
        await until(lambda: bool(waiting))
    await until(lambda: not waiting and door.server.bounds.count == 0)


@pytest.mark.parametrize("are_installed", [True, False])
def test_what_is_written_in_c_is_used_where_it_is_installed(
    monkeypatch: pytest.MonkeyPatch, *, are_installed: bool
) -> None:
    """Else Python's own event loop, and h11."""
    if not are_installed:
        for name in ("uvloop", "cocm.http_in_c"):
            monkeypatch.setitem(sys.modules, name, None)
    loops: list[str] = []

    async def look() -> None:
        loops.append(type(asyncio.get_running_loop()).__module__.partition(".")[0])

    libraries_in_c.run(look())
    reader = libraries_in_c.guarded_http(connections.Connections(1))
    assert loops == ["uvloop" if are_installed else "asyncio"]
    assert issubclass(reader, HttpToolsProtocol if are_installed else H11Protocol)
