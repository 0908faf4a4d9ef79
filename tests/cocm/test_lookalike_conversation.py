"""An MRN that is nobody's and much like somebody's, typed at every door, through the real bot and a sandbox."""

from collections.abc import AsyncIterator

import pytest

from billing.people import MemberRole
from services.context import Context
from storage import Database
from tests.support.bot import ANA, Clinic, clinic_at_work
from tests.support.reading import element_named, words


@pytest.fixture
async def clinic(database: Database) -> AsyncIterator[Clinic]:
    async with clinic_at_work(database) as at_work:
        await at_work.program.practice.write(ana_and_two_patients)
        yield at_work


def ana_and_two_patients(context: Context) -> None:
    """Ana manages care and supervises; MRN00417 and MRN8899 are on the roster, MRN0055 is known from chat alone."""
    context.uow.members.add(
        slack_user_id=ANA,
        display_name="Ana Flores",
        roles=frozenset({MemberRole.CARE_MANAGER, MemberRole.CONSULTANT, MemberRole.SUPERVISOR}),
    )
    for identity, on_roster in (("00417", True), ("8899", True), ("0055", False)):
        context.uow.patients.add(mrn=f"MRN{identity}", identity=identity, on_roster=on_roster)
    context.uow.commit()


async def identities(clinic: Clinic) -> list[str]:
    """Whom the practice knows."""
    return await clinic.program.practice.read(
        lambda context: sorted(patient.identity for patient in context.uow.patients.all())
    )


async def enrolled(clinic: Clinic, mrn: str) -> None:
    await clinic.slack.person(ANA).command(f"/cocm enroll {mrn}")


CARE = (
    "enroll {} payer BCBS ND",
    "consent {} verbal",
    "assess {} PHQ-9 14",
    "review {} 20m continue",
    "review {} continue sertraline",
    "discharge {} goals met",
    "assign {} @ana",
    "admit {}",
    "state {} necessity",
    "attest {} this month late time",
)


@pytest.mark.parametrize("command", CARE)
@pytest.mark.parametrize("mrn", ["MRN417", "MRN00471"])
async def test_every_command_about_care_asks_and_stores_nothing_before(
    clinic: Clinic, command: str, mrn: str
) -> None:
    """The question names the MRN, the patient and what sets them apart; its notification names nobody."""
    ana = clinic.slack.person(ANA)
    (question,) = await ana.command(f"/cocm {command.format(mrn)}")
    said = words(question)
    assert f"{mrn} is not on file, but a very similar MRN is: MRN00417" in said
    assert ("leading zeros" if mrn == "MRN417" else "one typo") in said
    assert "MRN" not in question.text
    assert await identities(clinic) == ["00417", "0055", "8899"]


async def test_one_tap_does_it_for_the_patient_who_was_meant(clinic: Clinic) -> None:
    """The whole request is carried out, not only the name of the patient."""
    await enrolled(clinic, "MRN00417")
    ana = clinic.slack.person(ANA)
    (question,) = await ana.command("/cocm assess MRN417 PHQ-9 14")
    await ana.click(question, "MRN00417")
    assert "PHQ-9 14, today" in words(await ana.sees("MRN00417"))
    (question,) = await ana.command("/cocm review MRN8899, MRN417 15m")
    await ana.click(question, "MRN00417")
    assert "15 of 70 min" in words(await ana.sees("case review by Ana Flores"))
    (question,) = await ana.command("/cocm consent MRN417 verbal")
    await ana.click(question, "Record nothing")
    await ana.sees("Nothing was recorded")


@pytest.mark.parametrize("typed", ["MRN417", "mrn 0417", "#000417", "MRN 4 1 7", "MRN four one seven"])
async def test_a_log_asks_however_the_mrn_is_written(clinic: Clinic, typed: str) -> None:
    """The answer logs for the patient on file; no second patient comes to be."""
    ana = clinic.slack.person(ANA)
    (question,) = await ana.command(f"/cocm log 15m {typed} phone")
    assert "leading zeros" in words(question)
    await ana.click(question, "MRN00417")
    assert "15 of 70 min" in words(await ana.sees("Logged 15 min for MRN00417"))
    assert await identities(clinic) == ["00417", "0055", "8899"]


async def test_kept_as_typed_it_is_a_patient_of_its_own_and_said_to_be_on_no_roster(clinic: Clinic) -> None:
    """Whoever insists gets a second patient, and is told so on the receipt."""
    ana = clinic.slack.person(ANA)
    (question,) = await ana.command("/cocm log 15m MRN417 phone")
    await ana.click(question, "Keep MRN417")
    receipt = words(await ana.sees("Logged 15 min for MRN417"))
    assert "MRN417 is not on the roster" in receipt
    (again,) = await ana.command("/cocm log 20m MRN417 chart review")
    assert "Logged 20 min for MRN417" in words(again)


async def test_zeros_are_asked_about_for_patients_known_from_chat_too(clinic: Clinic) -> None:
    """Typos are not: without a roster, MRNs that follow each other are different people."""
    ana = clinic.slack.person(ANA)
    (question,) = await ana.command("/cocm log 15m MRN55 phone")
    assert "MRN0055" in words(question)
    (receipt,) = await ana.command("/cocm log 15m MRN0056 phone")
    assert "MRN0056 is not on the roster" in words(receipt)


async def test_the_form_asks_in_the_form(clinic: Clinic) -> None:
    """The same question above the fields, with handles; what was typed is still there, and the answer logs it."""
    ana = clinic.slack.person(ANA)
    await ana.command("/cocm")
    modal = await clinic.slack.until(lambda: ana.modal, "the form")
    as_typed = (await ana.look_up(modal, "patient", "MRN417")).options[-1]
    asked = await ana.submit(modal, {"patient": as_typed, "duration": "15m", "note": "phone check-in"})
    assert asked.view is not None
    assert "a very similar one is" in words(asked.view)
    assert "417" not in str(asked.view.body)
    assert "phone check-in" in str(asked.view.body)
    handle = element_named(asked.view, "answer")[1]["options"][0]["text"]["text"]
    await ana.submit(asked.view, {"answer": handle})
    await ana.sees("Logged 15 min for MRN00417")


async def test_moving_an_entry_asks_and_moves_it(clinic: Clinic) -> None:
    """Nothing changes before the answer, nor with the last one."""
    ana = clinic.slack.person(ANA)
    (receipt,) = await ana.command("/cocm log 15m MRN8899 phone")
    reference = next(word.strip("`") for word in words(receipt).split() if word.startswith("`e-"))
    (question,) = await ana.command(f"/cocm edit {reference} MRN417 because wrong chart")
    assert "leading zeros" in words(question)
    await ana.click(question, "Change nothing")
    await ana.sees("Nothing was changed")
    (question,) = await ana.command(f"/cocm edit {reference} MRN417 because wrong chart")
    await ana.click(question, "MRN00417")
    await ana.sees("Corrected: 15 min for MRN00417")


async def test_splitting_an_entry_asks_for_each_part(clinic: Clinic) -> None:
    """Two slips are two questions; then the entry is split."""
    ana = clinic.slack.person(ANA)
    (receipt,) = await ana.command("/cocm log 20m MRN8899 phone")
    reference = next(word.strip("`") for word in words(receipt).split() if word.startswith("`e-"))
    (question,) = await ana.command(f"/cocm split {reference} 10m MRN417 / 10m MRN8889")
    await ana.click(question, "MRN00417")
    question = await ana.sees("MRN8889 is not on file")
    await ana.click(question, "MRN8899")
    assert "10 min for MRN00417" in words(await ana.sees("Split into 2 entries"))


async def test_what_only_looks_names_the_near_one(clinic: Clinic) -> None:
    """Nothing could be stored wrong, so a sentence is enough."""
    for command in ("status", "why"):
        (refused,) = await clinic.slack.person(ANA).command(f"/cocm {command} MRN417")
        assert "Did you mean MRN00417?" in words(refused)
