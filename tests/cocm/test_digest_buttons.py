"""Scheduled messages in people's hands: the rows of a morning, the month end, and `remind`; through the real bot."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta

import pytest

from billing.clinical import CaseReview
from billing.months import BillingMonth
from billing.people import Member, MemberRole, Patient
from bot import kit
from cocm.delivering import Outgoing
from sandbox.elements import interactive
from sandbox.model import Message
from services.context import Context
from services.messages.deliveries import DueDelivery, Recipient, deliveries_for, random_id
from storage import Database
from tests.support.bot import ANA, SAM, Clinic, clinic_at_work
from tests.support.caseloads import in_care, month_last_due, worked
from tests.support.practice import TryPractice
from tests.support.reading import words
from tests.support.slack import WAIT_SECONDS


@pytest.fixture
async def clinic(database: Database) -> AsyncIterator[Clinic]:
    async with clinic_at_work(database, billing_channel="C0BILLING") as at_work:
        yield at_work


async def morning(clinic: Clinic, database: Database, *, patients: int = 1) -> Message:
    """Send Ana a message that names patients near a code, MRN4471 first; returns it as she sees it."""
    practice = TryPractice(database)
    practice.clock.at = clinic.program.practice.clock.now()
    ana = practice.member("Ana Flores", slack=ANA)
    today = practice.clock.at.astimezone(practice.settings.zone).date()
    started = date(today.year - 1, 1, 5)
    for number in range(patients):
        patient = in_care(
            practice, ana, f"{4471 + number}", enrolled_on=started, initial_assessment_on=started
        )
        practice.do(_reviewed, patient, ana, today)
        worked(practice, ana, patient, 52, today, at=practice.clock.at)
    return await sent(clinic, ana, practice.clock.at, today)


def _reviewed(context: Context, patient: Patient, by: Member, day: date) -> None:
    review = CaseReview(
        review_id=0,
        patient_id=patient.patient_id,
        reviewed_on=day,
        consultant=by.member_id,
        recorded_by=by.member_id,
        recorded_at=context.now,
    )
    context.uow.reviews.add(review)
    context.uow.commit()


async def says(clinic: Clinic, message: Message, text: str) -> Message:
    """Wait until Ana's message has these words itself."""

    def now() -> Message | None:
        (found,) = (one for one in clinic.slack.person(ANA).messages() if one.ts == message.ts)
        return found if text in words(found) else None

    found: Message = await clinic.slack.until(now, f"the message says {text!r}")
    return found


def labels(message: Message) -> list[str]:
    """The words of a message's buttons."""
    return [element["text"]["text"] for _, element in interactive(message.blocks or [])]


async def sent(clinic: Clinic, who: Member, now: datetime, day: date) -> Message:
    """Send somebody their message of a day; returns it as they see it."""
    outgoing = Outgoing(clinic.program, one_shot=True)
    owed = DueDelivery(
        kind="digest",
        period=f"digest:{day}",
        recipient=Recipient(who.member_id),
        due_at=now,
        useful_until=now + timedelta(days=1),
    )
    await outgoing.deliveries.add(deliveries_for(owed, now, random_id))
    assert await outgoing.sender.drain(WAIT_SECONDS) == ()
    assert who.slack_user_id is not None
    return clinic.slack.person(who.slack_user_id).messages()[-1]


async def test_a_patient_not_indicated_is_said_in_the_row_itself(clinic: Clinic, database: Database) -> None:
    """Nothing is posted beside it; Undo makes the row what it was, and the undo can be put back."""
    message = await morning(clinic, database)
    ana = clinic.slack.person(ANA)
    count = len(ana.messages())
    await ana.click(message, "Not indicated")
    done = await ana.sees("not indicated this month")
    assert done.ts == message.ts
    assert "52 of 60 min · 8 to 99493" in words(done)
    assert "MRN" not in done.text

    await ana.click(done, "Undo")
    undone = await ana.sees("Undone, and none of it counts.")
    assert labels(undone) == ["Log time", "Not indicated", "Record consent", "Put it back"]
    await ana.click(undone, "Put it back")
    await ana.sees("not indicated this month")
    assert len(ana.messages()) == count


async def test_time_that_was_typed_shows_in_the_row(clinic: Clinic, database: Database) -> None:
    """Wherever somebody acts, their message of today follows; the row says what was done, with the way back."""
    message = await morning(clinic, database, patients=2)
    ana = clinic.slack.person(ANA)
    await ana.command("/cocm log 8m MRN4471 phone check-in")
    done = await says(clinic, message, "*Logged 8 min for MRN4471*")
    assert "60 of 90 min · 99493 reached" in words(done)
    assert "52 of 60 min · 8 to 99493" in words(done), "the other patient's row stays as it was"
    await ana.command("/cocm undo")
    undone = await says(clinic, message, "Undone, and none of it counts.")
    assert "*MRN4471* · 52 of 60 min" in words(undone)


async def test_a_tap_opens_the_form_and_the_row_follows(clinic: Clinic, database: Database) -> None:
    """The form names the patient by the handle; what is logged there counts, and is said in the row."""
    message = await morning(clinic, database)
    ana = clinic.slack.person(ANA)
    await ana.click(message, "Log time")
    form = ana.modal
    assert form is not None
    assert "4471" not in str(form.body)
    await ana.submit(form, {"duration": "8m", "note": "phone check-in"})
    await says(clinic, message, "*Logged 8 min for MRN4471*")


async def test_two_taps_at_once_both_show(clinic: Clinic, database: Database) -> None:
    """One after the other, each on the newest content."""
    message = await morning(clinic, database, patients=2)
    ana = clinic.slack.person(ANA)
    await asyncio.gather(*(ana.click(message, f"set_aside_patient_{number}") for number in range(2)))
    await clinic.slack.until(
        lambda: words(ana.messages()[-1]).count("not indicated this month") == 2, "both rows are replaced"
    )


async def test_more_shows_the_others_with_their_buttons(clinic: Clinic, database: Database) -> None:
    """Twelve near stand in the message; the button shows the others, whose rows act in place as well."""
    message = await morning(clinic, database, patients=15)
    ana = clinic.slack.person(ANA)
    await ana.click(message, "3 more")
    others = await ana.sees("3 more patients")
    assert others.ts != message.ts
    shown = {line for line in words(message).split("*") if line.startswith("MRN")}
    left = {line for line in words(others).split("*") if line.startswith("MRN")}
    assert not shown & left
    assert len(left) == 3
    await ana.click(others, "Not indicated")
    done = await ana.sees("not indicated this month")
    assert done.ts == others.ts


async def test_a_safety_answer_is_marked_as_seen_in_its_row(clinic: Clinic, database: Database) -> None:
    """It stands first until somebody has marked it; then the row says so, with the way back."""
    practice = TryPractice(database)
    practice.clock.at = now = clinic.program.practice.clock.now()
    ana = practice.member("Ana Flores", slack=ANA)
    today = now.astimezone(practice.settings.zone).date()
    in_care(practice, ana, "4471", enrolled_on=today, initial_assessment_on=today)
    her = clinic.slack.person(ANA)
    await her.command("/cocm assess MRN4471 PHQ-9 14 item9 2")
    message = await sent(clinic, ana, now, today)
    assert "PHQ-9 item 9: 2 of 3" in words(message)
    await her.click(message, "Seen")
    done = await her.sees("seen by Ana Flores")
    assert done.ts == message.ts
    assert "not marked as seen" not in words(done)
    await her.click(done, "Undo")
    assert "not marked as seen" in words(await her.sees("Undone, and none of it counts."))


async def test_a_message_of_an_earlier_version_is_answered(clinic: Clinic, database: Database) -> None:
    """Its buttons stand in no row: what was noted is said beside it, with the way back."""
    practice = TryPractice(database)
    practice.clock.at = clinic.program.practice.clock.now()
    patient = in_care(practice, practice.member("Ana Flores", slack=ANA), "4471")
    month = BillingMonth.of(practice.clock.at.date())
    ana = clinic.slack.person(ANA)
    button = kit.button("Not indicated this month", "set_aside_patient_0", f"{patient.handle}:{month}")
    await clinic.program.bot.client.chat_postMessage(
        channel=ana.dm, text="Your morning digest.", blocks=[kit.section("*MRN4471*"), kit.actions([button])]
    )
    await ana.click(ana.messages()[-1], "set_aside_patient_0")
    said = await ana.sees("not indicated in")
    assert said.ephemeral_to == ANA
    await ana.click(said, "List again")
    assert "listed again in your morning message" in words(await ana.sees("listed again"))


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
    assert "Morning message · 9:15 am, working days" in words((await ana.command("/cocm remind"))[0])
    assert "Morning message · 9:15 am, working days" in words((await sam.command("/cocm remind"))[0])


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
