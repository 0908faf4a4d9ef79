"""Every command that shows who patients are leaves a `data.read` event: each of the two registries is walked."""

import json
import sqlite3
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from billing.months import BillingMonth
from billing.people import MemberRole
from billing.references import entry_reference
from cocm.keeper import Keeper
from services.context import Context
from services.entries import void
from services.messages.revisions import close_month
from services.months.close import reopen_month
from services.people.patient_ref import PatientRef
from services.practice.retention import hold
from storage import Database, UnitOfWork
from tests.cocm.test_acts_conversation import READ_ONLY
from tests.cocm.test_other_versions import COMMANDS, WITHOUT
from tests.support.bot import ANA, Clinic, clinic_at_work
from tests.support.commands import Run
from tests.support.crowd import add_member
from tests.support.reading import words
from tests.support.reporting import OCTOBER, ReportedPractice

#: What is typed in chat, by the command that it is; the answers are about MRN123.
SHOWS = {
    "today": "today",
    "week": "week",
    "month": "month",
    "status": "status MRN123",
    "why": "why MRN123",
    "caseload": "caseload",
    "near": "near",
    "report": "report",
    "history": "history MRN123",
    "correct": f"correct {entry_reference(1)}",
    "timer": "timer",
}
#: Those that show no patient, each with the reason.
SHOWS_NOBODY = {
    "form": "opens an empty form; its menu is a search, tried below",
    "help": "says what may be typed",
    "rules": "compares rules",
    "payers": "is about payers",
    "imports": "names files and counts rows",
}
#: Commands that store when more is typed, and that show patients when it is not.
ALSO_SHOWS = {"review": "review"}

#: The command line's, as it is typed.
PRINTS = {
    "report": ("report", "2026-11"),
    "rules diff": ("rules", "diff", "2026-10", "2026-11", "--practice"),
    "overpaid": ("overpaid", "2026-10"),
    "claims check": ("claims", "check", "2026-10"),
    "claims write": ("claims", "write", "2026-10", "--by", "U0KIM"),
    "retention": ("retention",),
    "retention prove": ("retention", "prove", "MRN123", "--on", "2026-11-03", "--file", __file__),
}
#: Those that print of no patient who they are, each with the reason.
PRINTS_NOBODY = {
    "backup": "copies the file whole, for whoever may read the database anyway, and shows none of it",
    "audit verify": "names what was changed by reference and handle",
    "audit rebuild": "counts entries",
    "audit head": "shows a hash",
    "audit seal": "shows a number",
    "members": "is about people who work here",
    "settings": "is about the practice",
    "settings set": "is an act",
    "payers": "is about payers",
    "migrate": "makes tables",
    "imports": "names files and counts rows",
    "tick": "names messages and counts them; what they say goes to Slack, and is read there as any message",
    "keys check": "counts words",
    "keys rotate": "counts words",
    "keys lost": "names a key",
    "serve": "is the bot, whose reads are those of the chat",
    "close": "is an act",
    "reopen": "is an act",
    "submitted": "is an act",
    "import": "is an act",
    "import undo": "is an act",
    "retention hold": "is an act",
    "claims number": "is an act",
    "practice show": "is about the practice and who works there",
    "practice set": "is an act",
    "practice practitioner": "is an act",
    "practice payer": "is an act",
    "retention release": "is an act",
}


def test_every_command_shows_somebody_or_says_why_not() -> None:
    """One that is new stands in one of the lists, in chat and on the command line."""
    assert SHOWS.keys() | SHOWS_NOBODY.keys() == READ_ONLY
    assert not SHOWS.keys() & SHOWS_NOBODY.keys()
    assert PRINTS.keys() | PRINTS_NOBODY.keys() == COMMANDS.keys()
    assert not PRINTS.keys() & PRINTS_NOBODY.keys()
    assert not WITHOUT.keys() & PRINTS.keys()


def reads(uow: UnitOfWork) -> list[dict[str, Any]]:
    """What the chain says of reads, one after the other."""
    rows = uow.audit._wire._connection.exec_driver_sql(
        "SELECT details FROM audit_event WHERE action = 'data.read' ORDER BY seq"
    )
    return [read for (details,) in rows for read in json.loads(details)["reads"]]


def chain(context: Context) -> list[dict[str, Any]]:
    """The same, as the bot reads it."""
    return reads(context.uow)


def last_month(context: Context) -> BillingMonth:
    return BillingMonth.of(context.today).plus(-1)


async def a_caseload(clinic: Clinic) -> None:
    """Ana, who may do everything, has a patient with time, a timer and a correction."""
    await clinic.program.practice.write(add_member, ANA, "Ana Flores", *MemberRole)
    month = await clinic.program.practice.read(last_month)
    ana = clinic.slack.person(ANA)
    for line in (
        "enroll MRN123",
        "assign MRN123 me",
        "assess MRN123 PHQ-9 14",
        "log 15m MRN123 phone check-in",
        "start MRN123 phone",
        f"log 70m MRN123 on {month.first_day:%m/%d/%Y} phone check-in",
    ):
        await ana.command(f"/cocm {line}")


@pytest.mark.parametrize("name", [*SHOWS, *ALSO_SHOWS])
async def test_what_a_command_shows_is_in_the_chain(database: Database, name: str) -> None:
    """By whom, and which patients by number; nothing in the event names them."""
    async with clinic_at_work(database) as clinic:
        await a_caseload(clinic)
        run = clinic.program.practice
        ana = await run.read(lambda context: context.uow.members.by_slack_id(ANA))
        assert ana is not None
        await run.write_reads()
        before = len(await run.read(chain))
        answers = await clinic.slack.person(ANA).command(f"/cocm {(SHOWS | ALSO_SHOWS)[name]}")
        await clinic.program.bot.background.drain()
        # As a bot does that is stopped at once.
        keeper = Keeper(run)
        keeper.start()
        await keeper.stop()
        new = (await run.read(chain))[before:]
        # Home is brought up to date behind an answer, and is no part of it.
        own = [one for one in new if not one["what"].startswith("home.")]
        assert [one for one in own if one["by"] == ana.member_id and one["patients"] == "1"], (
            new,
            list(map(words, answers)),
        )
        assert "MRN" not in json.dumps(new)


@pytest.mark.parametrize("name", SHOWS_NOBODY)
async def test_what_shows_nobody_names_nobody(database: Database, name: str) -> None:
    """Neither by MRN nor by handle."""
    async with clinic_at_work(database) as clinic:
        await a_caseload(clinic)
        line = {"rules": "rules diff october november"}.get(name, name)
        for answer in await clinic.slack.person(ANA).command(f"/cocm {line}"):
            assert handle(clinic) not in words(answer) or name == "help"


async def test_what_a_menu_finds_is_in_the_chain(database: Database) -> None:
    """Each look into the patients, while somebody types."""
    async with clinic_at_work(database) as clinic:
        await a_caseload(clinic)
        ana = clinic.slack.person(ANA)
        await ana.command("/cocm")
        form = await clinic.slack.until(lambda: ana.modal, "the form")
        run = clinic.program.practice
        await run.write_reads()
        before = len(await run.read(chain))
        await ana.look_up(form, "patient", "mrn 12")
        await run.write_reads()
        assert "1" in {one["patients"] for one in (await run.read(chain))[before:]}


def handle(clinic: Clinic) -> str:
    """Of the patient."""
    found = clinic.program.practice.database.read(
        lambda uow: uow.patients.by_identity("123"), tenant_id=clinic.program.practice.tenant_id
    ).result()
    assert found is not None
    return found.handle


@pytest.fixture
def filed(cocm: Run, sqlite_url: str) -> Run:
    """The command line on a practice with a patient who has time, a claim that was too high, and notes on hold."""
    database = Database.open(sqlite_url)
    house = ReportedPractice(database)
    admin = house.member("Kim Adams", MemberRole.ADMIN, slack="U0KIM")
    patient = house.billable("123")
    entries = house.see(
        lambda context: context.uow.ledger.patient_month(
            patient.patient_id, OCTOBER.first_day, OCTOBER.last_day
        )
    )
    house.do(close_month, house.sam, OCTOBER)
    cocm("submitted", "2026-10", "--by", "Sam Whitfield")
    house.clock.pass_(minutes=1)
    house.do(reopen_month, house.sam, OCTOBER, "one call was somebody else's")
    house.do(void.void, house.ana, entries[0].entry_id, "somebody else's")
    house.clock.pass_(minutes=1)
    house.do(close_month, house.sam, OCTOBER)
    house.works(patient, 15, date(2026, 11, 3))
    house.do(hold, admin, PatientRef(text="MRN123", identity="123"), "a lawsuit")
    database.close()
    return cocm


@pytest.mark.parametrize("name", PRINTS)
def test_what_the_command_line_prints_is_in_the_chain(filed: Run, tmp_path: Path, name: str) -> None:
    """By nobody, since whoever has the machine has no name here; a refusal that named somebody as well."""
    before = len(printed(tmp_path))
    filed(*PRINTS[name], code=1 if name == "retention prove" else 0)
    new = printed(tmp_path)[before:]
    assert [(one["by"], one["patients"]) for one in new] == [(None, "1")]
    assert "MRN" not in json.dumps(new)


def printed(folder: Path) -> list[dict[str, Any]]:
    """What the chain says of reads."""
    with sqlite3.connect(folder / "cocm.db") as raw:
        rows = raw.execute(
            "SELECT details FROM audit_event WHERE action = 'data.read' ORDER BY seq"
        ).fetchall()
    raw.close()
    return [read for (details,) in rows for read in json.loads(details)["reads"]]
