"""One row that cannot be read, or one bad time zone, stops nothing but itself, and is named to administrators."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from billing.people import MemberRole
from cocm.delivering import Outgoing
from services.context import Context
from services.messages.store import StoredDeliveries
from storage import Database, damage
from tests.cocm.test_joining import practice_at_work
from tests.support.bot import ANA, BEN, SAM, Clinic
from tests.support.crowd import add_member
from tests.support.reading import words
from tests.support.slack import WAIT_SECONDS

#: Rows changed past the program, each with the table that is named for it.
DAMAGES = {
    "a member's zone": (
        "member",
        "UPDATE member SET time_zone = 'Mars/Olympus' WHERE slack_user_id = 'U0ANA'",
    ),
    "a member's role": (
        "member",
        "UPDATE member SET roles = 'care_manager wizard' WHERE slack_user_id = 'U0ANA'",
    ),
    "a member's morning": ("member", "UPDATE member SET digest_at = 'early' WHERE slack_user_id = 'U0ANA'"),
    "an entry's kind": (
        "current_entry",
        "UPDATE current_entry SET activity = 'juggling' WHERE seconds = 900",
    ),
    "an entry's length": ("current_entry", "UPDATE current_entry SET seconds = 'long' WHERE seconds = 900"),
    "a setting": ("practice_setting", "UPDATE practice_setting SET value = 'soon'"),
    "an episode": ("episode", "UPDATE episode SET program = 'yoga' WHERE patient_id = 1"),
    "a timer": ("timer", "UPDATE timer SET begun_at = 'then'"),
    "a question": ("pending_question", "UPDATE pending_payload SET payload = '{'"),
    "a question's end": ("pending_question", "UPDATE pending_question SET expires_at = 'then'"),
    "an entry's instant": (
        "current_entry",
        "UPDATE current_entry SET recorded_at = 'then' WHERE seconds = 900",
    ),
}


@pytest.fixture(autouse=True)
def _from_now_on() -> Iterator[None]:
    damage.forget()
    yield
    damage.forget()


async def a_practice(clinic: Clinic) -> None:
    """Ana and Ben with a patient each, entries, a score, a choice, and something sent."""
    for who, name in ((ANA, "Ana Flores"), (BEN, "Ben Okoro")):
        await clinic.program.practice.write(
            add_member, who, name, MemberRole.CARE_MANAGER, MemberRole.SUPERVISOR
        )
    ana, ben = clinic.slack.person(ANA), clinic.slack.person(BEN)
    for person, mrn, minutes in ((ana, "MRN123", 15), (ben, "MRN456", 20)):
        await person.command(f"/cocm enroll {mrn}")
        await person.command(f"/cocm {minutes}m {mrn} phone check-in")
    await ana.command("/cocm assign MRN123 me")
    await ana.command("/cocm assess MRN123 PHQ-9 14")
    await ana.command("/cocm remind afternoon 15:00")
    await ana.command("/cocm start MRN123 phone")
    await ana.command("/cocm 20m MRN123, MRN456 case review")
    await clinic.slack.person(SAM).command("/cocm settings set consultant_minutes exclude")
    await Outgoing(clinic.program, one_shot=True).planner.plan()


def change(context: Context, statement: str) -> None:
    """Do what somebody does past the program."""
    context.uow.requests._wire._connection.execute(text(statement))
    context.uow.commit()


@pytest.mark.parametrize("what", DAMAGES)
async def test_a_damaged_row_stops_nothing_but_itself(database: Database, what: str) -> None:
    """Home, near, caseload, month, report, the scheduler and logging go on for everybody else."""
    table, statement = DAMAGES[what]
    async with practice_at_work(database, admins=frozenset({SAM}), billing_channel="C0BILLING") as clinic:
        await a_practice(clinic)
        if table == "delivery":
            await clinic.slack.person(SAM).command("/cocm help")
        await clinic.program.practice.write(change, statement)
        ben, sam = clinic.slack.person(BEN), clinic.slack.person(SAM)
        home = await ben.home()
        assert "could not be" not in words(home)
        for line, said in (
            ("near", ""),
            ("caseload", ""),
            ("month", ""),
            ("report", ""),
            ("today", "20 min"),
            ("status MRN456", "20 of 70 min"),
            ("10m MRN456 chart review", "30 of 70 min"),
        ):
            (answer,) = await ben.command(f"/cocm {line}")
            assert "Something went wrong" not in words(answer), line
            assert "reference" not in words(answer), line
            assert said in words(answer), line
        ana = clinic.slack.person(ANA)
        assert "reference" not in words(await ana.home())
        for line in ("today", "status MRN123", "why MRN123", "near"):
            (answer,) = await ana.command(f"/cocm {line}")
            assert "reference" not in words(answer), line
            assert ("Your own record here is damaged" in words(answer)) is (what == "a member's morning")
        outgoing = Outgoing(clinic.program, one_shot=True)
        await outgoing.tick()
        await StoredDeliveries(clinic.program.practice).open()
        await outgoing.stop()
        assert table in {one.table for one in damage.found()}
        await outgoing.tick()
        await Outgoing(clinic.program, one_shot=True).sender.drain(WAIT_SECONDS)
        told = await sam.sees("damaged")
        assert table in words(told)
        assert "MRN" not in words(told)
