"""While the database is away, and for those whose membership ended: each click, line and form gets a sentence."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qsl

import pytest

from billing.people import MemberRole
from bot import home_refresh, slow_answers
from sandbox.model import View
from services.people import memberships
from storage import Database, DatabaseUnavailable
from storage.errors import DiskFull
from tests.support.again import over_http
from tests.support.bot import ANA, SAM, Clinic, clinic_at_work
from tests.support.crowd import add_member
from tests.support.reading import element_named, words
from tests.support.serving import command_body
from tests.support.slack import Person

LINE = "/cocm log 15m MRN123 phone check-in"
NOTE = "a long story about the call"
AWAY = "The database cannot be reached. Nothing changed."


@pytest.fixture
async def clinic(database: Database) -> AsyncIterator[Clinic]:
    with patch.multiple(home_refresh, SETTLE_SECONDS=0.0, LOOKERS_SECONDS=0.05, OLD_SECONDS=0.2):
        async with clinic_at_work(database) as at_work:
            yield at_work


@contextmanager
def away(clinic: Clinic) -> Iterator[None]:
    """Have the database refuse whatever is asked of it, as one that cannot be reached does."""

    async def refuse(*_: Any, **__: Any) -> Any:
        raise DatabaseUnavailable

    with patch.multiple(clinic.program.database, reading=refuse, writing=refuse):
        yield


@contextmanager
def silent(clinic: Clinic) -> Iterator[asyncio.Event]:
    """Have the database answer nothing until the event is set, and all that was asked of it then."""
    database, answers = clinic.program.database, asyncio.Event()
    reading, writing = database.reading, database.writing

    async def read(*args: Any, **options: Any) -> Any:
        await answers.wait()
        return await reading(*args, **options)

    async def write(*args: Any, **options: Any) -> Any:
        await answers.wait()
        return await writing(*args, **options)

    with patch.multiple(database, reading=read, writing=write):
        yield answers


async def form_filled(clinic: Clinic, person: Person) -> tuple[View, dict[str, Any]]:
    """The form to log time, and what is filled into it; the patient was picked while that was possible."""
    await person.command("/cocm")
    form: View = await clinic.slack.until(lambda: person.modal, "the form")
    found = await person.look_up(form, "patient", "MRN12")
    return form, {"patient": found.options[0], "duration": "20m", "note": NOTE}


async def test_everything_asked_of_a_database_that_is_away_is_answered(clinic: Clinic) -> None:
    """At the command, beside the click, in the form with all that was typed, and in the conversation."""
    ana = clinic.slack.person(ANA)
    (receipt,) = await ana.command(LINE)
    form, filled = await form_filled(clinic, ana)
    with away(clinic):
        (refused,) = await ana.command(LINE)
        assert AWAY in words(refused)
        await ana.click(receipt, "Undo")
        assert (await ana.sees(AWAY)).ephemeral_to == ANA
        outcome = await ana.submit(form, filled)
        assert AWAY in str(outcome.errors)
        await ana.say("log 20m MRN123 care plan")
        await clinic.slack.until(
            lambda: [one for one in ana.messages() if AWAY in words(one) and one.ephemeral_to is None],
            "an answer in the conversation",
        )
    assert ana.modal is not None
    await ana.submit(ana.modal, filled)
    await ana.sees("Logged 20 min for MRN12")


async def test_home_says_that_it_is_old_and_comes_back(clinic: Clinic) -> None:
    """With all that it showed before; nobody has to open it again."""
    ana = clinic.slack.person(ANA)
    await ana.command(LINE)
    fresh = words(await ana.home())
    with away(clinic):
        old = words(await ana.home())
        assert "The database does not answer; this may be out of date." in old
        assert old.startswith("As of") or "As of" in old
        assert fresh[:80] in old
    await clinic.slack.until(
        lambda: "out of date" not in words(clinic.slack.sandbox.views.home(ANA)), "a fresh Home"
    )


async def test_home_that_was_never_shown_says_why_it_is_not(clinic: Clinic) -> None:
    """Rather than nothing."""
    ana = clinic.slack.person(ANA)
    await ana.command(LINE)
    with away(clinic):
        assert "The database does not answer" in words(await ana.home())


async def test_what_a_silent_database_keeps_waiting_is_promised_and_then_told(clinic: Clinic) -> None:
    """Neither the command nor the click, the message nor the form is left without a word."""
    ana = clinic.slack.person(ANA)
    (receipt,) = await ana.command(LINE)
    form, filled = await form_filled(clinic, ana)
    with (
        silent(clinic) as answers,
        patch.multiple(slow_answers, ANSWER_SECONDS=0.05, FORM_SECONDS=0.05),
    ):
        (saving,) = await ana.command("/cocm log 5m MRN123 care plan")
        assert "Saving ..." in words(saving)
        pressed = asyncio.ensure_future(ana.click(receipt, "Undo"))
        await ana.sees("This takes longer than usual, and I am still at it.")
        outcome = await ana.submit(form, filled)
        assert outcome.view is not None
        assert "takes longer than usual" in words(outcome.view)
        assert element_named(outcome.view, "note")[1]["initial_value"] == NOTE
        said = asyncio.ensure_future(ana.say("log 7m MRN123 chart review"))
        await ana.sees("Saving ... This takes longer than usual. No need to send it again")
        answers.set()
        await asyncio.gather(pressed, said)
        told = await ana.sees("Logged 5 min for MRN123")
        assert told.ephemeral_to == ANA
        await ana.sees("Undone")
        await ana.sees("Logged 7 min for MRN123")
        await ana.sees("Logged 20 min for MRN12")
    await clinic.slack.until(
        lambda: not [one for one in ana.messages() if "No need to send it again" in words(one)],
        "the promise taken back",
    )


async def test_an_outcome_whose_place_has_expired_is_a_direct_message(clinic: Clinic) -> None:
    """After half an hour, or five messages, Slack takes nothing more there."""
    ana = clinic.slack.person(ANA)
    with silent(clinic) as answers, patch.object(slow_answers, "ANSWER_SECONDS", 0.05):
        await ana.command(LINE, "C0GENERAL")
        clinic.slack.world.response_urls.clear()
        answers.set()
        assert (await ana.sees("Logged 15 min for MRN123")).ephemeral_to is None


async def test_past_capacity_each_is_told_and_has_their_words_back(clinic: Clinic) -> None:
    """Nothing of it is stored, then or later."""
    ana = clinic.slack.person(ANA)
    (receipt,) = await ana.command(LINE)
    form, filled = await form_filled(clinic, ana)
    admission = clinic.program.app._admission
    with patch.object(admission, "limit", 0.0), patch.object(slow_answers, "TURN_SECONDS", 0.01):
        (busy,) = await ana.command("/cocm log 5m MRN123 care plan")
        assert "Busy. Nothing was stored. Send it again in a moment." in words(busy)
        assert "/cocm log 5m MRN123 care plan" in words(busy)
        await ana.click(receipt, "Undo")
        await ana.say("log 7m MRN123 chart review")
        await clinic.slack.until(
            lambda: sum("Busy. Nothing was stored" in words(one) for one in ana.messages()) == 3,
            "a word on each",
        )
        outcome = await ana.submit(form, filled)
        assert "Busy. Nothing was stored" in str(outcome.errors)
    (again,) = await ana.command("/cocm log 1m MRN123 care plan")
    assert "16 of 70" in words(again)


async def test_past_capacity_nothing_is_kept_of_a_command_over_http(clinic: Clinic) -> None:
    """Several lines come back below the word; and the very same bytes are carried out once there is room."""
    command = dict(
        parse_qsl(command_body("log 5m MRN123 care plan", trigger_id="T1"), keep_blank_values=True)
    )
    lines = {**command, "text": "5m MRN123 care plan\n7m MRN123 chart review", "trigger_id": "T2"}
    admission = clinic.program.app._admission
    with patch.object(admission, "limit", 0.0), patch.object(slow_answers, "TURN_SECONDS", 0.01):
        busy = await over_http(clinic.program, "slash_commands", command)
        assert "Busy. Nothing was stored. Send it again in a moment." in str(busy)
        assert "/cocm log 5m MRN123 care plan" in str(busy)
        assert "7m MRN123 chart review" in str(await over_http(clinic.program, "slash_commands", lines))
    receipt = await over_http(clinic.program, "slash_commands", command)
    assert "5 of 70 min" in str(receipt)


async def test_a_full_disk_is_said_to_be_one(clinic: Clinic) -> None:
    """And that nothing was stored; what only reads goes on."""

    async def refuse(*_: Any, **__: Any) -> Any:
        raise DiskFull

    ana = clinic.slack.person(ANA)
    await ana.command(LINE)
    with patch.object(clinic.program.database, "writing", refuse):
        (refused,) = await ana.command("/cocm log 5m MRN123 care plan")
        assert "Nothing was stored: the database's disk is full." in words(refused)
        (today,) = await ana.command("/cocm today")
        assert "15 min" in words(today)


async def test_whoever_is_no_member_any_more_is_told_so_wherever_they_press(clinic: Clinic) -> None:
    """A command, a click, a message, Home and its buttons; in a form nothing typed is lost."""
    ended = "Your membership of this practice was ended."
    sam = await clinic.program.practice.write(add_member, SAM, "Sam Whitfield", MemberRole.ADMIN)
    ana = clinic.slack.person(ANA)
    (receipt,) = await ana.command(LINE)
    home = await ana.home()
    form, filled = await form_filled(clinic, ana)
    await clinic.program.practice.write(memberships.end, sam, "Ana Flores")
    (refused,) = await ana.command(LINE)
    assert ended in words(refused)
    await ana.click(receipt, "Undo")
    await clinic.slack.until(
        lambda: sum(ended in words(one) for one in ana.messages()) == 2, "a word on the click"
    )
    outcome = await ana.submit(form, filled)
    assert ended in str(outcome.errors)
    await ana.say("log 7m MRN123 chart review")
    await clinic.slack.until(
        lambda: sum(ended in words(one) for one in ana.messages()) == 3, "a word on the message"
    )
    await ana.click(home, "Log time")
    await clinic.slack.until(
        lambda: sum(ended in words(one) for one in ana.messages()) == 4, "a word on Home's button"
    )
    assert ended in words(await ana.home())
