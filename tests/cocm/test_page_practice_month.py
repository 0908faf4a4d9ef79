"""A biller's month end, a supervisor's afternoon and an administrator's errands, each whole and through the page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, expect

from tests.cocm.test_page_demo import demo
from tests.support.browser import ChatPage, open_chat
from tests.support.patient_demo import NEWCOMER

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

#: A Wednesday afternoon in New York.
OPTIONS = ("--at", "2026-11-18T20:10:00+00:00", "--newcomer")
SAM, CHLOE, BEN = "U0DEMOSAM", "U0DEMOCHL", "U0DEMOBEN"
GENERAL, BILLING = "C0DEMOGEN", "C0DEMOBILL"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def address(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """One demo for the whole file: none of its stories goes by what another one did."""
    async with demo(tmp_path_factory.mktemp("demo"), *OPTIONS) as url:
        yield url


@asynccontextmanager
async def page_of(browser: Browser, address: str, *place: str) -> AsyncIterator[ChatPage]:
    """The page, as a person has it before them."""
    async with open_chat(browser, SimpleNamespace(url=address), *place) as chat:
        yield chat


def home(chat: ChatPage) -> Locator:
    """What stands on the Home tab."""
    return chat.page.get_by_role("main")


async def test_a_billers_month_end(browser: Browser, address: str, tmp_path: Path) -> None:
    """From Home to the month's blockers; one is settled by who may, and is gone; the summary; the close."""
    async with page_of(browser, address, SAM, "app", "home") as chat:
        await expect(home(chat)).to_contain_text("To fix before these are billed")
        await expect(home(chat)).to_contain_text("Consent missing · 4 lines · care managers can fix it")
        await chat.page.screenshot(path=tmp_path / "home-biller.png")
        await home(chat).get_by_role("button", name="Review and close October 2026").click()
        await chat.visit(SAM, "app", "messages")
        report = chat.message("October 2026 · draft, not closed yet").filter(has_text="By payer")
        await expect(report).to_contain_text("initial assessment missing · 1 patient: MRN42249")
        await report.get_by_role("button", name="Fix it").click()
        await expect(
            chat.message("Care managers, consultants, treating providers and supervisors can settle this")
        ).to_contain_text("October 2026, draft")

        # Who may record it has the form before them at once, its day still to be chosen in that month.
        await chat.visit(CHLOE, GENERAL)
        await chat.send("/cocm report october")
        await chat.message("October 2026 · draft").get_by_role("button", name="Fix it").click()
        await expect(chat.dialog).to_contain_text("Choose the day: the line is about October 2026.")
        await expect(chat.dialog.get_by_label("Assessed on")).to_have_value("")
        await chat.dialog.get_by_role("button", name="Cancel").click()
        await chat.send("/cocm why MRN42249 october")
        await chat.message("Initial assessment missing").get_by_role("button", name="Record a score").click()
        await chat.dialog.get_by_label("Assessed on").fill("2026-10-01")
        await chat.dialog.get_by_label("PHQ-9", exact=True).fill("14")
        await chat.dialog.get_by_role("button", name="Record").click()
        await expect(chat.dialog).to_have_count(0)
        why = chat.message("October 2026, draft")
        await expect(why).to_contain_text("Initial assessment: settled, Thu Oct 1, by you.")
        # Recorded weeks later, it decides the month once a supervisor stands for it; she is one.
        await why.get_by_role("button", name="I attest this").click()
        await expect(chat.dialog).to_contain_text("What was recorded late was done on its day.")
        await chat.dialog.get_by_role("button", name="I attest this").click()
        await expect(why).not_to_contain_text("Blocks billing")

        await chat.visit(SAM, "app", "messages")
        await report.get_by_role("button", name="Show what is left").click()
        await expect(report).to_contain_text("22 billable, 11 blocked")
        await expect(report).not_to_contain_text("initial assessment missing")
        await report.get_by_role("button", name="Close October 2026").click()
        await expect(chat.dialog).to_contain_text("they may be billed as shown")
        await chat.dialog.get_by_role("button", name="Close October 2026").click()
        await expect(chat.log).to_contain_text("October 2026 is closed")
        await chat.visit(SAM, "app", "home")
        await expect(home(chat)).not_to_contain_text("Review and close October 2026")

        await chat.page.get_by_role("button", name="Month end").click()
        bar = chat.page.get_by_role("region", name="Clock and controls")
        await expect(bar.get_by_role("status")).to_contain_text("the month-end summary")
        await chat.visit(SAM, BILLING)
        await expect(chat.message("provisional until closed")).to_contain_text("November 2026")


async def test_a_supervisors_afternoon(browser: Browser, address: str, tmp_path: Path) -> None:
    """Home: who logged, what is late and held; help for her roles; her patients in a colleague's hands, and back."""
    async with page_of(browser, address, CHLOE, "app", "home") as chat:
        await expect(home(chat)).to_contain_text("Your team")
        table = home(chat).get_by_role("table").filter(has_text="Ben Okoro")
        for name in ("Ana Flores", "Chloe Lindqvist", "Late", "Held", "No time"):
            await expect(table).to_contain_text(name)
        await chat.page.screenshot(path=tmp_path / "home-supervisor.png")
        await chat.visit(CHLOE, GENERAL)
        await chat.send("/cocm help")
        topics = chat.message("Type it as you would say it")
        await expect(topics).to_contain_text("attest")
        await expect(topics).not_to_contain_text("overpaid")
        await topics.get_by_role("button", name="Show").last.click()
        await expect(chat.log).to_contain_text("/cocm cover")
        await chat.send("/cocm cover @ben 12/1 to 12/11")
        await expect(chat.log).to_contain_text("Ben Okoro looks after Chloe Lindqvist's patients")
        await chat.visit(BEN, GENERAL)
        await chat.send("/cocm cover")
        await expect(chat.log).to_contain_text("Chloe Lindqvist")
        await chat.visit(CHLOE, GENERAL)
        await chat.send("/cocm cover end")
        await expect(chat.log).to_contain_text("nded")


async def test_an_administrators_errands(browser: Browser, address: str, tmp_path: Path) -> None:
    """Somebody asks and is let in from Home; roles and a setting are changed, said with who, and taken back."""
    async with page_of(browser, address, NEWCOMER.id, GENERAL) as chat:
        await chat.send("/cocm log 15m MRN123 phone")
        await expect(chat.message("I have asked your administrators")).to_be_visible()
        await chat.visit(SAM, "app", "home")
        await expect(home(chat)).to_contain_text("Noor Haddad in Slack) asked to take part")
        await chat.page.screenshot(path=tmp_path / "home-administrator.png")
        await home(chat).get_by_role("button", name="Approve").click()
        await expect(home(chat)).to_contain_text("6 members")
        await expect(home(chat)).not_to_contain_text("asked to take part")
        await chat.visit(NEWCOMER.id, "app", "messages")
        await expect(chat.message("You are a member now: a care manager")).to_be_visible()

        await chat.visit(SAM, GENERAL)
        await chat.send("/cocm roles @noor biller")
        await expect(chat.log).to_contain_text("a biller")
        await chat.send("/cocm members")
        await expect(chat.message("6 members")).to_contain_text("Noor Haddad · a biller")
        await chat.send("/cocm settings set time_rule midpoint from december")
        changed = chat.message("time_rule is midpoint from Dec 1, 2026 on")
        await expect(changed).to_contain_text("Before: strict")
        await chat.visit(SAM, "app", "home")
        await expect(home(chat)).to_contain_text("midpoint from Dec 1, 2026 · Sam Whitfield, today")
        await chat.visit(SAM, GENERAL)
        await changed.get_by_role("button", name="Undo").click()
        await expect(chat.message("Put it back")).to_be_visible()
        await chat.visit(SAM, "app", "home")
        await expect(home(chat)).not_to_contain_text("midpoint")
