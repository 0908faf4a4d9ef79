"""Several lines in one message: stored at once, or shown line by line with nothing lost; through the real bot."""

from collections.abc import AsyncIterator

import pytest

from billing.people import MemberRole
from services.context import Context
from storage import Database
from tests.support.bot import ANA, Clinic, clinic_at_work
from tests.support.slack import words


@pytest.fixture
async def clinic(database: Database) -> AsyncIterator[Clinic]:
    async with clinic_at_work(database) as at_work:
        await at_work.program.practice.write(ana_and_two_patients)
        yield at_work


def ana_and_two_patients(context: Context) -> None:
    """Ana manages care; MRN4711 and MRN8899 are on the roster."""
    context.uow.members.add(
        slack_user_id=ANA, display_name="Ana Flores", roles=frozenset({MemberRole.CARE_MANAGER})
    )
    for identity in ("4711", "8899"):
        context.uow.patients.add(mrn=f"MRN{identity}", identity=identity, on_roster=True)
    context.uow.commit()


async def logged_today(clinic: Clinic) -> str:
    (day,) = await clinic.slack.person(ANA).command("/cocm today")
    return words(day)


async def test_lines_that_are_all_clear_are_stored_at_once(clinic: Clinic) -> None:
    """One receipt for both, as ever; the notification names nobody."""
    (receipt,) = await clinic.slack.person(ANA).command(
        "/cocm log 15m MRN4711 phone\n20m MRN8899 chart review"
    )
    assert words(receipt).count("*Logged ") == 2
    assert "MRN" not in receipt.text


async def test_a_line_that_is_not_clear_is_shown_beside_the_others(clinic: Clinic) -> None:
    """Each line's reading, the words that are wrong, and nothing stored before the tap."""
    ana = clinic.slack.person(ANA)
    (offer,) = await ana.command("/cocm log 15m MRN4711 phone\n20m chart review\n10m MRN8899 voicemail")
    said = words(offer)
    assert "2 of 3 lines are clear" in said
    assert "1. 15 min · MRN4711 · phone · today" in said
    assert "2. *Not clear:* 20m chart review" in said
    assert "»20m chart review«" in said
    assert "3. 10 min · MRN8899 · outreach · today" in said
    assert "MRN" not in offer.text
    assert "nothing logged yet" in await logged_today(clinic)


async def test_the_clear_lines_are_logged_and_the_other_comes_back(clinic: Clinic) -> None:
    """Nothing typed is lost: the line stands under the receipt, ready to be corrected."""
    ana = clinic.slack.person(ANA)
    (offer,) = await ana.command("/cocm 15m MRN4711 phone\n20m chart review\n10m MRN8899 voicemail")
    await ana.click(offer, "Log the 2 clear lines")
    receipt = words(await ana.sees("Logged 15 min for MRN4711"))
    assert "Logged 10 min for MRN8899" in receipt
    assert "*Not logged yet:* correct and send\n20m chart review" in receipt
    (corrected,) = await ana.command("/cocm 20m MRN8899 chart review")
    assert "30 of 70 min" in words(corrected)


async def test_nothing_is_logged_and_all_lines_come_back(clinic: Clinic) -> None:
    """The other button stores nothing and gives every line back."""
    ana = clinic.slack.person(ANA)
    (offer,) = await ana.command("/cocm 15m MRN4711 phone\n20m chart review")
    await ana.click(offer, "Log nothing")
    said = words(await ana.sees("Nothing was logged"))
    assert "15m MRN4711 phone\n20m chart review" in said
    assert "nothing logged yet" in await logged_today(clinic)


async def test_an_offer_is_taken_once(clinic: Clinic) -> None:
    """A second tap on the old message stores nothing more."""
    ana = clinic.slack.person(ANA)
    await ana.say("15m MRN4711 phone\n20m chart review")
    offer = await ana.sees("1 of 2 lines is clear")
    await ana.click(offer, "Log the clear line")
    await ana.sees("Logged 15 min for MRN4711")
    assert (await logged_today(clinic)).count("MRN4711") == 1


async def test_a_question_shows_the_other_lines_and_lets_this_one_wait(clinic: Clinic) -> None:
    """The line asked about is marked; left out, it comes back while the rest is logged."""
    ana = clinic.slack.person(ANA)
    (question,) = await ana.command("/cocm log 15m MRN4711 phone\n20m MRN4712 chart review")
    said = words(question)
    assert "1. 15 min · MRN4711 · phone · today" in said
    assert "2. 20 min · MRN4712 · chart review · today · “chart review” · *asked below*" in said
    await ana.click(question, "Leave this line out")
    receipt = words(await ana.sees("Logged 15 min for MRN4711"))
    assert "Not logged yet" in receipt
    assert "20m MRN4712 chart review" in receipt


async def test_a_question_that_is_answered_logs_every_line(clinic: Clinic) -> None:
    """The rest waits with it and is not typed again."""
    ana = clinic.slack.person(ANA)
    (question,) = await ana.command("/cocm log 15m MRN8899 phone\n20m MRN4712 chart review")
    await ana.click(question, "MRN4711")
    receipt = words(await ana.sees("Logged 15 min for MRN8899"))
    assert "Logged 20 min for MRN4711" in receipt
    assert "Not logged yet" not in receipt


async def test_clear_lines_with_a_question_are_asked_then_logged(clinic: Clinic) -> None:
    """What was not clear stays with the message until its end."""
    ana = clinic.slack.person(ANA)
    (offer,) = await ana.command("/cocm 15m MRN4712 phone\n20m chart review\n5m MRN8899 vm")
    await ana.click(offer, "Log the 2 clear lines")
    question = await ana.sees("a very similar MRN is")
    await ana.click(question, "Keep MRN4712")
    receipt = words(await ana.sees("Logged 15 min for MRN4712"))
    assert "Logged 5 min for MRN8899" in receipt
    assert "20m chart review" in receipt


async def test_a_day_over_its_entries_dates_them_and_says_so(clinic: Clinic) -> None:
    """A heading, a note on the next line and a greeting, as people write them."""
    ana = clinic.slack.person(ANA)
    (receipt,) = await ana.command(
        "/cocm hi, here are my entries:\nyesterday\n15m MRN4711 phone\nsleep is better\n20m MRN8899 chart review"
    )
    said = words(receipt)
    assert said.count("· yesterday ·") == 2
    assert "by the heading “yesterday”" in said
    assert "phone; sleep is better" in said


async def test_a_form_by_labels_and_a_pasted_sheet(clinic: Clinic) -> None:
    """What stands in its own field is read as that and nothing else."""
    ana = clinic.slack.person(ANA)
    await ana.say("MRN: 4711\nMinutes: 15\nNote: phone check-in, PHQ-9 14, sleeps 6h")
    receipt = words(await ana.sees("Logged 15 min for MRN4711"))
    assert "phone check-in, PHQ-9 14, sleeps 6h" in receipt
    await ana.say("MRN\tMinutes\tNote\n8899\t25\tchart review, 2 calls\n4711\t5\tvm")
    assert "Logged 5 min for MRN4711" in words(await ana.sees("Logged 25 min for MRN8899"))
