"""Changing what was written last, through the real bot and a sandbox."""

from collections.abc import AsyncIterator

import pytest

from storage import Database
from tests.support.bot import ANA, Clinic, clinic_at_work
from tests.support.slack import words

LINE = "/cocm log 15m MRN123 phone check-in"


@pytest.fixture
async def clinic(database: Database) -> AsyncIterator[Clinic]:
    async with clinic_at_work(database) as at_work:
        yield at_work


async def test_minutes_are_added_to_the_last_entry_for_a_reason(clinic: Clinic) -> None:
    """The question says which entry and how much; the reason is asked in a form, and the answer takes its place."""
    ana = clinic.slack.person(ANA)
    await ana.command(LINE)
    (asked,) = await ana.command("/cocm add 10m")
    said = words(asked)
    assert "15 min → 25 min" in said
    assert "MRN123 · phone · today" in said
    assert "need a reason" in said
    assert "MRN" not in asked.text
    await ana.click(asked, "Give the reason")
    form = await clinic.slack.until(lambda: ana.modal, "the form")
    assert "MRN" not in str(form)
    await ana.submit(form, {"reason": "the call ran over"})
    corrected = await ana.sees("Corrected: 25 min for MRN123")
    assert "25 of 70" in words(corrected)


async def test_minutes_are_added_at_once_where_the_line_says_why(clinic: Clinic) -> None:
    """A direct message does the same as the command."""
    ana = clinic.slack.person(ANA)
    await ana.command(LINE)
    await ana.say("add 10m because the call ran over")
    assert "25 of 70" in words(await ana.sees("Corrected: 25 min for MRN123"))
    (history,) = await ana.command("/cocm history last")
    assert "Reason: the call ran over" in words(history)


async def test_fewer_minutes_are_taken_off_without_a_question(clinic: Clinic) -> None:
    """Shortening never needs a reason."""
    ana = clinic.slack.person(ANA)
    await ana.command(LINE)
    (corrected,) = await ana.command("/cocm less 5m")
    assert "Corrected: 10 min for MRN123" in words(corrected)


async def test_of_two_entries_of_one_message_one_is_picked(clinic: Clinic) -> None:
    """The one that is picked is changed, the other stays."""
    ana = clinic.slack.person(ANA)
    await ana.command("/cocm 15m MRN123 call\n20m MRN98765 chart review")
    (which,) = await ana.command("/cocm void last logged twice")
    said = words(which)
    assert "Which entry do you mean?" in said
    assert "MRN123" in said
    assert "MRN98765" in said
    await ana.click(which, "This one")
    voided = await ana.sees("Voided: 20 min for MRN98765")
    assert "MRN123" not in words(voided)
