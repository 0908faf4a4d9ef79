"""Golden pictures of scheduled messages, as their readers have them in the local Slack's chat page.

`python -m tests.support.golden` takes them and names those that differ from `tests/golden`; `--accept` keeps what was
seen. Words that stand in a name choose single pictures. Look at every picture before you commit it.
"""

import argparse
import asyncio
import json
import re
import sys
import tempfile
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.async_api import Browser, Locator, expect

from billing.people import MemberRole
from cocm.tick import tick_once
from cocm.wiring import open_program
from sandbox.config import User
from services.context import Context
from storage import Database
from tests.support import pictures
from tests.support.bot import ANA, BEN, SAM, clinic_with_bot, settings_for
from tests.support.browser import ChatPage, open_chat, running_chromium
from tests.support.november import FIRST_OF_DECEMBER, MID_NOVEMBER, November
from tests.support.practice import NEW_YORK, SetClock
from tests.support.slack import WAIT_SECONDS, LocalSlack, ManualClock, running_slack

GOLDEN = Path(__file__).parents[1] / "golden"
_FONTS = Path(__file__).parents[1] / "data" / "fonts"
#: What the fonts hold; anything else would be drawn by the machine's own.
DRAWN = frozenset(map(chr, range(0x20, 0x7F))) | frozenset("\n\t\xa0\u202f·×–—‘’“”…→")
_WIDTHS = (390, 1200)
_SCHEMES = ("light", "dark")
#: Higher than any message: what is scrolled away is in no picture.
_HEIGHT = 3000
_BILLING = "C0BILLING"
#: Any size will do: that of a workbook depends on who compressed it.
_FILE_BYTES = 9_000

_HEAD = re.compile(r"event [\d,]+, `[0-9a-f-]{14}`")
_ANY_HEAD = "event 1,234, `a1b2-c3d4-e5f6`"

#: The words of all elements that hold more than they show.
_CUT = """
(nodes) => nodes.flatMap((node) => [node, ...node.querySelectorAll("*")])
  .filter((one) => one.clientWidth && one.scrollWidth > one.clientWidth)
  .map((one) => one.textContent)
"""
#: The rectangle around all nodes.
_AROUND = """
(nodes) => {
  const all = nodes.map((node) => node.getBoundingClientRect());
  const [x, y] = [Math.min(...all.map((one) => one.left)), Math.min(...all.map((one) => one.top))];
  const [right, bottom] = [Math.max(...all.map((one) => one.right)), Math.max(...all.map((one) => one.bottom))];
  return { x, y, width: right - x, height: bottom - y };
}
"""

Pictures = dict[str, Image.Image]


@asynccontextmanager
async def open_digest(browser: Browser, database_url: str) -> AsyncIterator[ChatPage]:
    """Ana's direct messages with the bot, her morning digest in them."""
    async with (
        _slack_after_tick(database_url, MID_NOVEMBER) as slack,
        _open(browser, slack, ANA, slack.person(ANA).dm) as chat,
    ):
        yield chat


async def digest(browser: Browser, database_url: str) -> Pictures:
    """The morning digest."""
    async with open_digest(browser, database_url) as chat:
        return await looks(chat, "digest", chat.log.locator(".message"))


async def month_end(browser: Browser, database_url: str) -> Pictures:
    """November's end, as Sam has it in the billing channel, and the files in its thread."""
    async with _slack_after_tick(database_url, FIRST_OF_DECEMBER) as slack:
        for message in slack.world.channels[_BILLING].messages.values():
            for file in message.files:
                file.content = bytes(_FILE_BYTES)
            # The chain's head is random, and a picture is not.
            message.blocks = json.loads(_HEAD.sub(_ANY_HEAD, json.dumps(message.blocks)))
        async with _open(browser, slack, SAM, _BILLING) as chat:
            found = await looks(chat, "month-end", chat.log.locator(".message"))
            await chat.log.get_by_role("button", name="2 replies").click()
            files = chat.thread.locator(".message").filter(has=chat.page.locator(".file-card"))
            await expect(files).to_have_count(2)
            return found | await looks(chat, "month-end-files", files)


async def home(browser: Browser, database_url: str) -> Pictures:
    """Home of each role on a working morning of November: Ana's, and Ben's in one role after the other."""
    _lived_until(MID_NOVEMBER, database_url)
    config = clinic_with_bot()
    async with running_slack(config, clock=ManualClock(MID_NOVEMBER.timestamp())) as slack:
        database = Database.open(database_url)
        program = await open_program(
            # Handles are random, and a picture is not: these have MRNs.
            settings_for(slack, database_url=database_url, phi_in_views=True),
            database,
            SetClock(MID_NOVEMBER),
        )
        detach = await slack.attach(program.app)
        found: Pictures = {}
        try:
            for name, person, roles in _HOMES:
                await program.practice.write(_given, person, roles)
                await slack.person(person).home()
                async with _open(browser, slack, person, "app", "home") as chat:
                    shown = chat.page.locator(".home-blocks")
                    await expect(shown).to_be_visible()
                    found |= await looks(chat, f"home-{name}", shown, scrolls=True)
            await program.bot.background.close()
        finally:
            detach()
            database.close()
        assert slack.world.violations == []
        return found


#: Whose Home is looked at, in which roles.
_HOMES = (
    ("care-manager", ANA, frozenset({MemberRole.CARE_MANAGER})),
    ("consultant", BEN, frozenset({MemberRole.CONSULTANT})),
    ("biller", BEN, frozenset({MemberRole.BILLER})),
    ("supervisor", BEN, frozenset({MemberRole.SUPERVISOR})),
    ("administrator", BEN, frozenset({MemberRole.ADMIN})),
)


def _given(context: Context, slack_user_id: str, roles: frozenset[MemberRole]) -> None:
    """Give somebody roles, whatever they had."""
    member = context.uow.members.by_slack_id(slack_user_id)
    if member is None:
        member = context.uow.members.add(
            slack_user_id=slack_user_id, display_name="Ben Okoro", roles=frozenset(), time_zone=str(NEW_YORK)
        )
    context.uow.members.update(replace(member, roles=roles))
    context.uow.commit()


def _lived_until(at: datetime, database_url: str) -> November:
    """The practice's November up to an instant."""
    database = Database.open(database_url)
    try:
        november = November(database)
        november.live_to_the_18th()
        if at > MID_NOVEMBER:
            november.live_to_the_end()
        return november
    finally:
        database.close()


SURFACES = {"digest": digest, "month-end": month_end, "home": home}


def unlike(taken: Mapping[str, Image.Image], folder: Path) -> list[str]:
    """Compare pictures with the golden ones; what differs is put into a folder and told, a line each."""
    said = []
    for name, actual in taken.items():
        path, shown = GOLDEN / f"{name}.png", folder / f"{name}.png"
        if not path.exists():
            actual.save(shown)
            said.append(f"{name}: there is no golden picture yet; see {shown}")
            continue
        golden = pictures.read(path)
        if pictures.is_like(golden, actual):
            continue
        marked = folder / f"{name}-difference.png"
        actual.save(shown)
        pictures.difference(golden, actual).save(marked)
        said.append(f"{name}: {golden.size} before, {actual.size} now; see {shown} and {marked}")
    return said


async def looks(chat: ChatPage, name: str, shown: Locator, *, scrolls: bool = False) -> Pictures:
    """Messages that follow each other, in every width and theme; nothing in them sticks out or is cut.

    `scrolls` is for what holds tables, which are scrolled to their last columns on a phone.
    """
    found = {}
    # What the mouse rests on looks otherwise.
    await chat.page.mouse.move(0, 0)
    for width in _WIDTHS:
        await chat.page.set_viewport_size({"width": width, "height": _HEIGHT})
        strange = set("".join(await shown.all_inner_texts())) - DRAWN
        assert not strange, f"{name} has characters that the tests' fonts lack: {sorted(strange)}"
        assert scrolls or await shown.evaluate_all(_CUT) == [], f"{name} does not fit {width} pixels"
        clip: Any = await shown.evaluate_all(_AROUND)
        for scheme in _SCHEMES:
            await chat.page.emulate_media(color_scheme=scheme)
            taken = await chat.page.screenshot(clip=clip, animations="disabled")
            found[f"{name}-{width}-{scheme}"] = Image.open(BytesIO(taken)).convert("RGB")
    return found


@asynccontextmanager
async def _slack_after_tick(database_url: str, at: datetime) -> AsyncIterator[LocalSlack]:
    """A local Slack whose clock stands at an instant, after the program sent what was due then."""
    config = clinic_with_bot()
    cho = User(id=_lived_until(at, database_url).cho.slack_user_id or "", name="cho", real_name="Dr. Cho")
    config = replace(config, users=(*config.users, cho))
    async with running_slack(config, clock=ManualClock(at.timestamp())) as slack:
        ticked = await tick_once(
            settings_for(slack, database_url=database_url, billing_channel=_BILLING), at, WAIT_SECONDS
        )
        assert ticked.waiting == ()
        yield slack
        assert slack.world.violations == []


@asynccontextmanager
async def _open(browser: Browser, slack: LocalSlack, person: str, *place: str) -> AsyncIterator[ChatPage]:
    """The chat page in the tests' own letters, which its policy would rightly refuse."""
    async with open_chat(browser, slack, person, *place, bypass_csp=True, reduced_motion="reduce") as chat:
        await chat.page.add_style_tag(content=letters())
        await chat.page.evaluate(
            "Promise.all([400, 700].map((w) => document.fonts.load(`${w} 15px Golden`)))"
        )
        yield chat


def letters() -> str:
    """A stylesheet that sets everything in the fonts that the tests bring along."""
    faces = [
        f"@font-face {{ font-family: Golden; font-weight: {weight};"
        f" src: url(data:font/woff;base64,{b64encode((_FONTS / file).read_bytes()).decode()}); }}"
        for weight, file in (("400", "DejaVuSansCondensed.woff"), ("700", "DejaVuSansCondensed-Bold.woff"))
    ]
    exact = "* { font-family: Golden !important; text-rendering: geometricPrecision !important; }"
    return "\n".join([*faces, exact])


async def _taken() -> Pictures:
    found: Pictures = {}
    with tempfile.TemporaryDirectory() as folder:
        async with running_chromium() as browser:
            for surface, take in SURFACES.items():
                url = f"sqlite:///{folder}/{surface}.db"
                database = Database.open(url)
                database.migrate()
                database.close()
                found |= await take(browser, url)
    return found


def main(arguments: list[str]) -> int:
    """Take the pictures; returns 1 when one differs from the golden one and was not accepted."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.golden", description=__doc__)
    parser.add_argument("--accept", action="store_true", help="keep what was seen as golden")
    parser.add_argument("names", nargs="*", help="parts of pictures' names")
    options = parser.parse_args(arguments)
    taken = {
        name: picture
        for name, picture in asyncio.run(_taken()).items()
        if not options.names or any(part in name for part in options.names)
    }
    differ = unlike(taken, Path(tempfile.mkdtemp(prefix="golden-")))
    sys.stdout.writelines(f"{line}\n" for line in differ)
    if options.accept:
        for name in (line.partition(":")[0] for line in differ):
            pictures.keep(taken[name], GOLDEN / f"{name}.png")
    return 1 if differ and not options.accept else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
