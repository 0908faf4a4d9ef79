"""Long lists, a screen at a time: every row is reached, and each screen is one that Slack takes."""

import re
from dataclasses import replace
from datetime import date

import pytest

from bot.screens import caseload as screen
from bot.screens import own_time
from bot.screens.pages import ROWS, Page
from bot.screens.status import patient_status
from sandbox.blocks import is_too_long, message_problems
from services.entries import overviews
from services.months.caseload import caseload
from services.people.patient_ref import PatientRef
from storage import Database
from tests.support.accessible import unclear
from tests.support.caseloads import in_care, worked
from tests.support.practice import NOW, TryPractice

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


def test_a_day_and_a_patients_month_are_shown_a_screen_at_a_time(database: Database) -> None:
    """Of 40 entries each is on one screen, the newest first, and the buttons name what they list."""
    practice = TryPractice(database)
    ana = practice.member("Ana Flores")
    patient = in_care(practice, ana, "7" * 40)
    for minutes in range(1, 41):
        worked(practice, ana, patient, minutes, NOW.date())
    day = practice.see(overviews.today, ana)
    status = practice.see(overviews.status, ana, PatientRef(text=patient.handle, handle=patient.handle))
    for show in (lambda page: own_time.day(day, page), lambda page: patient_status(status, page)):
        pages = [list(show(page).blocks) for page in range(4)]
        listed = [line for blocks in pages for line in re.findall(r"\*(\d+) min\* · MRN", str(blocks))]
        assert listed == [str(minutes) for minutes in range(40, 0, -1)]
        for blocks in pages:
            assert message_problems(blocks) == []
            assert unclear(blocks) == []
        assert "37 to 40 of 40 entries" in str(pages[3])
        assert "Show 12 more, entries" in str(pages[0])
