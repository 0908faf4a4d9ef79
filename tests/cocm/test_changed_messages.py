"""A direct message changed or deleted afterwards, and a file: what the bot offers; it stores nothing itself."""

from collections.abc import AsyncIterator

import pytest

from storage import Database
from tests.support.bot import ANA, Clinic, clinic_at_work
from tests.support.slack import Person, words

LINE = "15m MRN123 phone check-in"


@pytest.fixture
async def clinic(database: Database) -> AsyncIterator[Clinic]:
    async with clinic_at_work(database) as at_work:
        yield at_work


async def standing(ana: Person, mrn: str = "MRN123") -> str:
    """What counts for a patient now."""
    (status,) = await ana.command(f"/cocm status {mrn}")
    return words(status)


async def test_a_message_changed_afterwards_offers_the_correction(clinic: Clinic) -> None:
    """The new reading beside the old one; one tap and, for more minutes, the reason."""
    ana = clinic.slack.person(ANA)
    sent = await ana.say(LINE)
    await ana.sees("Logged 15 min for MRN123")
    ana.edit(sent, "25m MRN123 phone check-in")
    offer = await ana.sees("You changed your message")
    assert "15 min → 25 min" in words(offer)
    assert "MRN" not in offer.text
    assert "15 of 70" in await standing(ana)
    await ana.click(offer, "Change the entry")
    asked = await ana.sees("need a reason")
    await ana.click(asked, "Give the reason")
    form = await clinic.slack.until(lambda: ana.modal, "the form")
    await ana.submit(form, {"reason": "typed 15"})
    assert "25 of 70" in words(await ana.sees("Corrected: 25 min for MRN123"))


async def test_less_and_another_day_take_one_tap_and_the_day_is_that_of_the_message(clinic: Clinic) -> None:
    """What is said is read as of when it was sent; every entry of a message has its own button."""
    ana = clinic.slack.person(ANA)
    sent = await ana.say(f"{LINE}\n20m MRN98765 chart review")
    await ana.sees("Logged 20 min for MRN98765")
    ana.edit(sent, "10m MRN123 phone check-in\n20m MRN98765 chart review yesterday")
    offer = await ana.sees("You changed your message")
    said = words(offer)
    assert "15 min → 10 min" in said
    assert "today → yesterday" in said
    await ana.click(offer, "change_as_said_1")
    corrected = await ana.sees("Corrected: 20 min for MRN98765")
    assert "yesterday" in words(corrected)
    assert "15 of 70" in await standing(ana)


async def test_a_message_that_cannot_be_matched_offers_edit_and_undo(clinic: Clinic) -> None:
    """Another number of entries, or words that log nothing: nothing is guessed."""
    ana = clinic.slack.person(ANA)
    sent = await ana.say(LINE)
    await ana.sees("Logged 15 min for MRN123")
    ana.edit(sent, "never mind")
    offer = await ana.sees("cannot be matched")
    await ana.click(offer, "Undo")
    await ana.sees("Undone: 15 min for MRN123")


async def test_a_message_whose_entry_was_undone_says_that_changing_it_changes_nothing(clinic: Clinic) -> None:
    """The person who corrects the words is not left to think that they were logged."""
    ana = clinic.slack.person(ANA)
    sent = await ana.say(LINE)
    await ana.click(await ana.sees("Logged 15 min for MRN123"), "Undo")
    await ana.sees("Undone: 15 min")
    ana.edit(sent, "25m MRN123 phone check-in")
    said = words(await ana.sees("undone, voided or split since"))
    assert "send it as a new message" in said
    assert "0 of 70" in await standing(ana)


async def test_a_deleted_message_offers_to_take_its_entries_back(clinic: Clinic) -> None:
    """Deleting words deletes no entry; once it is undone there is nothing more to say."""
    ana = clinic.slack.person(ANA)
    sent = await ana.say(LINE)
    await ana.sees("Logged 15 min for MRN123")
    ana.delete(sent)
    offer = await ana.sees("You deleted your message")
    assert "15 min · MRN123" in words(offer).replace("*", "")
    assert "15 of 70" in await standing(ana)
    await ana.click(offer, "Undo")
    await ana.sees("Undone: 15 min for MRN123")


async def test_a_message_that_logged_nothing_can_be_logged_once_it_is_changed(clinic: Clinic) -> None:
    """Asked first; a change that means the same is not answered."""
    ana = clinic.slack.person(ANA)
    sent = await ana.say("15m phone check-in")
    await ana.sees("Nothing was stored")
    ana.edit(sent, LINE)
    asked = await ana.sees("Log it?")
    await ana.click(asked, "Log it")
    await ana.sees("Logged 15 min for MRN123")
    ana.edit(sent, f"  {LINE} ")
    ana.edit(sent, "log 10m MRN123 phone check-in")
    offer = await ana.sees("15 min → 10 min")
    assert "You changed your message" in words(offer)


@pytest.mark.parametrize(
    ("name", "said"), [("november.xlsx", "cocm import entries"), ("scan.pdf", "Type what is to be logged")]
)
async def test_a_file_is_answered(clinic: Clinic, name: str, said: str) -> None:
    """What the bot can do with it and what not; its name, which may name somebody, is not repeated."""
    ana = clinic.slack.person(ANA)
    ana.share_file(name)
    answer = await ana.sees("I did not read the file")
    assert said in words(answer)
    assert name not in words(answer)


async def test_words_beside_a_file_are_read_like_any_others(clinic: Clinic) -> None:
    """The entry is logged, and the file answered below."""
    ana = clinic.slack.person(ANA)
    ana.share_file("scan.pdf", LINE)
    answer = await ana.sees("Logged 15 min for MRN123")
    assert "I did not read the file" in words(answer)
