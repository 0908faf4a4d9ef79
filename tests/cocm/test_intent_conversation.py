"""What a person is answered who asks, corrects, denies or plans instead of logging, through the real bot."""

from collections.abc import AsyncIterator

import pytest

from billing.people import MemberRole
from services.context import Context
from storage import Database
from tests.support.bot import ANA, BEN, SAM, Clinic, clinic_at_work
from tests.support.slack import words


@pytest.fixture
async def clinic(database: Database) -> AsyncIterator[Clinic]:
    async with clinic_at_work(database) as at_work:
        yield at_work


async def logged_minutes(clinic: Clinic, who: str = ANA) -> str:
    """What the person's day says."""
    (day,) = await clinic.slack.person(who).command("/cocm today")
    return words(day)


async def test_a_question_about_a_patient_shows_where_the_patient_stands(clinic: Clinic) -> None:
    """`does MRN123 have 60 min?` logs no hour; the hour can be logged at a tap below the answer."""
    ana = clinic.slack.person(ANA)
    await ana.command("/cocm 15m MRN123 phone check-in")
    (answer,) = await ana.command("/cocm does MRN123 have 60 min?")
    said = words(answer)
    assert "15 of 70 min" in said
    assert "Nothing was logged" in said
    assert "15 min" in await logged_minutes(clinic)
    await ana.click(answer, "Log 1 h for MRN123")
    receipt = await ana.sees("Logged 1 h for MRN123")
    assert "75 of 70" in words(receipt) or "1 h 15 min" in words(receipt) or "75" in words(receipt)


@pytest.mark.parametrize("text", ["MRN123 needs 8 min", "MRN123?", "MRN123 status", "status of MRN123"])
async def test_what_a_patient_needs_is_answered_with_the_status(clinic: Clinic, text: str) -> None:
    """Nothing is stored, and the standing is shown."""
    ana = clinic.slack.person(ANA)
    await ana.command("/cocm 15m MRN123 phone check-in")
    (answer,) = await ana.command(f"/cocm {text}")
    assert "15 of 70 min" in words(answer)
    assert "8 min" not in await logged_minutes(clinic)


async def test_a_correction_shows_the_entry_that_is_meant_with_its_buttons(clinic: Clinic) -> None:
    """`please delete the 15m MRN123 phone` logs no further 15 minutes; Void takes the entry out."""
    ana = clinic.slack.person(ANA)
    await ana.command("/cocm 15m MRN123 phone check-in")
    await ana.command("/cocm 20m MRN123 chart review")
    (answer,) = await ana.command("/cocm please delete the 15m MRN123 phone")
    said = words(answer)
    assert "Nothing was changed" in said
    assert "Is it this entry?" in said
    assert "15 min" in said
    assert "20 min" not in said
    await ana.click(answer, "Void")
    voided = await ana.sees("Voided: 15 min for MRN123")
    assert "20 of 70" in words(voided)


async def test_several_entries_that_fit_are_all_listed(clinic: Clinic) -> None:
    """Nothing is guessed: who corrects chooses."""
    ana = clinic.slack.person(ANA)
    await ana.command("/cocm 15m MRN123 phone check-in")
    await ana.command("/cocm 15m MRN123 chart review")
    (answer,) = await ana.command("/cocm fix MRN123 it was 25m")
    said = words(answer)
    assert "the nearest" in said
    assert "phone" in said
    assert "chart review" in said


async def test_nobody_is_offered_the_entries_of_others_to_change(clinic: Clinic) -> None:
    """Ben asks who logged it and sees it, without buttons; to a correction nothing of Ana's is offered."""
    await clinic.slack.person(ANA).command("/cocm 15m MRN123 phone check-in")
    ben = clinic.slack.person(BEN)
    (asked,) = await ben.command("/cocm who logged 15m on MRN123?")
    assert "Ana Flores" in words(asked) or "15 min" in words(asked)
    assert "Void" not in str(asked.blocks)
    (correction,) = await ben.command("/cocm the 15m for MRN123 was a mistake")
    assert "No entry of the last weeks fits" in words(correction)


@pytest.mark.parametrize(
    ("text", "leave"),
    [
        ("plan 30 min with MRN123", "Still to come, log nothing"),
        ("don't log 30m MRN123", "Right, log nothing"),
        ("test 30m MRN123", "A test, log nothing"),
        ("MRN123 assigned 30 min mindfulness", "Not the time spent"),
    ],
)
async def test_what_may_not_be_time_spent_is_asked_with_two_buttons(
    clinic: Clinic, text: str, leave: str
) -> None:
    """One button logs it anyway, the other leaves it; until then nothing is stored."""
    ana = clinic.slack.person(ANA)
    (question,) = await ana.command(f"/cocm {text}")
    assert "nothing was logged" in words(question)
    assert "30 min" not in await logged_minutes(clinic)
    await ana.click(question, leave)
    await ana.sees("Nothing was logged.")
    assert "nothing logged yet" in await logged_minutes(clinic)
    (again,) = await ana.command(f"/cocm {text}")
    await ana.click(again, "Log 30 min for MRN123")
    await ana.sees("Logged 30 min for MRN123")


@pytest.mark.parametrize("text", ["hi", "thanks!", "Good morning"])
async def test_a_greeting_is_answered_with_one_line_to_learn(clinic: Clinic, text: str) -> None:
    """Kind and short, and nothing is refused."""
    (answer,) = await clinic.slack.person(ANA).command(f"/cocm {text}")
    said = words(answer)
    assert "/cocm 15m MRN123 phone check-in" in said
    assert "Not understood" not in said


async def test_the_first_words_of_a_newcomer_are_welcomed(clinic: Clinic) -> None:
    """Who has logged nothing yet and is not understood is shown how; who has is told what is wrong."""
    ana = clinic.slack.person(ANA)
    (first,) = await ana.command("/cocm what is this thing for")
    assert "Hello!" in words(first)
    await ana.command("/cocm 15m MRN123 phone check-in")
    (later,) = await ana.command("/cocm what is this thing for")
    assert "Hello!" not in words(later)


async def test_a_suggested_line_has_a_button_that_sends_it(clinic: Clinic) -> None:
    """An ambiguous date of a consent is asked about, and the button records it."""
    ana = clinic.slack.person(ANA)
    await ana.command("/cocm enroll MRN123")
    (asked,) = await ana.command("/cocm consent MRN123 verbal 20m")
    assert "records none" in words(asked)
    await ana.click(asked, "Send this line")
    await ana.sees("Logged 20 min for MRN123")


async def test_a_line_with_a_gap_has_no_button_and_is_not_sent(clinic: Clinic) -> None:
    """No length and no patient is made up."""
    ana = clinic.slack.person(ANA)
    (refused,) = await ana.command("/cocm MRN123 phone check-in")
    said = words(refused)
    assert "log ___ MRN123 phone check-in" in said
    assert "Send this line" not in str(refused.blocks)
    (again,) = await ana.command("/cocm log ___ MRN123 phone check-in")
    assert "only you know" in words(again)


async def test_confirm_lists_what_waits_for_it(clinic: Clinic) -> None:
    """Work that was only inferred not to count is settled by its button."""
    ana = clinic.slack.person(ANA)
    (nothing,) = await ana.command("/cocm confirm")
    assert "Nothing waits" in words(nothing)
    await ana.command("/cocm 45m MRN123 psychotherapy session")
    (waiting,) = await ana.command("/cocm confirm")
    assert "45 min" in words(waiting)
    assert "not counted" in str(waiting.blocks)


async def test_in_a_message_of_several_lines_each_is_weighed_by_itself(clinic: Clinic) -> None:
    """The line that denies is asked about; leaving it out logs the other."""
    ana = clinic.slack.person(ANA)
    (question,) = await ana.command("/cocm 15m MRN123 phone\ndon't log 20m MRN124 call")
    assert "not to be logged" in words(question)
    await ana.click(question, "Right, log nothing")
    await ana.sees("Logged 15 min for MRN123")
    assert "20 min" not in await logged_minutes(clinic)


async def test_whoever_has_no_minutes_is_offered_no_button_that_logs_them(clinic: Clinic) -> None:
    """A biller who asks about an hour sees where the patient stands, and that nothing was logged."""

    def sam_bills(context: Context) -> None:
        roles = frozenset({MemberRole.BILLER})
        context.uow.members.add(slack_user_id=SAM, display_name="Sam Whitfield", roles=roles)
        context.uow.commit()

    await clinic.program.practice.write(sam_bills)
    await clinic.slack.person(ANA).command("/cocm 15m MRN123 phone check-in")
    (answer,) = await clinic.slack.person(SAM).command("/cocm does MRN123 have 60 min?")
    said = words(answer)
    assert "15 of 70 min" in said
    assert "Nothing was logged." in said
    assert "Log 1 h" not in said
