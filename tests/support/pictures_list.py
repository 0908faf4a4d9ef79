"""The pictures of `docs/img`: each a name and what a person does before it is taken, in front of the real demo.

To add one, write a function that leads to the screen and returns what is to be on the picture (a part of the page, or
nothing for the whole window), and its line in `PICTURES`. `make pictures` takes them all, `make pictures ARGS=NAME`
those whose names hold a word. Look at each before you commit it.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from playwright.async_api import Locator, expect

from tests.support.browser import ChatPage

ANA, BEN, CHLOE = "U0DEMOANA", "U0DEMOBEN", "U0DEMOCHL"
PRIYA, SAM = "U0DEMOPRI", "U0DEMOSAM"
GENERAL, BILLING = "C0DEMOGEN", "C0DEMOBILL"

Leads = Callable[[ChatPage], Awaitable[Locator | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One picture: who has the page before them, how large and in which colors, and what leads there."""

    person: str
    leads: Leads
    width: int = 1100
    height: int = 720
    scheme: str = "light"
    #: A control of the demo pressed before, whose messages have come then: `Next morning`, `Month end`.
    after: str = ""


async def first_line(chat: ChatPage) -> None:
    """The mission's line, and its answer."""
    await chat.go(ANA, GENERAL)
    await chat.send("/cocm log 15m MRN123 phone check-in")
    await expect(chat.message("52 of 60 min")).to_be_visible()


async def morning(chat: ChatPage) -> Locator | None:
    """What has come in the morning."""
    await chat.go(ANA, "app", "messages")
    newest = chat.log.locator(".message").last
    await expect(newest).to_contain_text("MRN")
    return newest


async def month_end(chat: ChatPage) -> Locator | None:
    """The billing channel on the 1st."""
    await chat.go(SAM, BILLING)
    shown = chat.message("provisional until closed")
    await expect(shown).to_be_visible()
    return shown


async def form(chat: ChatPage) -> Locator | None:
    """The form, opened from the Home tab."""
    await chat.go(ANA, "app", "home")
    await chat.page.get_by_role("button", name="Log time").first.click()
    await expect(chat.dialog).to_be_visible()
    return None


async def review_hour(chat: ChatPage) -> Locator | None:
    """What a consultant gets who types `review` alone, from its beginning."""
    await chat.go(PRIYA, GENERAL)
    await chat.send("/cocm review")
    shown = chat.log.locator(".ephemeral").last
    await expect(shown).to_be_visible()
    return shown


def home_of(person: str, role: str = "") -> Leads:
    """Somebody's Home tab; of several roles, with the part of this one first."""

    async def leads(chat: ChatPage) -> None:
        await chat.go(person, "app", "home")
        await expect(chat.page.locator(".home-blocks .block").first).to_be_visible()
        if role:
            button = chat.page.locator(".home-blocks").get_by_role("button", name=role, exact=True)
            await button.click()
            await expect(button).to_have_class(re.compile("primary"))

    return leads


PICTURES: dict[str, Picture] = {
    "first-line": Picture(person=ANA, leads=first_line, height=560),
    "home-care-manager": Picture(person=ANA, leads=home_of(ANA), height=900),
    "home-care-manager-phone-dark": Picture(
        person=ANA, leads=home_of(ANA), width=390, height=800, scheme="dark"
    ),
    "home-consultant": Picture(person=PRIYA, leads=home_of(PRIYA)),
    "home-supervisor": Picture(person=CHLOE, leads=home_of(CHLOE, "Supervisor"), height=900),
    "home-biller": Picture(person=SAM, leads=home_of(SAM), height=900),
    "home-administrator": Picture(person=SAM, leads=home_of(SAM, "Administrator"), height=900),
    "form": Picture(person=ANA, leads=form),
    "review-hour": Picture(person=PRIYA, leads=review_hour, height=900),
    "morning": Picture(person=ANA, leads=morning, after="Next morning", height=900),
    "morning-phone-dark": Picture(
        person=ANA, leads=morning, after="Next morning", width=390, height=800, scheme="dark"
    ),
    "month-end": Picture(person=SAM, leads=month_end, after="Month end"),
}
