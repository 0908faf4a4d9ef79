"""The form for time, through the real bot: patients found by typing, questions in the form, nothing typed lost."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest

from bot import slow_answers
from bot.screens.fact_buttons import open_form_button
from sandbox.model import Message, View
from storage import Database
from tests.support.bot import ANA, BEN, Clinic, clinic_at_work
from tests.support.caseloads import in_care
from tests.support.practice import TryPractice
from tests.support.reading import element_named, words


@pytest.fixture
async def clinic(database: Database) -> AsyncIterator[Clinic]:
    async with clinic_at_work(database) as at_work:
        yield at_work


def practice_of(clinic: Clinic, database: Database) -> TryPractice:
    practice = TryPractice(database)
    practice.clock.at = clinic.program.practice.clock.now()
    return practice


async def opened(clinic: Clinic, user: str = ANA, channel: str | None = None) -> View:
    """The form, opened by the bare command."""
    person = clinic.slack.person(user)
    await person.command("/cocm", channel)
    form: View = await clinic.slack.until(lambda: person.modal, "the form")
    return form


def stands(view: View, name: str) -> Any:
    """What stands in a field from the start."""
    element = element_named(view, name)[1]
    starts = ("initial_value", "initial_date", "initial_time", "initial_option")
    return next((element[start] for start in starts if start in element), None)


async def test_patients_are_found_by_what_is_typed(clinic: Clinic, database: Database) -> None:
    """One's own first, before a letter is typed; by handles, each group says why they are in it; no MRN comes back."""
    practice = practice_of(clinic, database)
    ana = practice.member("Ana Flores", slack=ANA)
    own = in_care(practice, ana, "441", enrolled_on=date(2026, 1, 5), initial_assessment_on=None)
    other = practice.patient("4410", assessed_on=None)
    person = clinic.slack.person(ANA)
    await person.command("/cocm log 5m MRN77 call")
    form = await opened(clinic)

    at_once = await person.look_up(form, "patient")
    assert [group["label"]["text"] for group in at_once.groups] == [
        "You logged time for lately",
        "Your caseload",
    ]
    typed = await person.look_up(form, "patient", "mrn 441")
    assert [
        (group["label"]["text"], [one["value"] for one in group["options"]]) for group in typed.groups
    ] == [
        ("Exactly what you typed", [own.handle]),
        ("Begins with what you typed", [other.handle]),
    ]
    assert "no time logged yet" in typed.options[0]["text"]["text"]
    assert "441" not in str(typed.groups)
    by_handle = await person.look_up(form, "patient", other.handle.removeprefix("P-").lower())
    assert by_handle.options[0]["value"] == other.handle
    inside = await person.look_up(form, "patient", "410")
    assert inside.options[0]["value"] == other.handle
    unknown = await person.look_up(form, "patient", "90210")
    assert [group["label"]["text"] for group in unknown.groups] == ["Nobody on file has this MRN"]
    assert "90210" not in str(unknown.groups)


async def test_mrns_are_shown_where_the_practice_decided_so(database: Database) -> None:
    """With MRNs in views, the menu names them."""
    async with clinic_at_work(database, phi_in_views=True) as clinic:
        practice_of(clinic, database).patient("441", assessed_on=None)
        person = clinic.slack.person(ANA)
        form = await opened(clinic)
        found = await person.look_up(form, "patient", "44")
        assert "MRN441" in found.options[0]["text"]["text"]
        unknown = await person.look_up(form, "patient", "MRN99")
        assert unknown.options[0]["text"]["text"] == "MRN99: not on file yet"


async def test_a_question_names_the_patient_as_the_menu_does(database: Database) -> None:
    """Whoever chose an MRN is asked about that MRN, not about a handle that the form never showed."""
    async with clinic_at_work(database, phi_in_views=True) as clinic:
        patient = practice_of(clinic, database).patient("441", assessed_on=None)
        person = clinic.slack.person(ANA)
        filled = {"patient": patient.handle, "duration": "20m", "note": "phone check-in"}
        await person.submit(await opened(clinic), filled)
        await person.sees("Logged 20 min for MRN441")
        asked = await person.submit(await opened(clinic), filled)
        assert asked.view is not None
        assert "The same 20 min for MRN441 was logged" in words(asked.view)
        assert patient.handle not in words(asked.view)


async def test_whoever_has_no_role_finds_nobody(clinic: Clinic, database: Database) -> None:
    """Somebody who may not see patients is offered none, and told nothing of them."""
    practice = practice_of(clinic, database)
    practice.patient("441", assessed_on=None)
    practice.do(_without_role)
    person = clinic.slack.person(BEN)
    form = await opened(clinic, BEN)
    assert (await person.look_up(form, "patient", "441")).options == []


def _without_role(context: Any) -> None:
    context.uow.members.add(slack_user_id=BEN, display_name="Ben Okoro", roles=frozenset())
    context.uow.commit()


@pytest.mark.parametrize(
    ("filled", "said"),
    [
        (
            {"duration": "20m", "start": "08:00", "end": "08:15"},
            {"duration": "8:00am to 8:15am is 15 min, and this"},
        ),
        ({"start": "08:15", "end": "08:00"}, {"end": "not after the start"}),
        ({"start": "08:15"}, {"end": "Choose when it ended"}),
        ({"end": "08:15"}, {"start": "Choose when it started"}),
        ({}, {"duration": "How long was it?"}),
        ({"duration": "15m call"}, {"duration": "Put “call” under “What you did”"}),
        ({"duration": "soon"}, {"duration": "No time"}),
        ({"duration": "20m", "end": "00:10"}, {"end": "past midnight"}),
        ({"duration": "15m", "day": "2020-01-05"}, {"day": "may go back"}),
        ({"duration": "9h"}, {"duration": "8 h"}),
    ],
)
async def test_what_is_wrong_is_said_at_its_field(
    clinic: Clinic, filled: dict[str, str], said: dict[str, str]
) -> None:
    """Length, times and date are each judged, and nothing is stored."""
    form = await opened(clinic)
    outcome = await clinic.slack.person(ANA).submit(
        form, {"patient": "MRN12", "note": "call", "day": "2026-11-03", **filled}
    )
    assert outcome.action == "errors"
    assert outcome.errors.keys() == said.keys()
    for name, words_ in said.items():
        assert words_ in outcome.errors[name]


@pytest.mark.parametrize(
    "filled",
    [
        {"start": "08:00", "end": "08:20"},
        {"duration": "20m", "start": "08:00"},
        {"duration": "20m", "end": "08:20"},
        {"duration": "8-8:20am"},
        {"duration": "20m", "start": "08:00", "end": "08:20"},
    ],
)
async def test_times_of_day_are_kept(clinic: Clinic, filled: dict[str, str]) -> None:
    """Start and end, or either with the length, or a length that says both."""
    yesterday = clinic.program.practice.clock.now().date().toordinal() - 2
    form = await opened(clinic)
    day = date.fromordinal(yesterday).isoformat()
    person = clinic.slack.person(ANA)
    await person.submit(form, {"patient": "MRN12", "note": "call", "day": day, **filled})
    receipt = await person.sees("Logged 20 min for MRN12")
    await person.click(receipt, "Edit")
    assert person.modal is not None
    assert (stands(person.modal, "start"), stands(person.modal, "end")) == ("08:00", "08:20")
    assert stands(person.modal, "duration") is None


async def test_an_activity_chosen_is_the_activity(clinic: Clinic) -> None:
    """The note says what it was unless it is chosen; held work is told as for a typed line."""
    person = clinic.slack.person(ANA)
    await person.submit(
        await opened(clinic),
        {"patient": "MRN12", "duration": "20m", "note": "psychotherapy", "activity": "counseling"},
    )
    assert "counseling" in words(await person.sees("Logged 20 min for MRN12"))
    await person.submit(
        await opened(clinic), {"patient": "MRN12", "duration": "25m", "note": "psychotherapy session"}
    )
    assert "Held, not counted" in words(await person.sees("Logged 25 min for MRN12"))


async def test_the_same_again_is_asked_in_the_form(clinic: Clinic) -> None:
    """Above the fields, which stay; another length is another entry, and is not asked about."""
    person = clinic.slack.person(ANA)
    filled = {"patient": "MRN12", "duration": "20m", "note": "phone check-in"}
    await person.submit(await opened(clinic), filled)
    await person.sees("Logged 20 min for MRN12")

    asked = await person.submit(await opened(clinic), filled)
    assert asked.view is not None
    assert "was logged" in words(asked.view)
    assert stands(asked.view, "note") == "phone check-in"
    changed = await person.submit(asked.view, {"duration": "21m", "answer": "Don't log it"})
    assert changed.action == "closed"
    await person.sees("Logged 21 min for MRN12")

    again = await person.submit(await opened(clinic), filled)
    assert again.view is not None
    await person.submit(again.view, {"answer": "Log it again"})
    assert "61 of 70" in words(await person.sees("61 of 70"))


async def test_the_receipt_comes_where_the_form_was_opened(clinic: Clinic) -> None:
    """A command in a channel is answered there, for her alone; from Home it is a direct message."""
    person = clinic.slack.person(ANA)
    form = await opened(clinic, ANA, "C0GENERAL")
    await person.submit(form, {"patient": "MRN12", "duration": "20m", "note": "call"})
    receipt = await person.sees("Logged 20 min for MRN12", "C0GENERAL")
    assert receipt.ephemeral_to == ANA
    # The date was chosen, not typed: there is no reading of it to explain.
    assert "Took" not in words(receipt)
    home = await person.home()
    await person.click(home, "Log time")
    assert person.modal is not None
    await person.submit(person.modal, {"patient": "MRN13", "duration": "5m", "note": "call"})
    assert (await person.sees("Logged 5 min for MRN13")).ephemeral_to is None


async def test_a_receipt_whose_place_is_gone_comes_as_a_direct_message(clinic: Clinic) -> None:
    """After half an hour Slack takes nothing more there."""
    person = clinic.slack.person(ANA)
    form = await opened(clinic, ANA, "C0GENERAL")
    clinic.slack.world.response_urls.clear()
    await person.submit(form, {"patient": "MRN12", "duration": "20m", "note": "call"})
    assert (await person.sees("Logged 20 min for MRN12")).ephemeral_to is None


async def test_a_form_that_takes_long_stays_open_and_says_when_it_is_done(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With all that was typed in it; the receipt follows."""
    person = clinic.slack.person(ANA)
    form = await opened(clinic)
    monkeypatch.setattr(slow_answers, "ANSWER_SECONDS", 0.0)
    saving = await person.submit(form, {"patient": "MRN12", "duration": "20m", "note": "call"})
    assert saving.view is not None
    assert "takes longer than usual" in words(saving.view)
    assert stands(saving.view, "note") == "call"
    await person.sees("Logged 20 min for MRN12")
    await clinic.slack.until(lambda: person.modal and "Saved." in words(person.modal), "the form's end")


async def test_what_fails_late_is_said_in_the_form(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    """Above its fields, which are as they were."""
    person = clinic.slack.person(ANA)
    form = await opened(clinic)
    monkeypatch.setattr(slow_answers, "ANSWER_SECONDS", 0.0)
    await person.submit(form, {"patient": "MRN12", "duration": "soon", "note": "a long story"})
    await clinic.slack.until(lambda: person.modal and "No time" in words(person.modal), "the trouble")
    assert person.modal is not None
    assert stands(person.modal, "note") == "a long story"


async def test_a_form_closed_before_it_failed_comes_back_with_a_button(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message says what was wrong, and opens it again as it was filled in."""
    person = clinic.slack.person(ANA)
    form = await opened(clinic)
    monkeypatch.setattr(slow_answers, "ANSWER_SECONDS", 0.0)
    # To the bot a closed form is one that Slack does not update.
    clinic.slack.refuse_block("alert", method="views.update")
    saving = await person.submit(form, {"patient": "MRN12", "duration": "soon", "note": "a long story"})
    assert saving.view is not None
    await person.close(saving.view)
    told = await person.sees("Not saved.")
    assert "No time" in words(told)
    await person.click(told, "Open the form again")
    again = await clinic.slack.until(lambda: person.modal, "the form")
    assert stands(again, "note") == "a long story"
    await person.submit(again, {"duration": "10m"})
    await person.sees("Logged 10 min for MRN12")


async def test_a_form_sent_twice_is_stored_once(clinic: Clinic) -> None:
    """Slack did not hear the first answer: the same is answered again, other words become a correction."""
    person = clinic.slack.person(ANA)
    form = await opened(clinic)
    filled = {"patient": "MRN12", "duration": "20m", "note": "call"}
    await person.submit(form, filled)
    await person.sees("Logged 20 min for MRN12")
    clinic.slack.sandbox.views.stack(ANA).append(form)
    assert (await person.submit(form, filled)).action == "closed"
    await person.sees("it was logged once")

    clinic.slack.sandbox.views.stack(ANA).append(form)
    changed = await person.submit(form, {**filled, "duration": "25m"})
    assert changed.view is not None
    assert "logged already, as 20 min" in words(changed.view)
    await person.submit(changed.view, {"reason": "typed 20"})
    assert "25 of 70" in words(await person.sees("Corrected: 25 min for MRN12"))


async def test_an_entry_is_moved_to_another_patient_in_the_form(clinic: Clinic, database: Database) -> None:
    """The patient is shown, and can be changed; a reason is asked for at its field, and nothing typed is lost."""
    other = practice_of(clinic, database).patient("441", assessed_on=None)
    person = clinic.slack.person(ANA)
    (receipt,) = await person.command("/cocm log 15m MRN123 phone check-in")
    await person.click(receipt, "Edit")
    assert person.modal is not None
    assert "phone check-in" not in str(person.modal.body["blocks"][:5])
    assert stands(person.modal, "patient")["text"]["text"].startswith("P-")
    outcome = await person.submit(person.modal, {"patient": "441"})
    assert "needs a reason" in outcome.errors["reason"]
    await person.submit(person.modal, {"patient": other.handle, "reason": "wrong chart"})
    await person.sees("Corrected: 15 min for MRN441")


async def test_a_message_fills_the_form(clinic: Clinic) -> None:
    """Patient, length, day and note as it says them; nothing is stored until Log is pressed."""
    ben, ana = clinic.slack.person(BEN), clinic.slack.person(ANA)
    message = await ben.say("called MRN123 15m about sleep", "C0GENERAL")
    await ana.shortcut("log_from_message", message)
    form = await clinic.slack.until(lambda: ana.modal, "the form")
    assert stands(form, "duration") == "15m"
    assert "sleep" in stands(form, "note")
    assert "123" not in str(form.body)
    assert "Nothing" not in words(form)
    (today,) = await ana.command("/cocm today")
    assert "15 min" not in words(today)
    await ana.submit(form, {})
    receipt = await ana.sees("Logged 15 min for MRN123", "C0GENERAL")
    assert receipt.ephemeral_to == ANA


async def test_a_message_that_is_no_entry_fills_what_it_can(clinic: Clinic) -> None:
    """Its words are the note, and an MRN in them is not."""
    ana = clinic.slack.person(ANA)
    message = await ana.say("please look at MRN123 before noon", "C0GENERAL")
    await ana.shortcut("log_from_message", message)
    form = await clinic.slack.until(lambda: ana.modal, "the form")
    assert stands(form, "duration") is None
    assert "before noon" in stands(form, "note")
    assert "123" not in str(form.body)


async def test_a_button_opens_the_form_for_its_patient(clinic: Clinic, database: Database) -> None:
    """The patient stands there; the receipt comes as a message that stays, since the button is in their own."""
    patient = practice_of(clinic, database).patient("441", assessed_on=None)
    person = clinic.slack.person(ANA)
    message = await _sent(clinic, person.dm, patient.handle)
    await person.click(message, "Log time")
    form = await clinic.slack.until(lambda: person.modal, "the form")
    assert stands(form, "patient")["value"] == patient.handle
    await person.submit(form, {"duration": "5m", "note": "call"})
    assert (await person.sees("Logged 5 min for MRN441")).ephemeral_to is None


async def _sent(clinic: Clinic, channel: str, handle: str) -> Message:
    blocks = [{"type": "actions", "elements": [open_form_button("log", handle, place=3)]}]
    await clinic.program.bot.client.chat_postMessage(channel=channel, text="A button.", blocks=blocks)
    return await clinic.slack.person(ANA).sees("Log time")
