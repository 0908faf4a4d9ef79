"""Generates load: signed slash commands over keep-alive connections, timed one by one."""

import asyncio
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter
from urllib.parse import urlencode

from slack_sdk.signature import Clock, SignatureVerifier

SECRET = "bench-signing-secret"
#: How an answer begins that says that nothing was done for want of time.
_TURNED_AWAY = b"Busy"


@dataclass(frozen=True, slots=True)
class LoadFigures:
    """What a run came to; seconds, of the requests that were carried out."""

    #: A second; what was turned away is none of it.
    rate: float
    p50: float
    p99: float
    turned_away: int = 0

    def __str__(self) -> str:
        return f"{self.rate:7.0f} req/s   p50 {self.p50 * 1e3:7.2f} ms   p99 {self.p99 * 1e3:7.2f} ms"


def requests(texts: Sequence[str], port: int, start: int = 0) -> list[bytes]:
    """One signed HTTP request for each text of a `/cocm` command."""
    verifier = SignatureVerifier(SECRET)
    stamp = str(int(Clock().now()))
    made: list[bytes] = []
    for number, text in enumerate(texts, start):
        body = urlencode(
            {
                "team_id": "T0CLINIC",
                "channel_id": "C1",
                "channel_name": "c",
                "user_id": f"U{number % 20:03}",
                "user_name": "ana",
                "command": "/cocm",
                "text": text,
                "trigger_id": f"t{number}",
                "response_url": "http://127.0.0.1:9/",
                "api_app_id": "A1",
            }
        )
        signature = verifier.generate_signature(timestamp=stamp, body=body)
        made.append(
            f"POST /slack/events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\nX-Slack-Request-Timestamp: {stamp}\r\n"
            f"X-Slack-Signature: {signature}\r\n\r\n{body}".encode()
        )
    return made


async def run(port: int, made: Sequence[bytes], connections: int) -> LoadFigures:
    """Send the requests over so many connections; every answer must be a 200.

    Raises:
        AssertionError: for another answer, or when all are turned away.
    """
    waiting = iter(made)
    took: list[float] = []
    turned_away = 0

    async def work() -> None:
        nonlocal turned_away
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for request in waiting:
            began = perf_counter()
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            body = await reader.readexactly(length)
            if _TURNED_AWAY in body:
                turned_away += 1
            else:
                took.append(perf_counter() - began)
            if not head.startswith(b"HTTP/1.1 200"):
                raise AssertionError(head.decode())
        writer.close()
        await writer.wait_closed()

    began = perf_counter()
    await asyncio.gather(*(work() for _ in range(connections)))
    whole = perf_counter() - began
    assert took, "all were turned away"
    took.sort()
    return LoadFigures(
        rate=len(took) / whole,
        p50=statistics.median(took),
        p99=took[int(len(took) * 0.99)],
        turned_away=turned_away,
    )
