"""The forms for care, through the real bot: what is on file stands in them, and what they record is undone as usual."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import pytest

from billing.people import MemberRole
from bot.screens.fact_buttons import open_form_button
from sandbox.model import View
from storage import Database
from tests.support.bot import ANA, BEN, Clinic, clinic_at_work
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


async def opened(clinic: Clinic, kind: str, handle: str = "", reference: str = "", user: str = ANA) -> View:
    """A form, opened by a button in somebody's direct message with the bot."""
    person = clinic.slack.person(user)
    button = open_form_button(kind, handle, "Open it", reference=reference)
    await clinic.program.bot.client.chat_postMessage(
        channel=person.dm, text="A button.", blocks=[{"type": "actions", "elements": [button]}]
    )
    await person.click(await person.sees("Open it"), "Open it")
    form: View = await clinic.slack.until(lambda: person.modal, "the form")
    return form


def stands(view: View, name: str) -> Any:
    """What stands in a field from the start; a choice's value."""
    element = element_named(view, name)[1]
    starts = ("initial_value", "initial_date", "initial_time", "initial_option")
    found = next((element[start] for start in starts if start in element), None)
    return found["value"] if isinstance(found, dict) else found


def local_day(clinic: Clinic, days_ago: int = 0) -> date:
    practice = clinic.program.practice
    return practice.clock.now().astimezone(practice.settings.zone).date() - timedelta(days=days_ago)


async def test_somebody_new_is_enrolled_with_all_that_a_claim_needs(clinic: Clinic) -> None:
    """By the MRN as typed; the receipt says what is on file now, and one button takes it back."""
    ana = clinic.slack.person(ANA)
    form = await opened(clinic, "enroll")
    wrong = await ana.submit(
        form,
        {"patient": "MRN771", "payer": "Cedar Health", "npi": "1234567890", "place_of_service": "office"},
    )
    assert "is not an NPI" in wrong.errors["npi"]
    assert "is not a place of service" in wrong.errors["place_of_service"]
    await ana.submit(
        form,
        {
            "patient": "MRN771",
            "payer": "Cedar Health",
            "npi": "1234567893",
            "diagnoses": "F32.1 F41.1",
            "place_of_service": "11",
            "apcm": "No",
        },
    )
    receipt = words(await ana.sees("MRN771 enrolled in CoCM"))
    for said in ("Cedar Health", "1234567893", "F32.1", "Care manager Ana Flores"):
        assert said in receipt
    await ana.click(await ana.sees("MRN771 enrolled"), "Undo")
    await ana.sees("Undone")


async def test_the_enrollment_on_file_stands_in_the_form_and_only_changes_are_said(
    clinic: Clinic, database: Database
) -> None:
    """Opened to add one thing, it says nothing about the rest; a change takes the day from which it holds."""
    ana = clinic.slack.person(ANA)
    await ana.command("/cocm enroll MRN771 payer Cedar Health dx F33.0 on 11/2")
    handle = await handle_of(database, "771")
    form = await opened(clinic, "enroll", handle)
    assert (stands(form, "payer"), stands(form, "program")) == ("Cedar Health", "CoCM")
    assert "771" not in str(form.body)
    assert "F33" not in str(form.body)
    await ana.submit(form, {"npi": "1234567893"})
    receipt = words(await ana.sees("1234567893"))
    assert "Cedar Health" not in receipt
    same = await opened(clinic, "enroll", handle)
    await ana.submit(same, {})
    await ana.sees("Nothing was changed")


async def test_consent_is_given_corrected_and_taken_back(clinic: Clinic, database: Database) -> None:
    """Verbal or written, with cost-sharing; what is on file is shown, and can be corrected."""
    ana = clinic.slack.person(ANA)
    await ana.command(f"/cocm enroll MRN771 on {local_day(clinic, 20):%m/%d/%Y}")
    handle = await handle_of(database, "771")
    form = await opened(clinic, "consent", handle, local_day(clinic, 3).isoformat())
    assert stands(form, "day") == local_day(clinic, 3).isoformat()
    assert "no consent on file" in words(form)
    ahead = await ana.submit(form, {"kind": "Verbal", "day": local_day(clinic, -9).isoformat()})
    assert "has not come yet" in ahead.errors["day"]
    await ana.submit(
        form, {"kind": "Verbal", "cost_sharing": "Disclosed", "day": local_day(clinic, 3).isoformat()}
    )
    await ana.sees("Cost-sharing was disclosed")
    again = await opened(clinic, "consent", handle)
    assert "verbal consent of" in words(again)
    await ana.submit(again, {"kind": "written", "corrects": ["yes"], "day": local_day(clinic, 4).isoformat()})
    assert "Before: verbal consent" in words(await ana.sees("written consent of"))
    last = await opened(clinic, "consent", handle)
    await ana.submit(last, {"kind": "revoked"})
    await ana.sees("consent revoked, today")


async def test_scores_are_recorded_with_what_was_answered_about_suicide(
    clinic: Clinic, database: Database
) -> None:
    """Item 9 and the C-SSRS have fields of their own; a score without a scale is asked about at its field."""
    ana = clinic.slack.person(ANA)
    await ana.command("/cocm enroll MRN771")
    handle = await handle_of(database, "771")
    form = await opened(clinic, "assess", handle, "PCL-5")
    assert stands(form, "other_scale") == "PCL-5"
    assert (await ana.submit(form, {})).errors == {"other_score": "Add the score."}
    await ana.close(form)
    form = await opened(clinic, "assess", handle)
    assert "at least one score" in (await ana.submit(form, {})).errors["score_phq9"]
    alone = await ana.submit(form, {"item_9": "2 · more than half the days"})
    assert "belongs to a PHQ-9" in alone.errors["item_9"]
    assert "Choose the scale" in (await ana.submit(form, {"other_score": "40"})).errors["other_score"]
    await ana.submit(form, {"score_phq9": "14", "score_gad7": "11", "other_scale": "PCL-5"})
    receipt = words(await ana.sees("MRN771: PHQ-9 14"))
    assert "GAD-7 11" in receipt
    assert "PCL-5 40" in receipt


async def test_a_discharge_takes_its_reason_as_it_is(clinic: Clinic, database: Database) -> None:
    """Dates and figures in it are words; the day has a field."""
    ana = clinic.slack.person(ANA)
    await ana.command(f"/cocm enroll MRN771 on {local_day(clinic, 20):%m/%d/%Y}")
    handle = await handle_of(database, "771")
    form = await opened(clinic, "discharge", handle)
    early = await ana.submit(form, {"day": local_day(clinic, 30).isoformat(), "reason": "moved away on 3/4"})
    assert "before" in early.errors["day"]
    await ana.submit(
        form, {"day": local_day(clinic, 1).isoformat(), "reason": "moved away on 3/4, 2 visits left"}
    )
    await ana.sees("MRN771 discharged, yesterday: moved away on 3/4, 2 visits left")


async def test_whoever_may_not_record_it_is_told_before_they_fill_anything_in(
    clinic: Clinic, database: Database
) -> None:
    """A biller opens no form for consent."""
    practice = practice_of(clinic, database)
    practice.member("Ben Okoro", MemberRole.BILLER, slack=BEN)
    patient = practice.patient("771")
    ben = clinic.slack.person(BEN)
    button = open_form_button("consent", patient.handle, "Open it")
    await clinic.program.bot.client.chat_postMessage(
        channel=ben.dm, text="A button.", blocks=[{"type": "actions", "elements": [button]}]
    )
    await ben.click(await ben.sees("Open it"), "Open it")
    await ben.sees("can record consents")
    assert ben.modal is None


async def handle_of(database: Database, identity: str) -> str:
    """The handle under which somebody was enrolled."""

    def read(context: Any) -> str:
        found = context.uow.patients.by_identity(identity)
        assert found is not None
        return str(found.handle)

    return TryPractice(database).see(read)


async def test_a_stated_score_stands_in_the_form_and_nothing_is_stored_before(
    clinic: Clinic, database: Database
) -> None:
    """Patient, score, item 9 and day; the button opens it as often as it is pressed, and stores by the form alone."""
    ana = clinic.slack.person(ANA)
    await ana.command(f"/cocm enroll MRN771 on {local_day(clinic, 20):%m/%d/%Y}")
    handle = await handle_of(database, "771")
    await ana.say("PHQ-9 14 item9 2 MRN771 yesterday")
    offer = await ana.sees("that states a score and no time")
    assert "MRN771" not in offer.text
    for _ in range(2):
        await ana.click(offer, "Record the score")
        form: View = await clinic.slack.until(lambda: ana.modal, "the form")
        assert (stands(form, "patient"), stands(form, "score_phq9"), stands(form, "item_9")) == (
            handle,
            "14",
            "2",
        )
        assert stands(form, "day") == local_day(clinic, 1).isoformat()
        assert "771" not in str(form.body)
    await ana.submit(form, {})
    await ana.sees("PHQ-9 14, item 9: 2 of 3")


async def test_a_score_of_nobody_on_file_and_of_nobody_named(clinic: Clinic) -> None:
    """The MRN as typed stands in the form; where none was typed, the form asks."""
    ana = clinic.slack.person(ANA)
    await ana.say("MRN8842 GAD-7 11 PCL-5 40")
    await ana.click(await ana.sees("that states scores and no time"), "Record the scores")
    form: View = await clinic.slack.until(lambda: ana.modal, "the form")
    assert str(stands(form, "patient")).startswith("typed:")
    assert (stands(form, "score_gad7"), stands(form, "other_scale"), stands(form, "other_score")) == (
        "11",
        "PCL-5",
        "40",
    )
    await ana.close(form)
    await ana.say("C-SSRS 4")
    await ana.click(await ana.sees("no patient named"), "Record the score")
    form = await clinic.slack.until(lambda: ana.modal, "the form")
    assert (stands(form, "patient"), stands(form, "suicide_screen")) == (None, "4")


@pytest.mark.parametrize("kind", ["assess", "consent", "discharge"])
async def test_a_form_for_a_month_that_is_over_has_its_day_chosen(
    clinic: Clinic, database: Database, kind: str
) -> None:
    """Dated today it would be a fact of another month: nothing stands there, and it cannot be sent empty."""
    ana = clinic.slack.person(ANA)
    await ana.command(f"/cocm enroll MRN771 on {local_day(clinic, 20):%m/%d/%Y}")
    handle = await handle_of(database, "771")
    form = await opened(clinic, kind, handle, "2026-10")
    assert stands(form, "day") is None
    block, _ = element_named(form, "day")
    assert "October 2026" in str(block["hint"])
    assert not block.get("optional")
