"""Each line of `why` carries what settles it: pressed, it is shown as settled where it stood, with the way back."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import pytest

from billing.people import MemberRole
from sandbox.blocks import message_problems
from sandbox.model import Message
from storage import Database
from tests.support.bot import ANA, SAM, Clinic, clinic_at_work
from tests.support.practice import TryPractice
from tests.support.reading import words
from tests.support.slack import Person


@pytest.fixture
async def clinic(database: Database) -> AsyncIterator[Clinic]:
    async with clinic_at_work(database) as at_work:
        yield at_work


def today_of(clinic: Clinic) -> date:
    practice = clinic.program.practice
    return practice.clock.now().astimezone(practice.settings.zone).date()


async def explained(person: Person) -> Message:
    [message] = await person.command("/cocm why MRN123")
    assert message_problems(message.blocks) == []
    return message


def members(clinic: Clinic, database: Database) -> TryPractice:
    practice = TryPractice(database)
    practice.clock.at = clinic.program.practice.clock.now()
    practice.member("Ana Flores", slack=ANA)
    practice.member("Sam Whitfield", MemberRole.BILLER, slack=SAM)
    return practice


async def test_a_consent_is_recorded_from_the_line_that_lacks_it(clinic: Clinic, database: Database) -> None:
    """The form opens filled in; sent, the line is settled where it stood, and its undo opens it again."""
    members(clinic, database)
    ana = clinic.slack.person(ANA)
    await ana.command("/cocm enroll MRN123 payer Cedar Health")
    await ana.command("/cocm 15m MRN123 phone check-in")
    message = await explained(ana)
    assert "Consent missing" in words(message)
    await ana.click(message, "Record consent")
    assert ana.modal is not None
    await ana.submit(ana.modal, {"kind": "verbal", "cost_sharing": "yes"})
    settled = await ana.sees("Consent: settled")
    assert "by you" in words(settled)
    assert "Consent missing" not in words(settled)
    assert settled.ts == message.ts
    await ana.click(settled, "fix_here_900")
    again = await ana.sees("Consent missing")
    assert again.ts == message.ts
    assert "Undone" in words(again)


async def test_whoever_may_not_sees_who_can(clinic: Clinic, database: Database) -> None:
    """A biller has no button to record a consent, and reads whom to ask."""
    members(clinic, database)
    ana, sam = clinic.slack.person(ANA), clinic.slack.person(SAM)
    await ana.command("/cocm enroll MRN123 payer Cedar Health")
    await ana.command("/cocm 15m MRN123 phone check-in")
    said = words(await explained(sam))
    assert "care managers, consultants, treating providers and supervisors can settle this" in said.lower()
    assert "Record consent" not in said


async def test_a_held_entry_is_answered_where_the_line_stands(clinic: Clinic, database: Database) -> None:
    """One tap says what it was."""
    members(clinic, database)
    ana = clinic.slack.person(ANA)
    await ana.command("/cocm enroll MRN123 payer Cedar Health")
    await ana.command("/cocm 15m MRN123 scheduled appointment, left message with front desk")
    message = await explained(ana)
    assert "held, not counted" in words(message)
    await ana.click(message, "Care management")
    settled = await ana.sees("Settled:")
    assert settled.ts == message.ts
    assert "held, not counted" not in words(settled)


async def test_an_overlap_is_settled_by_the_other_entrys_end(clinic: Clinic, database: Database) -> None:
    """`Start at 10:20 am instead`: the entry begins where the other ends."""
    members(clinic, database)
    ana = clinic.slack.person(ANA)
    day = (datetime.combine(today_of(clinic), datetime.min.time(), UTC) - timedelta(days=1)).date()
    when = f"on {day.month}/{day.day}/{day.year}"
    await ana.command(f"/cocm MRN9 10:00am-10:20am phone call with mother {when}")
    await ana.command(f"/cocm MRN123 10:10am-10:40am phone check-in {when}")
    [message] = await ana.command(f"/cocm why MRN123 {day:%Y-%m}")
    assert message_problems(message.blocks) == []
    await ana.click(message, "Start at 10:20 am instead")
    settled = await ana.sees("Settled:")
    assert settled.ts == message.ts
    assert "Clock times overlap" not in words(settled)
