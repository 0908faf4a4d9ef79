"""Takes the pictures of `docs/img` in front of the real demo, at a fixed hour, in letters that every machine has.

`make pictures` runs it; words that stand in a name choose single pictures. `tests/support/pictures_list.py` lists them.
"""

import argparse
import asyncio
import contextlib
import os
import signal
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import httpx
from PIL import Image
from playwright.async_api import Browser, expect

from cocm import demo
from cocm.tick import StandingClock
from tests.support import pictures
from tests.support.browser import ChatPage, open_chat, running_chromium
from tests.support.golden import letters
from tests.support.pictures_list import PICTURES, Picture
from tests.support.slack import WAIT_SECONDS

FOLDER = Path(__file__).parents[2] / "docs" / "img"
#: A Wednesday afternoon in New York: days have gone by since the month began, and days are left.
HOUR = datetime(2026, 11, 18, 20, 10, tzinfo=UTC)
#: Bytes that all pictures together may have.
MOST_BYTES = 2_000_000
_LOOK_AGAIN_SECONDS = 0.2
#: A blinking cursor would be in one picture and not in the next. Only the day that is shown has its words at the top.
_STILL = "* { caret-color: transparent !important; } .day:has(~ .day) { visibility: hidden; }"
#: Its first line below the day that stays at the top of the list.
_TO_THE_TOP = "(node) => { node.scrollIntoView({ block: 'start' }); node.closest('.log').scrollTop -= 48; }"


@contextlib.asynccontextmanager
async def running_demo() -> AsyncIterator[str]:
    """The demo in a folder of its own, its clock standing; gives the page's address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}/"
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        serving = asyncio.create_task(
            demo.demo(port=port, open_browser=False, fresh=True, clock=StandingClock(HOUR))
        )
        try:
            await asyncio.wait_for(_connected(url, serving), WAIT_SECONDS)
            yield url
        finally:
            # As somebody who stops it with Ctrl+C.
            signal.raise_signal(signal.SIGINT)
            await asyncio.gather(serving, return_exceptions=True)
            os.chdir(before)


async def _connected(url: str, serving: asyncio.Task[None]) -> None:
    async with httpx.AsyncClient() as client:
        while True:
            if serving.done():
                await serving
            with contextlib.suppress(httpx.HTTPError):
                if (await client.get(f"{url}page/state")).json()["connected"]:
                    return
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)


async def take(browser: Browser, url: str, picture: Picture) -> Image.Image:
    """Lead to a screen and take it: the window, or the part of it that is meant."""
    async with open_chat(
        browser,
        SimpleNamespace(url=url),  # type: ignore[arg-type]  # its address is all that is asked
        picture.person,
        viewport={"width": picture.width, "height": picture.height},
        color_scheme=picture.scheme,
        bypass_csp=True,
        reduced_motion="reduce",
    ) as chat:
        await chat.page.add_style_tag(content=letters())
        if picture.after:
            await _press(chat, picture.after)
        shown = await picture.leads(chat)
        await chat.page.add_style_tag(content=_STILL)
        await chat.page.mouse.move(0, 0)
        if shown is not None:
            await shown.evaluate(_TO_THE_TOP)
        await chat.page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 250)))")
        taken = await chat.page.screenshot(animations="disabled")
        return Image.open(BytesIO(taken)).convert("RGB")


async def _press(chat: ChatPage, control: str) -> None:
    bar = chat.page.get_by_role("region", name="Clock and controls")
    await bar.get_by_role("button", name=control).click()
    await expect(bar.get_by_role("status")).to_contain_text("Sent:")
    await bar.get_by_role("button", name="Hide this").click()


async def shoot(names: Iterable[str]) -> dict[str, Image.Image]:
    """Take these pictures, each before a demo of its own: none shows what another one did."""
    taken = {}
    async with running_chromium() as browser:
        for name in names:
            async with running_demo() as url:
                taken[name] = await take(browser, url, PICTURES[name])
    return taken


def main(arguments: list[str]) -> int:
    """Take the pictures; returns 1 when they are too large together."""
    parser = argparse.ArgumentParser(prog="make pictures", description=__doc__)
    parser.add_argument("names", nargs="*", help="parts of pictures' names")
    asked = parser.parse_args(arguments).names
    chosen = [name for name in PICTURES if not asked or any(part in name for part in asked)]
    for name, picture in asyncio.run(shoot(chosen)).items():
        path = FOLDER / f"{name}.png"
        # Two times the same screen are one file: what nobody sees is no change.
        if not path.exists() or not pictures.is_like(pictures.read(path), picture):
            pictures.keep(picture, path)
            sys.stdout.write(f"{path.name}: {path.stat().st_size // 1000} kB\n")
    size = sum(path.stat().st_size for path in FOLDER.glob("*.png"))
    sys.stdout.write(f"{len(PICTURES)} pictures, {size / 1e6:.2f} MB\n")
    return 1 if size > MOST_BYTES else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
