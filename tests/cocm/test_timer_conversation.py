"""Timers as people use them, through the real bot and a sandbox: typed, by buttons, by forms, and asked about."""

from collections.abc import AsyncIterator

import pytest

from cocm.delivering import Outgoing
from cocm.wiring import open_program
from sandbox.model import Message
from services.entries import timers
from storage import Database
from tests.support.bot import ANA, answering_in_time, clinic_with_bot, settings_for
from tests.support.caseloads import in_care
from tests.support.practice import TryPractice
from tests.support.slack import LocalSlack, Person, running_slack, words


class Scene:
    """Ana manages care for two patients; time passes when the test says so."""

    def __init__(self, practice: TryPractice, slack: LocalSlack, outgoing: Outgoing) -> None:
        self.practice, self._outgoing = practice, outgoing
        self.ana: Person = slack.person(ANA)
        self.member = practice.member("Ana Flores", slack=ANA)
        in_care(practice, self.member, "123")
        in_care(practice, self.member, "124")

    async def typed(self, line: str, **passed: float) -> Message:
        """What Ana is answered, after some time has passed."""
        self.practice.clock.pass_(**passed)
        (answer,) = await self.ana.command(f"/cocm {line}")
        return answer

    async def said(self, line: str, **passed: float) -> str:
        """The same in words."""
        answer = await self.typed(line, **passed)
        assert "MRN" not in answer.text
        return words(answer)

    async def asked(self, **passed: float) -> list[Message]:
        """Everything that Ana has been asked about her timer by then."""
        self.practice.clock.pass_(**passed)
        await self._outgoing.planner.plan()
        await self._outgoing.sender.drain(60)
        return [each for each in self.ana.messages() if each.text == "Your timer is still running."]


@pytest.fixture
async def at(database: Database) -> AsyncIterator[Scene]:
    async with running_slack(clinic_with_bot()) as slack:
        practice = TryPractice(database)
        program = await open_program(settings_for(slack), database, clock=practice.clock)
        detach = await slack.attach(program.app)
        try:
            with answering_in_time():
                yield Scene(practice, slack, Outgoing(program))
            await program.bot.background.drain()
        finally:
            detach()
        assert slack.world.violations == []


async def test_start_stop_undo_and_put_back(at: Scene) -> None:
    """The receipt of a stop is that of a log; its undo gives the running timer back."""
    begun = await at.said("start MRN123 phone check-in")
    assert "*Timer started for MRN123* · since 10:00 am" in begun
    assert "None of it is logged or counted until you stop it." in begun
    seen = await at.said("timer", minutes=12)
    assert "*Timer running for MRN123* · 12 min · since 10:00 am" in seen
    receipt = await at.typed("stop, mom joined", minutes=13, seconds=13)
    said = words(receipt)
    assert "*Logged 25 min 13 s for MRN123* · phone · today" in said
    assert "phone check-in; mom joined" in said
    assert "Timed from 10:00 am to 10:25 am." in said
    assert "Timed: all 25 min 13 s logged in November." in said
    await at.ana.click(receipt, "Undo")
    back = words(await at.ana.sees("Undone: 25 min 13 s for MRN123"))
    assert "*Your timer for MRN123 runs again*, since 10:00 am." in back
    assert "*Timer running for MRN123*" in await at.said("timer")
    await at.ana.click(await at.ana.sees("Undone: 25 min 13 s"), "Put it back")
    await at.ana.sees("Back: 25 min 13 s for MRN123")
    none = await at.said("timer")
    assert "No timer is running." in none
    assert "The last one for MRN123 ended 10:25 am and was logged." in none


async def test_stop_at_a_time_and_with_another_patient(at: Scene) -> None:
    """Who is named is asked about; nothing is logged before the answer."""
    await at.said("start MRN123 at 9:40")
    question = await at.typed("stop MRN124 chart review at 9:55")
    assert "Your timer runs for MRN123, and you named MRN124. Whose time was it?" in words(question)
    await at.ana.click(question, "MRN124")
    said = words(await at.ana.sees("*Logged 15 min for MRN124*"))
    assert "Timed from 9:40 am to 9:55 am." in said


async def test_switch_by_word_by_button_and_by_form(at: Scene) -> None:
    """The first is logged, the next begins; a start while one runs only offers that."""
    await at.said("start MRN123 phone")
    receipt = await at.typed("switch MRN124 chart review", minutes=20)
    said = words(receipt)
    assert "*Logged 20 min for MRN123* · phone" in said
    assert "*Timer started for MRN124* · since 10:20 am" in said
    offer = await at.typed("start MRN123", minutes=10)
    assert "One timer runs at a time, so none was started for MRN123." in words(offer)
    assert "*Timer running for MRN124* · 10 min" in words(offer)
    await at.ana.click(offer, "Switch to MRN123")
    said = words(await at.ana.sees("*Logged 10 min for MRN124* · chart review"))
    assert "*Timer started for MRN123* · since 10:30 am" in said
    shown = await at.typed("timer", minutes=5)
    await at.ana.click(shown, "Switch")
    form = at.ana.modal
    assert form is not None
    await at.ana.submit(form, {"patient": "MRN124", "note": "call to school"})
    said = words(await at.ana.sees("*Logged 5 min for MRN123*"))
    assert "*Timer started for MRN124* · since 10:35 am" in said


async def test_a_timer_without_a_patient_names_one_when_it_stops(at: Scene) -> None:
    """By the form, which keeps the moment of the press, or typed; the timer goes on until then."""
    assert "Name the patient when you stop" in await at.said("start")
    asked = await at.typed("stop", minutes=15)
    assert "*Whose time was it?*" in words(asked)
    await at.ana.click(asked, "Name the patient…")
    form = at.ana.modal
    assert form is not None
    assert "MRN" not in form.body["private_metadata"]
    at.practice.clock.pass_(seconds=30)
    await at.ana.submit(form, {"patient": "MRN123", "note": "phone, sleep"})
    await at.ana.sees("*Logged 15 min for MRN123* · phone")
    await at.said("start")
    said = await at.said("stop MRN124 chart review", minutes=5)
    assert "*Logged 5 min for MRN124* · chart review" in said


async def test_a_forgotten_timer_asks_and_can_have_ended_earlier(at: Scene) -> None:
    """Over four hours nothing is logged without an answer, and the form says when it ended."""
    await at.said("start MRN123 phone")
    question = await at.typed("stop", hours=5)
    assert "The timer ran for 5 h. Was all of that time spent on the patient?" in words(question)
    await at.ana.click(question, "Stopped earlier…")
    form = at.ana.modal
    assert form is not None
    wrong = await at.ana.submit(form, {"ended": "soon", "note": ""})
    assert set(wrong.errors or {}) == {"ended"}
    late = await at.ana.submit(form, {"ended": "9:15", "note": ""})
    assert "is not between the timer's start, 10:00 am" in str(late.errors)
    await at.ana.submit(form, {"ended": "10:25", "note": ""})
    await at.ana.sees("*Logged 25 min for MRN123* · phone")


async def test_cancel_and_its_undo(at: Scene) -> None:
    """Nothing is logged; the button gives the timer back."""
    await at.said("start MRN123 phone")
    dropped = await at.typed("cancel", minutes=7)
    assert "*Timer for MRN123 canceled.* It ran for 7 min, since 10:00 am; nothing was logged." in words(
        dropped
    )
    await at.ana.click(dropped, "Undo")
    await at.ana.sees("*Your timer for MRN123 runs again*, since 10:00 am.")
    assert "*Timer running for MRN123* · 7 min" in await at.said("timer")


async def test_what_has_no_timer_is_answered_with_what_works(at: Scene) -> None:
    """Nothing is stored, and the words that were typed come back in a line."""
    said = await at.said("stop smoking counseling MRN123")
    assert "No timer is running." in said
    assert "`/cocm log ___ MRN123 stop smoking counseling`" in said
    await at.said("15m MRN123 call")
    found = await at.said("cancel MRN123")
    assert "15 min" in found


async def test_asked_after_45_minutes_then_hourly_three_times(at: Scene) -> None:
    """Once each, by direct message; never after it was stopped."""
    await at.said("start MRN123 phone")
    assert len(await at.asked(minutes=44)) == 0
    (first,) = await at.asked(minutes=1)
    assert "*Timer running for MRN123* · 45 min · since 10:00 am" in words(first)
    assert len(await at.asked(minutes=1)) == 1
    await at.ana.click(first, "Still working")
    await at.ana.sees("Noted: it keeps running.")
    assert len(await at.asked(minutes=59)) == 1
    assert len(await at.asked(hours=1)) == 2
    assert len(await at.asked(hours=1)) == 2
    (*_, last) = await at.asked()
    await at.ana.click(last, "Stop and log")
    await at.ana.sees("*Logged 3 h 45 min for MRN123*")


async def test_a_button_of_a_timer_that_is_gone_says_so(at: Scene) -> None:
    """Nothing is logged twice."""
    shown = await at.typed("start MRN123 phone")
    await at.said("stop", minutes=5)
    await at.ana.click(shown, "Stop and log")
    await at.ana.sees("That timer runs no more")
    assert isinstance(at.practice.see(timers.show, at.member), timers.NoTimer)
