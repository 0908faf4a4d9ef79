"""Scheduled messages in people's hands: the digest's buttons, the month end's, and `remind`; through the real bot."""

from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest

from billing.people import MemberRole
from cocm.delivering import Outgoing
from services.messages.deliveries import DueDelivery, Recipient, deliveries_for
from storage import Database
from tests.support.bot import ANA, SAM, Clinic, clinic_at_work
from tests.support.caseloads import in_care, month_last_due, worked
from tests.support.practice import TryPractice
from tests.support.reading import words


@pytest.fixture
async def clinic(database: Database) -> AsyncIterator[Clinic]:
    async with clinic_at_work(database, billing_channel="C0BILLING") as at_work:
        yield at_work


async def morning(clinic: Clinic, database: Database) -> date:
    """Send Ana a digest that names one patient near a code; returns her local date."""
    practice = TryPractice(database)
    practice.clock.at = clinic.program.practice.clock.now()
    ana = practice.member("Ana Flores", slack=ANA)
    today = practice.clock.at.astimezone(practice.settings.zone).date()
    started = date(today.year - 1, 1, 5)
    patient = in_care(practice, ana, "4471", enrolled_on=started, initial_assessment_on=started)
    worked(practice, ana, patient, 52, today, at=practice.clock.at)
    outgoing = Outgoing(clinic.program, one_shot=True)
    owed = DueDelivery(
        kind="digest",
        period=f"digest:{today}",
        recipient=Recipient(ana.member_id),
        due_at=practice.clock.at,
        useful_until=practice.clock.at + timedelta(days=1),
    )
    await outgoing.deliveries.add(deliveries_for(owed, practice.clock.at, lambda: "morning"))
    assert await outgoing.sender.drain(10) == ()
    return today


async def test_a_tap_opens_the_form_for_that_patient(clinic: Clinic, database: Database) -> None:
    """The form names the patient by the handle, and what is logged there counts for them."""
    await morning(clinic, database)
    ana = clinic.slack.person(ANA)
    digest = await ana.sees("52 of 60 min")
    await ana.click(digest, "log_for_patient_near_0")
    form = ana.modal
    assert form is not None
    assert "4471" not in str(form.body)
    await ana.submit(form, {"duration": "8m", "note": "phone check-in"})
    assert "60" in words(await ana.sees("Logged 8 min for MRN4471"))


async def test_a_patient_set_aside_is_acknowledged(clinic: Clinic, database: Database) -> None:
    """The digest stays, and a line only she sees says what was noted."""
    await morning(clinic, database)
    ana = clinic.slack.person(ANA)
    await ana.click(await ana.sees("52 of 60 min"), "set_aside_patient_0")
    said = await ana.sees("not clinically indicated in")
    assert said.ephemeral_to == ANA
    assert "MRN" not in said.text
    await ana.click(said, "List again")
    assert "your digests will list this patient again" in words(await ana.sees("list this patient again"))


async def test_reminders_are_set_in_words(clinic: Clinic) -> None:
    """`remind` says what is set, sets a time, puts off, and switches."""
    ana = clinic.slack.person(ANA)
    assert "8:30 am" in words((await ana.command("/cocm remind"))[0])
    assert "7:15 am" in words((await ana.command("/cocm remind 7:15"))[0])
    assert "Put off until" in words((await ana.command("/cocm remind snooze 2h"))[0])
    assert "Reminders are off" in words((await ana.command("/cocm remind off"))[0])
    assert "7:15 am" in words((await ana.command("/cocm remind on"))[0])
    assert "Afternoon reminder · *off*" in words((await ana.command("/cocm remind afternoon off"))[0])
    assert "Quiet for you from 6:00 pm to 7:00 am" in words(
        (await ana.command("/cocm remind quiet 6pm-7am"))[0]
    )


async def test_an_administrator_sets_what_is_for_all(clinic: Clinic, database: Database) -> None:
    """`remind practice` and the channel's messages; anybody else is told whom to ask, and nothing changes."""
    TryPractice(database).member("Sam Whitfield", MemberRole.ADMIN, slack=SAM)
    ana, sam = clinic.slack.person(ANA), clinic.slack.person(SAM)
    assert "Only an administrator" in words((await ana.command("/cocm remind month-end 7am"))[0])
    assert "Month-end summary · 8:00 am, the 1st" in words((await ana.command("/cocm remind practice"))[0])
    assert "Month-end summary · 7:00 am, the 1st" in words(
        (await sam.command("/cocm remind month-end 7am"))[0]
    )
    assert "9:15 am" in words((await sam.command("/cocm remind practice digest 9:15"))[0])
    assert "Morning digest · 9:15 am, working days" in words((await ana.command("/cocm remind"))[0])
    assert "You get no scheduled messages" in words((await sam.command("/cocm remind"))[0])


async def test_the_month_end_opens_the_review_for_its_reader_alone(
    clinic: Clinic, database: Database
) -> None:
    """The summary names nobody; the button shows a biller what is to fix, and nobody else in the channel."""
    practice = TryPractice(database)
    practice.clock.at = clinic.program.practice.clock.now()
    month = month_last_due(practice.clock.at)
    practice.member("Sam Whitfield", MemberRole.BILLER, slack=SAM)
    ana = practice.member("Ana Flores", slack=ANA)
    day = month.first_day
    patient = in_care(practice, ana, "4471", enrolled_on=day, initial_assessment_on=day)
    worked(practice, ana, patient, 75, day)
    outgoing = Outgoing(clinic.program, one_shot=True)
    await outgoing.planner.plan()
    await outgoing.sender.drain(10)

    sam = clinic.slack.person(SAM)
    summary = await sam.sees("provisional until closed", "C0BILLING")
    assert "4471" not in words(summary)
    await sam.click(summary, "Review and close")
    review = await sam.sees("MRN4471", "C0BILLING")
    assert review.ephemeral_to == SAM
    assert "MRN" not in review.text
