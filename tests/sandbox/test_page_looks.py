"""The chat page: light and dark, wide and narrow."""

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.support.browser import PHONE, WIDE, open_chat
from tests.support.slack import running_slack
from tests.support.tiny_app import actions, button, section

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

GENERAL = "C0GENERAL"
#: the least contrast of words against what lies behind them (WCAG 2.2, level AA)
LEAST_CONTRAST = 4.5

#: every piece of text on the screen whose contrast is below the first argument, with the figure
FAINT_TEXT = """
(least) => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const painted = (layers) => {
    canvas.clearRect(0, 0, 1, 1);
    for (const color of layers) { canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1); }
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    const shown = node.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
    if (!walker.currentNode.textContent.trim() || !shown || node.closest(".sr-only, .skip-link, script")) continue;
    const layers = [];
    for (let up = node; up; up = up.parentElement) layers.unshift(getComputedStyle(up).backgroundColor);
    const behind = painted(["white", ...layers]);
    const words = painted([`rgb(${behind.join()})`, getComputedStyle(node).color]);
    const [a, b] = [light(behind), light(words)].sort((x, y) => y - x);
    const contrast = (a + 0.05) / (b + 0.05);
    if (contrast < least) faint.push([walker.currentNode.textContent.trim(), contrast.toFixed(2)]);
  }
  return faint;
}
"""


async def post_samples(client: Any) -> None:
    """A bit of everything that has a color of its own."""
    blocks = [
        section("*Bold* `code` <@U0ANA> <!here> <#C0GENERAL> <https://a.example|a link>\n&gt; quoted"),
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "52 of 60 min"}]},
        actions(
            "row",
            {**button("Close", "a"), "style": "primary"},
            {**button("Void", "b"), "style": "danger"},
            button("Undo", "c"),
            {"type": "users_select", "action_id": "d"},
        ),
        {
            "type": "data_table",
            "caption": "Patients, nearest first",
            "rows": [
                [{"type": "raw_text", "text": "Patient"}, {"type": "raw_text", "text": "Minutes"}],
                *(
                    [{"type": "raw_text", "text": f"P-{n}"}, {"type": "raw_number", "value": 60 - n}]
                    for n in range(8)
                ),
            ],
        },
        {
            "type": "data_visualization",
            "title": "Hours by week",
            "chart": {
                "type": "bar",
                "series": [
                    {"name": name, "data": [{"label": f"W{n}", "value": n + 3} for n in range(4)]}
                    for name in ("Ana", "Ben")
                ],
                "axis_config": {"categories": [f"W{n}" for n in range(4)]},
            },
        },
    ]
    await client.chat_postMessage(channel=GENERAL, text="samples", blocks=blocks)
    await client.chat_postEphemeral(channel=GENERAL, user="U0ANA", text="Only for Ana")
    await client.files_upload_v2(channel=GENERAL, content="x", filename="a.csv", title="November")


async def background(page: Page) -> str:
    found: str = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_all_words_can_be_read_in_both_themes(browser: Browser, scheme: str, tmp_path: Path) -> None:
    """Text stands out from its background by at least 4.5 to 1."""
    async with (
        running_slack() as slack,
        open_chat(browser, slack, "U0ANA", GENERAL, color_scheme=scheme) as chat,
    ):
        await post_samples(slack.client())
        await expect(chat.log.locator(".file-card")).to_be_visible()
        await chat.send("/lunch")
        await expect(chat.message("not a valid command")).to_be_visible()
        await chat.page.screenshot(path=tmp_path / f"{scheme}.png")
        assert await chat.page.evaluate(FAINT_TEXT, LEAST_CONTRAST) == []


async def test_the_theme_follows_the_machine_until_one_is_chosen(browser: Browser) -> None:
    """Dark when the machine is dark; a chosen theme wins, and a reload keeps it."""
    async with (
        running_slack() as slack,
        open_chat(browser, slack, "U0ANA", GENERAL, color_scheme="dark") as chat,
    ):
        await expect(chat.box).to_be_visible()
        dark = await background(chat.page)
        await chat.page.emulate_media(color_scheme="light")
        light = await background(chat.page)
        assert light != dark
        await chat.page.get_by_role("button", name="Theme").click()
        await chat.page.get_by_role("menuitemradio", name="Dark").click()
        assert await background(chat.page) == dark
        await chat.page.reload()
        await expect(chat.box).to_be_visible()
        assert await background(chat.page) == dark
        await chat.page.get_by_role("button", name="Theme").click()
        await chat.page.get_by_role("menuitemradio", name="Same as the system").click()
        assert await background(chat.page) == light


async def test_on_a_phone_the_side_is_a_drawer(browser: Browser) -> None:
    """A narrow screen shows the conversation; the side opens over it, leads on, and closes."""
    async with (
        running_slack() as slack,
        open_chat(browser, slack, "U0DRLEE", GENERAL, viewport=PHONE, has_touch=True, is_mobile=True) as chat,
    ):
        side = chat.page.get_by_role("navigation", name="Conversations")
        await expect(chat.box).to_be_visible()
        await expect(side).to_be_hidden()
        await chat.page.get_by_role("button", name="Conversations").tap()
        await expect(side).to_be_visible()
        await chat.page.keyboard.press("Escape")
        await expect(side).to_be_hidden()
        await chat.page.get_by_role("button", name="Conversations").tap()
        await side.get_by_role("link", name="billing").tap()
        await expect(chat.page.get_by_role("heading", name="billing", exact=True)).to_be_visible()
        await expect(side).to_be_hidden()


@pytest.mark.parametrize(
    "viewport", [PHONE, {"width": 320, "height": 568}, {"width": 900, "height": 700}, WIDE]
)
async def test_nothing_sticks_out_of_the_screen(browser: Browser, viewport: dict[str, int]) -> None:
    """At any width the page and its messages fit; only tables scroll sideways, by themselves."""
    cell = {"type": "raw_text", "text": "A fairly long heading of a column"}
    table = {"type": "table", "rows": [[cell] * 8, [cell] * 8]}
    async with (
        running_slack() as slack,
        open_chat(browser, slack, "U0ANA", GENERAL, viewport=viewport) as chat,
    ):
        await post_samples(slack.client())
        long = section("Averylongwordwithoutanybreak" * 12)
        await slack.client().chat_postMessage(channel=GENERAL, text="x", blocks=[table, long])
        await expect(chat.message("Averylongword").locator("table")).to_be_visible()
        watched = "[document.documentElement, document.querySelector('main [role=log]')]"
        widths = f"{watched}.map(e => e.scrollWidth - e.clientWidth)"
        assert await chat.page.evaluate(widths) == [0, 0]
        assert await chat.page.evaluate(
            "(e => e.scrollWidth > e.clientWidth)(document.querySelector('.block-table .table-scroll'))"
        )
