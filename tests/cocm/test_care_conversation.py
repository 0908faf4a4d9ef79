"""What people type and see about care, through the real bot and a sandbox."""

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
        await at_work.program.practice.write(people_of_the_practice)
        yield at_work


def people_of_the_practice(context: Context) -> None:
    """Ana manages care, Ben is the consultant, Sam bills."""
    roles = {ANA: MemberRole.CARE_MANAGER, BEN: MemberRole.CONSULTANT, SAM: MemberRole.BILLER}
    names = {ANA: "Ana Flores", BEN: "Ben Okoro", SAM: "Sam Whitfield"}
    for user, role in roles.items():
        context.uow.members.add(slack_user_id=user, display_name=names[user], roles=frozenset({role}))
    context.uow.commit()


async def said(clinic: Clinic, who: str, line: str) -> str:
    """What the acknowledgment of a command shows; its notification never names a patient."""
    (answer,) = await clinic.slack.person(who).command(f"/cocm {line}")
    assert "MRN" not in answer.text
    assert answer.ephemeral_to == who
    return words(answer)


async def test_from_enrollment_to_a_month_that_lacks_nothing(clinic: Clinic) -> None:
    """Each answer says what is now true and what is still missing, until only time is."""
    enrolled = await said(clinic, ANA, "enroll MRN123 payer BCBS ND npi 1234567893")
    assert "MRN123 enrolled in CoCM since today" in enrolled
    assert "Payer BCBS ND · Referring NPI 1234567893 · Care manager Ana Flores" in enrolled
    assert "Not billable yet: consent missing, initial assessment missing" in enrolled
    consented = await said(clinic, ANA, "consent MRN123 verbal cost-sharing")
    assert "verbal consent of today recorded" in consented
    assert "Cost-sharing was disclosed" in consented
    assert "consent missing" not in consented
    assessed = await said(clinic, ANA, "assess MRN123 PHQ-9 18 GAD-7 11")
    assert "PHQ-9 18, GAD-7 11, today" in assessed
    assert "This is the initial assessment" in assessed
    assert "Not billable yet" not in assessed
    reviewed = await said(clinic, BEN, "review MRN123 20m continue sertraline & recheck")
    assert "case review by Ben Okoro, today" in reviewed
    assert "continue sertraline & recheck" in reviewed
    assert "20 of 36 min · 16 to 99492" in reviewed
    sent = await said(clinic, ANA, "review MRN123 sent today")
    assert "recommendation sent to the treating provider, today" in sent
    again = await said(clinic, ANA, "enroll MRN123")
    assert "is enrolled in CoCM already since today" in again


async def test_undo_takes_a_review_back_with_its_time(clinic: Clinic) -> None:
    """The button under the review voids the time of every patient, and the reviews with it."""
    for mrn in ("MRN123", "MRN98765"):
        await said(clinic, ANA, f"enroll {mrn}")
    ben = clinic.slack.person(BEN)
    (reviewed,) = await ben.command("/cocm review MRN123, MRN98765 15m")
    assert words(reviewed).count("15 of 70 min") == 2
    await ben.click(reviewed, "Undo")
    undone = await ben.sees("Undone")
    assert "*Undone: the case review.*" in words(undone)
    assert words(undone).count("*Undone: 15 min for") == 2
    assert "No review of MRN123" in await said(clinic, ANA, "review MRN123 sent today")


async def test_a_care_manager_names_the_consultant(clinic: Clinic) -> None:
    """Without one the review is refused with what to add; a picked mention is who is meant."""
    await said(clinic, ANA, "enroll MRN123")
    assert "Add by @dr" in await said(clinic, ANA, "review MRN123 20m")
    joint = await said(clinic, ANA, "review MRN123 20m with @ben")
    assert "case review by Ben Okoro" in joint


async def test_a_mistyped_mrn_is_asked_about(clinic: Clinic) -> None:
    """The question's buttons enroll the near patient, the new one, or nobody."""
    await said(clinic, ANA, "enroll MRN4711")
    ana = clinic.slack.person(ANA)
    (question,) = await ana.command("/cocm enroll MRN4712 payer BCBS ND")
    assert "a very similar MRN is" in words(question)
    await ana.click(question, "MRN4712 is new")
    assert "Payer BCBS ND" in words(await ana.sees("MRN4712 enrolled in CoCM"))
    (question,) = await ana.command("/cocm consent MRN4713 verbal")
    await ana.click(question, "MRN4711")
    assert "verbal consent" in words(await ana.sees("MRN4711"))


async def test_bad_words_are_marked_all_at_once(clinic: Clinic) -> None:
    """Every problem with its word between arrows, and a line that works."""
    refused = await said(clinic, ANA, "assess MRN123 PHQ-9 41 BDI 20 30m tomorrow")
    for marked in ("»PHQ-9 41«", "»BDI 20«", "»30m«", "»tomorrow«"):
        assert marked in refused
    assert "/cocm assess MRN123 PHQ-9 ___" in refused
    assert "Nothing was changed" in refused


async def test_stays_statements_and_who_may_attest(clinic: Clinic) -> None:
    """What findings ask for, and a refusal that names whom to ask."""
    await said(clinic, ANA, "enroll MRN123")
    assert "inpatient since today" in await said(clinic, ANA, "admit MRN123")
    assert "to today" in await said(clinic, ANA, "admit MRN123 left today")
    assert "medically necessary" in await said(clinic, ANA, "state MRN123 necessity")
    said_so = await said(clinic, ANA, "attest MRN123 this month late time")
    assert "Only supervisors and administrators can attest late" in said_so
    assert "does not depend on" in await said(clinic, SAM, "attest MRN123 this month consultant time")
    assert "is already with Ana Flores" in await said(clinic, BEN, "assign MRN123 @ana")


async def test_discharge_and_enrollment_again(clinic: Clinic) -> None:
    """The reason is kept; consent then needs a new episode, which begins with the next enrollment."""
    await said(clinic, ANA, "enroll MRN123")
    assert "discharged, today: goals met" in await said(clinic, ANA, "discharge MRN123 goals met")
    assert "begin a new episode: /cocm enroll MRN123" in await said(clinic, ANA, "consent MRN123 verbal")
    assert "MRN123 enrolled again in CoCM since today" in await said(clinic, ANA, "enroll MRN123")


async def test_a_direct_message_records_care_too(clinic: Clinic) -> None:
    """The same words without the slash."""
    ana = clinic.slack.person(ANA)
    await ana.say("enroll MRN123 payer BCBS ND")
    assert "Payer BCBS ND" in words(await ana.sees("MRN123 enrolled in CoCM"))


async def test_help_explains_each_command_about_care(clinic: Clinic) -> None:
    """Usage, rules and an example for every one."""
    for name in ("enroll", "consent", "assess", "review", "assign", "admit", "discharge", "state", "attest"):
        topic = await said(clinic, ANA, f"help {name}")
        assert f"/cocm {name}" in topic
        assert "For example" in topic
