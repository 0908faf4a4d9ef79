"""The sandbox run alone, and many worlds in one process."""

import asyncio
import socket
import sys

import httpx

from sandbox.config import small_clinic
from sandbox.sandbox import Sandbox
from tests.support.slack import WAIT_SECONDS, ManualClock, slack_in_thread


async def test_it_runs_alone_and_stops_with_a_page_open() -> None:
    """`python -m sandbox` says how to connect, serves, and ends on a signal even while a page listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sandbox", "--port", str(port), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    said = [(await process.stdout.readline()).decode() for _ in range(5)]
    assert any("xoxb-sandbox" in line for line in said)
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{port}",
        transport=httpx.AsyncHTTPTransport(retries=20),
        timeout=WAIT_SECONDS,
    ) as page:
        assert (await page.get("/page/state", params={"as": "U0ANA"})).status_code == 200
        async with page.stream("GET", "/page/stream", params={"as": "U0ANA"}) as stream:
            lines = stream.aiter_lines()
            assert await anext(lines) == ": open"
            process.terminate()
            assert [line async for line in lines if line] == []
    assert await process.wait() in (0, -15)


def test_a_thread_serves_synchronous_tests() -> None:
    """slack_in_thread gives an address that answers at once, and is gone afterwards."""
    with slack_in_thread() as slack:
        answer = httpx.get(f"{slack.url}page/state", params={"as": "U0ANA"}, timeout=WAIT_SECONDS)
        assert answer.json()["team"]["name"] == "Clinic"


def test_worlds_do_not_meet() -> None:
    """Two sandboxes in one process share nothing; without an event loop they can still be called."""
    one, other = Sandbox(small_clinic(), ManualClock()), Sandbox(small_clinic(), ManualClock())
    assert one.api.call("chat.postMessage", "xoxb-sandbox", {"channel": "C0GENERAL", "text": "x"})["ok"]
    assert len(one.world.channels["C0GENERAL"].messages) == 1
    assert other.world.channels["C0GENERAL"].messages == {}
    assert other.world.calls == []


def test_the_same_deeds_make_the_same_world() -> None:
    """Ids and timestamps follow from the clock alone, so that a simulation can be replayed."""

    def run() -> list[object]:
        sandbox = Sandbox(small_clinic(), ManualClock())
        arguments = {"channel": "U0ANA", "text": "x", "blocks": [{"type": "divider"}]}
        return [sandbox.api.call("chat.postMessage", "xoxb-sandbox", arguments) for _ in range(3)]

    assert run() == run()
