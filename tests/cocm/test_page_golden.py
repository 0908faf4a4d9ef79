"""Scheduled messages as their readers see them: golden pictures, and the proof that they can fail."""

from pathlib import Path

import pytest
from PIL import Image, ImageFilter
from playwright.async_api import Browser

from tests.support import golden, pictures
from tests.support.golden import GOLDEN

in_browser = pytest.mark.asyncio(loop_scope="session")
KEPT = sorted(path.stem for path in GOLDEN.glob("*.png"))

#: What may go wrong with a message, each done to its node.
SLIPS = {
    "a word is another": """(message) => {
      const list = [...message.querySelectorAll(".line")].find((one) => one.textContent.includes("contact planned"));
      list.innerHTML = list.innerHTML.replace("contact planned", "contact wished ");
    }""",
    "a figure is another": """(message) => {
      const near = [...message.querySelectorAll(".line")].find((one) => one.textContent.includes("8 to 99493"));
      near.innerHTML = near.innerHTML.replace("8 to", "9 to");
    }""",
    "a button is missing": """(message) => {
      [...message.querySelectorAll(".button")].at(-1).style.visibility = "hidden";
    }""",
    "small words have the color of others": """(message) => {
      message.querySelector(".block-context").style.color = "var(--text)";
    }""",
    "the background is another": """(message) => {
      message.style.background = "light-dark(#f0f0f0, #2b2e32)";
    }""",
    "a block stands 3 pixels lower": """(message) => {
      Object.assign(message.querySelectorAll(".block")[4].style, { position: "relative", top: "3px" });
    }""",
    "a block stands 3 pixels to the left": """(message) => {
      Object.assign(message.querySelectorAll(".block")[4].style, { position: "relative", left: "-3px" });
    }""",
    "a line is missing": """(message) => {
      message.querySelector(".block:nth-child(2)").remove();
    }""",
}


@pytest.mark.browser
@in_browser
@pytest.mark.parametrize("surface", golden.SURFACES)
async def test_what_is_scheduled_looks_as_it_was_accepted(
    surface: str, browser: Browser, sqlite_url: str, tmp_path: Path
) -> None:
    """Digest, month end and its files: light and dark, on a phone and on a desk, nothing cut, and none left over."""
    taken = await golden.SURFACES[surface](browser, sqlite_url)
    differ = golden.unlike(taken, tmp_path)
    accept = "Are they meant to? Look at them, then: python -m tests.support.golden --accept"
    assert not differ, "\n".join([*differ, accept])
    assert {name for name in KEPT if name.startswith(surface)} == set(taken)


@pytest.mark.browser
@in_browser
async def test_whatever_a_reader_would_notice_is_caught(
    browser: Browser, sqlite_url: str, tmp_path: Path
) -> None:
    """A word, a figure, a button, a color, three pixels: each is told of, in every look."""
    async with golden.open_digest(browser, sqlite_url) as chat:
        message = chat.log.locator(".message")
        whole = await message.inner_html()
        for slip, done in SLIPS.items():
            await message.evaluate(done)
            taken = await golden.looks(chat, "digest", message)
            told = golden.unlike(taken, tmp_path)
            assert [line.partition(":")[0] for line in told] == list(taken), slip
            await message.evaluate(
                "(node, html) => { node.innerHTML = html; node.removeAttribute('style'); }", whole
            )
        assert golden.unlike(await golden.looks(chat, "digest", message), tmp_path) == []


@pytest.mark.parametrize("name", KEPT)
def test_how_a_browser_smooths_letters_does_not_matter(name: str) -> None:
    """Letters drawn a little softer, or a little darker, are the same letters."""
    kept = pictures.read(GOLDEN / f"{name}.png")
    assert pictures.is_like(kept, kept.filter(ImageFilter.GaussianBlur(0.4)))
    assert pictures.is_like(kept, kept.point(lambda level: round(255 * (level / 255) ** 1.1)))


def test_what_differs_can_be_looked_at(tmp_path: Path) -> None:
    """The failure names the picture as it is now, and one that marks in red where it differs; or that it is new."""
    (name, *_) = KEPT
    actual = pictures.read(GOLDEN / f"{name}.png")
    actual.paste("blue", (8, 8, 24, 24))
    (told,) = golden.unlike({name: actual}, tmp_path)
    shown, marked = tmp_path / f"{name}.png", tmp_path / f"{name}-difference.png"
    assert told.endswith(f"see {shown} and {marked}")
    assert pictures.is_like(pictures.read(shown), actual)
    assert pictures.read(marked).getpixel((16, 16)) == (255, 0, 0)
    assert golden.unlike({"brand-new": actual}, tmp_path) == [
        f"brand-new: there is no golden picture yet; see {tmp_path / 'brand-new.png'}"
    ]


def test_another_size_is_another_picture() -> None:
    """A line more at the end is a difference, shown in red."""
    short, long = (Image.new("RGB", (40, height), "white") for height in (40, 60))
    assert not pictures.is_like(short, long)
    assert pictures.difference(short, long).getpixel((20, 55)) == (255, 0, 0)


def test_the_pictures_are_few_and_small() -> None:
    """Each weighs less than a small photograph, and those of one screen less than a large one."""
    sizes = {path.stem: path.stat().st_size for path in GOLDEN.glob("*.png")}
    assert max(sizes.values()) < 110_000
    screens = {name.rsplit("-", 2)[0] for name in sizes}
    assert sum(sizes.values()) < 50_000 * len(screens) * 4
