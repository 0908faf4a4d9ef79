"""Slack delivers everything twice: nothing more is done, and the second answer is the first."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from billing.months import BillingMonth
from billing.people import MemberRole
from billing.references import entry_reference
from bot.once import READING
from cocm.wiring import Application, open_program
from sandbox.model import JSON
from services.context import Context
from storage import Database
from tests.cocm.test_acts_conversation import READ_ONLY
from tests.support.again import Twice, Way, delivered_twice, over_http, over_socket
from tests.support.bot import ANA, BEN, SAM, Clinic, clinic_at_work, settings_for


def test_the_commands_that_read_are_those_that_store_nothing() -> None:
    """Their answers are of now, however often they are delivered."""
    assert READING == READ_ONLY


#: What people type, one after the other. Some of it is refused: a refusal is an outcome, too.
LINES = (
    "enroll MRN123 payer Cedar",
    "enroll MRN456",
    "consent MRN123 verbal",
    "assess MRN123 PHQ-9 14",
    "15m MRN123 call",
    "15m MRN123 call",
    "5m MRN456 call",
    f"edit {entry_reference(1)} 10m",
    f"split {entry_reference(1)} 5m MRN123 / 5m MRN456",
    f"void {entry_reference(2)} wrong patient",
    "undo",
    "undo",
    "undo",
    "15m MRN77777 chart review",
    "0m MRN123 call",
    "15m call",
    "start MRN123",
    "stop call about sleep",
    "stop",
    "start MRN123",
    "switch MRN456",
    "cancel",
    "remind 7:15",
    "remind off",
    "undo",
    "admit MRN123 today",
    "review MRN123 20m",
    "state MRN123 same review",
    "attest MRN123 consultation",
    "assign MRN456 @ben",
    "cover @ben today",
    "settings set clearance 12",
    "roles @ben consultant supervisor",
    "merge MRN456 into MRN123 because of a slip",
    "unmerge MRN456",
    "discharge MRN123 moved away",
    "undo",
    "close last month",
    "reopen last month a call was late",
    "submitted last month",
    "unsubmitted last month",
    "help",
    "today",
)


@asynccontextmanager
async def twice(url: str) -> AsyncIterator[tuple[Clinic, Twice]]:
    """A clinic on two nodes, where each delivery arrives four times more: by each way, and by nodes old and new."""
    database, other = Database.open(url), Database.open(url)
    try:
        async with clinic_at_work(database) as clinic:
            await clinic.program.practice.write(everybody)
            node = await open_program(settings_for(clinic.slack), other)
            ways = (
                ("socket", clinic.program, over_socket),
                ("HTTP", clinic.program, over_http),
                ("other node", node, over_socket),
                ("after a restart", clinic.program, restarted(clinic, url)),
            )
            async with delivered_twice(clinic, url, ways) as made:
                yield clinic, made
            await node.bot.background.close()
    finally:
        other.close()
        database.close()


def restarted(clinic: Clinic, url: str) -> Way:
    """Has a bot that has just come up, and remembers nothing, take the delivery."""

    async def deliver(program: Application, kind: str, payload: JSON) -> Any:
        database = Database.open(url)
        try:
            fresh = await open_program(settings_for(clinic.slack), database)
            answer = await over_http(fresh, kind, payload)
            await fresh.bot.background.close()
        finally:
            database.close()
        # What it refreshed shows before anybody looks.
        await program.bot.background.drain()
        return answer

    return deliver


def everybody(context: Context) -> None:
    """Ana may do everything; Ben is the consultant, Sam bills."""
    for user, name, roles in (
        (ANA, "Ana", set(MemberRole) - {MemberRole.CONSULTANT}),
        (BEN, "Ben", {MemberRole.CONSULTANT}),
        (SAM, "Sam", {MemberRole.BILLER}),
    ):
        context.uow.members.add(slack_user_id=user, display_name=name, roles=frozenset(roles))
    context.uow.commit()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest) -> str:
    """Each of the two databases."""
    found: str = request.getfixturevalue(f"{request.param}_url")
    return found


def acts(url: str) -> set[str]:
    """The kinds of what was done."""
    engine = create_engine(url)
    with engine.connect() as connection:
        kinds = {kind for (kind,) in connection.execute(text("SELECT DISTINCT kind FROM act"))}
    engine.dispose()
    return kinds


async def test_commands(url: str) -> None:
    """Each command again: by Socket Mode, by HTTP, on the other node."""
    async with twice(url) as (clinic, made):
        for line in LINES:
            await clinic.slack.person(ANA).command(f"/cocm {line}")
    assert not made.faults, "\n".join(made.faults)
    assert {"log", "undo", "edit", "split", "start", "cancel", "remind", "enroll"} <= acts(url)


async def test_direct_messages(url: str) -> None:
    """The same words without the slash; each message is answered as it was."""
    async with twice(url) as (clinic, made):
        ana = clinic.slack.person(ANA)
        for line in LINES:
            before = made.deliveries
            await ana.say(line)
            await made.until_more_than(before)
    assert not made.faults, "\n".join(made.faults)
    assert {"log", "undo", "edit", "split", "start", "cancel", "remind", "enroll"} <= acts(url)


async def test_presses_and_forms(url: str) -> None:
    """Buttons, forms, the answers to questions and what is offered: each press is one."""
    async with twice(url) as (clinic, made):
        ana = clinic.slack.person(ANA)

        async def press(line: str, label: str) -> None:
            """Press a button of what a line is answered with."""
            answers = await ana.command(f"/cocm {line}")
            await ana.click(answers[-1], label)

        await ana.command("/cocm enroll MRN123")
        await press("15m MRN123 call", "Undo")
        await ana.click(await ana.sees("Undone"), "Put it back")
        await ana.sees("Put back")
        await press("15m MRN123 call", "Log it again")
        await ana.click(await ana.sees("Logged"), "Undo")
        await press("consent MRN123 verbal", "Undo")
        await ana.command("/cocm 15m MRN123 call to the pharmacy")
        await press("start MRN123", "Cancel timer")
        await ana.command("/cocm 20m MRN123 call with the family")
        await ana.command("/cocm undo")
        (asked,) = await ana.command("/cocm undo")
        await ana.click(asked, "Undo that, too")
        await press("close last month", "Close " + last_month(clinic))
        await ana.sees("is closed")
    assert not made.faults, "\n".join(made.faults)
    assert {"undo", "put_back", "close"} <= acts(url)


async def test_files_and_forms(url: str) -> None:
    """A file that was sent, its import and the way back; a form that is refused, one that is taken; the review hour."""
    async with twice(url) as (clinic, made):
        ana = clinic.slack.person(ANA)
        await ana.command("/cocm enroll MRN123")
        await ana.command("/cocm review MRN123 20m")
        handle = await clinic.program.practice.read(handle_of, "123")
        before = made.deliveries
        ana.share_file(
            "entries.csv", content=b"mrn,date,minutes,performed_by,note\nMRN123,11/3/2026,15,Ana,call\n"
        )
        await made.until_more_than(before)
        await ana.click(await ana.sees("Nothing is stored yet"), "Import 1 row")
        await ana.click(await ana.sees("This is import 1"), "Undo the import")
        await ana.sees("Import 1 was taken back")

        for filled in ({"duration": "a while"}, {"duration": "12m", "note": "call about sleep"}):
            await ana.command("/cocm")
            form = await clinic.slack.until(lambda: ana.modal, "the form")
            await ana.submit(form, {"patient": handle, **filled})
        await ana.sees("Logged 12 min")
        await ana.command("/cocm start MRN123")
        await ana.command("/cocm stop call with the pharmacy")
    assert not made.faults, "\n".join(made.faults)
    assert {"log", "enroll", "start"} <= acts(url)


async def test_shortcuts(url: str) -> None:
    """The form from anywhere and from a message; what is sent with it is one entry, however often it arrives."""
    async with twice(url) as (clinic, made):
        ana = clinic.slack.person(ANA)
        await ana.command("/cocm enroll MRN123")
        handle = await clinic.program.practice.read(handle_of, "123")
        before = made.deliveries
        await ana.shortcut("log_time")
        await made.until_more_than(before)
        form = await clinic.slack.until(lambda: ana.modal, "the form")
        await ana.submit(form, {"patient": handle, "duration": "12m", "note": "call about sleep"})
        await ana.sees("Logged 12 min")

        message = await ana.say("called MRN123 17m about work", "C0GENERAL")
        before = made.deliveries
        await ana.shortcut("log_from_message", message)
        await made.until_more_than(before)
        form = await clinic.slack.until(lambda: ana.modal, "the form")
        await ana.submit(form, {})
        await ana.sees("Logged 17 min for MRN123", "C0GENERAL")
    assert not made.faults, "\n".join(made.faults)
    assert times(url) == [720, 1020]


async def test_the_buttons_of_the_review_hour(url: str) -> None:
    """Record review, its form, Undo in place and putting back: each press is one, and the list is as it was."""
    async with twice(url) as (clinic, made):
        ana, ben = clinic.slack.person(ANA), clinic.slack.person(BEN)
        await ana.command("/cocm enroll MRN123")
        await ana.command("/cocm enroll MRN456")
        await ana.command("/cocm assess MRN123 PHQ-9 14")
        (hour,) = await ben.command("/cocm review")
        await ben.click(hour, "open_fact_form_0")
        form = await clinic.slack.until(lambda: ben.modal, "the form")
        refused = await ben.submit(form, {"recommendation": "start CBT", "duration": "soon"})
        assert set(refused.errors) == {"duration"}
        assert ben.modal is not None
        await ben.submit(
            ben.modal, {"recommendation": "start CBT", "duration": "10m", "sent_to_provider": ["today"]}
        )
        done = await ben.sees("Reviewed today: 1 patient")
        await ben.click(done, "undo_review_0")
        await ben.click(await ben.sees("Undone: the case review."), "put_review_back")
        done = await ben.sees("Reviewed today: 1 patient")
        await ben.click(done, "open_fact_form_0")
        form = await clinic.slack.until(lambda: ben.modal, "the second form")
        await ben.submit(form, {"recommendation": "same dose", "duration": "5m"})
        await ben.sees("Reviewed today: 2 patients")
    assert not made.faults, "\n".join(made.faults)
    assert {"review", "undo", "put_back"} <= acts(url)
    assert times(url) == [300, 600]


def times(url: str) -> list[int]:
    """Seconds of the entries that stand, the shortest first."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = sorted(one for (one,) in connection.execute(text("SELECT seconds FROM current_entry")))
    engine.dispose()
    return found


def handle_of(context: Context, identity: str) -> str:
    """What names a patient in a form."""
    found = context.uow.patients.by_identity(identity)
    assert found is not None
    return found.handle


def last_month(clinic: Clinic) -> str:
    """`October 2026`."""
    now = clinic.program.practice.clock.now().astimezone(clinic.program.practice.settings.zone)
    month = BillingMonth.of(now.date()).plus(-1)
    return f"{month.name} {month.year}"
