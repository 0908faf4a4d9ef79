"""`cocm demo` as a newcomer meets it: a page in a real browser, the mission's line, Undo."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from playwright.async_api import Browser, expect

from tests.support.browser import open_chat
from tests.support.serving import ROOT
from tests.support.slack import WAIT_SECONDS

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@asynccontextmanager
async def demo(folder: Path, *options: str) -> AsyncIterator[str]:
    """Run the demo in a folder of its own, with options of `patient_demo`; gives the page's address once it is up."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "SLACK_BOT_TOKEN": "xoxb-not-for-the-demo"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.support.patient_demo", "--no-open", "--port", str(port), *options,
        cwd=folder, stderr=asyncio.subprocess.PIPE, env=env,
    )  # fmt: skip
    assert process.stderr is not None
    try:
        said = b""
        while b"The demo is up" not in said:
            line = await asyncio.wait_for(process.stderr.readline(), WAIT_SECONDS)
            assert line, said.decode()
            said += line
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        await process.communicate()
    assert process.returncode in {0, -15}


async def test_a_newcomer_logs_reads_the_threshold_and_undoes(browser: Browser, tmp_path: Path) -> None:
    """Type the mission's line, read minutes and threshold, press Undo, see the total fall back."""
    async with (
        demo(tmp_path) as url,
        open_chat(browser, SimpleNamespace(url=url), "U0DEMOANA", "C0DEMOGEN") as chat,
    ):
        await chat.send("/cocm log 15m MRN123 phone check-in")
        await expect(chat.message("Logged 15 min for MRN123")).to_be_visible()
        await expect(chat.message("52 of 60 min · 8 to 99493")).to_be_visible()
        await chat.log.get_by_role("button", name="Undo").click()
        await expect(chat.message("Undone: 15 min for MRN123")).to_be_visible()
        await expect(chat.message("37 of 60 min · 23 to 99493")).to_be_visible()
        await chat.page.screenshot(path=tmp_path / "undone.png")
    async with demo(tmp_path) as url, httpx.AsyncClient(timeout=WAIT_SECONDS) as client:
        state = (await client.get(f"{url}page/state", params={"as": "U0DEMOANA"})).json()
        assert state["connected"]


async def test_the_morning_and_the_month_end_come_at_a_press(browser: Browser, tmp_path: Path) -> None:
    """The real messages, without a command line; the clock says so, and starting over brings the present back."""
    async with (
        demo(tmp_path) as url,
        open_chat(
            browser, SimpleNamespace(url=url), "U0DEMOANA", "C0DEMOGEN", forgiven=["ERR_CONNECTION_REFUSED"]
        ) as chat,
    ):
        bar = chat.page.get_by_role("region", name="Clock and controls")
        present = await bar.locator("strong").inner_text()
        await bar.get_by_role("button", name="Next morning").press("Enter")
        await expect(bar.get_by_role("status")).to_contain_text("Ana Flores")
        await expect(bar).to_contain_text("8:30 AM in this demo")
        await expect(chat.page.get_by_role("tab", name="Messages")).to_have_attribute("aria-selected", "true")
        await expect(chat.log.locator("[data-ts]").last).to_contain_text("MRN")
        await bar.get_by_role("button", name="Month end").press("Enter")
        await expect(bar.get_by_role("status")).to_contain_text(
            "the month-end summary to the billing channel"
        )
        await expect(bar.get_by_role("status")).to_contain_text("act as Sam Whitfield or Chloe Lindqvist")
        await expect(bar).to_contain_text(" 1, 8:00 AM in this demo")
        await chat.go("U0DEMOSAM", "C0DEMOBILL")
        await expect(chat.message("provisional until closed")).to_be_visible()
        await bar.get_by_role("button", name="Start over").click()
        await chat.dialog.get_by_role("button", name="Start over").click()
        await expect(bar.locator("strong")).to_contain_text(present.split(",")[1])
        await expect(bar).not_to_contain_text(" 1, 8:00 AM")
        await expect(chat.page.get_by_text("CoCM Minutes is connected")).to_be_visible()


async def test_the_demo_takes_up_where_it_was(browser: Browser, tmp_path: Path) -> None:
    """What was stored at the demo's time is not in its future after a restart."""
    async with (
        demo(tmp_path) as url,
        open_chat(browser, SimpleNamespace(url=url), "U0DEMOPRI", "C0DEMOGEN") as chat,
    ):
        bar = chat.page.get_by_role("region", name="Clock and controls")
        await bar.get_by_role("button", name="Month end").click()
        await expect(bar).to_contain_text(" 1, 8:00 AM")
    async with (
        demo(tmp_path) as url,
        open_chat(browser, SimpleNamespace(url=url), "U0DEMOPRI", "C0DEMOGEN") as chat,
    ):
        await expect(chat.page.get_by_role("region", name="Clock and controls")).to_contain_text(" 1, 8:")


async def test_a_taken_port_is_one_plain_sentence(tmp_path: Path) -> None:
    """The demo says what is in the way and what to do, and ends with 3."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "cocm", "demo", "--no-open", "--port", str(port),
            cwd=tmp_path, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        _, said = await process.communicate()
    assert process.returncode == 3
    assert "--port" in said.decode()
    assert "Traceback" not in said.decode()
