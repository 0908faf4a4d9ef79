"""Long lists, a screen at a time: every row is reached, and each screen is one that Slack takes."""

from dataclasses import replace
from datetime import date

import pytest

from bot.screens import caseload as screen
from bot.screens.pages import ROWS, Page
from sandbox.blocks import is_too_long, message_problems
from services.months.caseload import caseload
from storage import Database
from tests.support.accessible import unclear
from tests.support.caseloads import in_care, worked
from tests.support.practice import TryPractice

SIZES = (0, 1, 12, 13, 50, 400, 5_000)


@pytest.mark.parametrize("size", SIZES)
def test_turning_pages_reaches_every_row_once(size: int) -> None:
    """Whatever the number, the pages together are the list, and a page past the end is the last."""
    rows = range(size)
    pages = [Page.of_list(rows, number) for number in range(max(1, -(-size // ROWS)))]
    assert [row for page in pages for row in page.here] == list(rows)
    assert Page.of_list(rows, 10_000).here == pages[-1].here
    assert bool(pages[0].turners("caseload", "patient")) == (size > ROWS)


def test_every_page_of_any_caseload_is_one_that_slack_takes(database: Database) -> None:
    """The first, a middle and the last page, of patients near a code with much that is missing and long MRNs."""
    practice = TryPractice(database)
    ana = practice.member("Ana Flores")
    for identity, minutes in (("7" * 40, 52), ("8" * 40, 65)):
        patient = in_care(practice, ana, identity, consent=None, initial_assessment_on=None)
        worked(practice, ana, patient, minutes, date(2026, 11, 2))
    two = practice.see(caseload, ana)
    for size in SIZES:
        load = replace(two, lines=(two.lines * size)[:size])
        for show in (screen.caseload, screen.near):
            for page in {0, 1, size // ROWS // 2, size // ROWS}:
                blocks = list(show(load, page).blocks)
                assert message_problems(blocks) == [], (size, page)
                assert unclear(blocks) == []
                assert not is_too_long(blocks)
                assert len(blocks) <= ROWS + 6
