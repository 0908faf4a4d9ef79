"""The review hour, through the real bot and a sandbox: the agenda by need, the dialog, Undo in place."""

from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest

from billing.clinical import CaseReview, Scale, Score
from billing.episodes import Episode
from billing.people import MemberRole
from sandbox.blocks import view_problems
from services.context import Context
from storage import Database
from tests.support.bot import ANA, BEN, SAM, Clinic, clinic_at_work
from tests.support.slack import words

#: MRNs in the order of the agenda, and what puts each there.
NEVER, WORSE, OVERDUE, RECENT = "4401", "4402", "4403", "4404"


@pytest.fixture
async def clinic(database: Database) -> AsyncIterator[Clinic]:
    async with clinic_at_work(database) as at_work:
        await at_work.program.practice.write(people_and_patients)
        yield at_work


def people_and_patients(context: Context) -> None:
    """Ana manages care of four patients, Ben is the consultant, Sam bills."""
    uow, today = context.uow, context.today
    roles = {ANA: MemberRole.CARE_MANAGER, BEN: MemberRole.CONSULTANT, SAM: MemberRole.BILLER}
    names = {ANA: "Ana Flores", BEN: "Ben Okoro", SAM: "Sam Whitfield"}
    people = {
        user: uow.members.add(slack_user_id=user, display_name=names[user], roles=frozenset({role}))
        for user, role in roles.items()
    }
    for mrn, ago, score in ((RECENT, 3, 9), (OVERDUE, 40, 9), (WORSE, 10, 20), (NEVER, None, 9)):
        patient = uow.patients.add(mrn=f"MRN{mrn}", identity=mrn, on_roster=True, problems="Depression")
        begun = today - timedelta(days=60)
        uow.episodes.add(
            Episode(
                episode_id=0,
                patient_id=patient.patient_id,
                enrolled_on=begun,
                initial_assessment_on=begun,
                diagnosis_codes=("F33.1",),
                care_manager=people[ANA].member_id,
            )
        )
        for value, day in ((12, begun), (score, today - timedelta(days=2))):
            uow.scores.add(
                Score(
                    score_id=0,
                    patient_id=patient.patient_id,
                    scale=Scale.PHQ9,
                    value=value,
                    measured_on=day,
                )
            )
        if ago is not None:
            _reviewed(context, patient.patient_id, people[BEN].member_id, today - timedelta(days=ago))
    uow.commit()


def _reviewed(context: Context, patient_id: int, consultant: int, on: date) -> None:
    context.uow.reviews.add(
        CaseReview(
            review_id=0,
            patient_id=patient_id,
            reviewed_on=on,
            consultant=consultant,
            recorded_by=consultant,
            recorded_at=context.now,
            sent_on=on,
        ),
        "continue sertraline",
    )


async def test_the_agenda_is_by_need_and_every_card_says_why(clinic: Clinic) -> None:
    """Never reviewed first, then worse, then overdue; each with scores, minutes and the last recommendation."""
    ben = clinic.slack.person(BEN)
    (hour,) = await ben.command("/cocm review")
    said = words(hour)
    places = [said.index(f"MRN{mrn}") for mrn in (NEVER, WORSE, OVERDUE, RECENT)]
    assert places == sorted(places)
    assert "Review hour · Ben Okoro" in said
    assert "never reviewed since enrollment on" in said
    assert "PHQ-9 up from 12 to 20" in said
    assert "review overdue, 40 days since the last" in said
    assert "“continue sertraline” · sent to the provider" in said
    assert "0 of 60 min · 60 to 99493" in said
    assert "no contact yet · care manager Ana Flores" in said
    assert "F33.1 · Depression" in said
    assert "MRN" not in hour.text


async def test_a_review_is_recorded_in_one_step_and_taken_back_in_place(clinic: Clinic) -> None:
    """The dialog takes words, minutes and the sending; the list shows it as reviewed, and Undo brings the card back."""
    ben = clinic.slack.person(BEN)
    (hour,) = await ben.command("/cocm review")
    await ben.click(hour, "open_fact_form_0")
    form = ben.modal
    assert form is not None
    assert not view_problems(form.body)
    assert NEVER not in str(form.body)
    await ben.submit(
        form,
        {"recommendation": "start CBT", "duration": "10m", "sent_to_provider": ["today"]},
    )
    done = await ben.sees("Reviewed today: 1 patient")
    assert f"*MRN{NEVER}* · reviewed, 10 min · “start CBT” · sent to the provider" in words(done)
    assert words(done).index(f"MRN{WORSE}") < words(done).index(f"MRN{NEVER}")
    await ben.click(done, "undo_review_0")
    back = await ben.sees("Undone: the case review.")
    assert "never reviewed since enrollment" in words(back)
    assert "Reviewed today" not in words(back)
    await ben.click(back, "put_review_back")
    assert "start CBT" in words(await ben.sees("Reviewed today: 1 patient"))


async def test_what_cannot_be_is_said_at_the_field(clinic: Clinic) -> None:
    """Minutes that are none, and a day still to come; what was typed stays in the dialog."""
    ben = clinic.slack.person(BEN)
    (hour,) = await ben.command("/cocm review")
    await ben.click(hour, "open_fact_form_1")
    assert ben.modal is not None
    refused = await ben.submit(ben.modal, {"recommendation": "start CBT", "duration": "soon"})
    assert set(refused.errors) == {"duration"}
    ahead = (clinic.program.practice.clock.now() + timedelta(days=3)).date().isoformat()
    assert ben.modal is not None
    refused = await ben.submit(ben.modal, {"recommendation": "start CBT", "duration": "", "day": ahead})
    assert set(refused.errors) == {"day"}
    assert ben.modal is not None


async def test_a_care_manager_presents_her_own(clinic: Clinic) -> None:
    """The only consultant is chosen by itself, and joint time is the care manager's entry, once."""
    ana = clinic.slack.person(ANA)
    (hour,) = await ana.command("/cocm review")
    assert "Review hour · Ben Okoro" in words(hour)
    await ana.click(hour, "open_fact_form_0")
    assert ana.modal is not None
    await ana.submit(ana.modal, {"recommendation": "add bupropion", "duration": "15m"})
    done = await ana.sees("Reviewed today: 1 patient")
    assert "reviewed, 15 min · “add bupropion” · not sent to the provider yet" in words(done)
    (today,) = await ana.command("/cocm today")
    assert "with Ben Okoro" in words(today)


async def test_whoever_may_not_review_is_told_who_may(clinic: Clinic) -> None:
    """A biller sees no cases."""
    (refused,) = await clinic.slack.person(SAM).command("/cocm review")
    assert "You are a biller here" in words(refused)


async def test_a_practice_without_a_consultant_is_told_what_to_do(database: Database) -> None:
    """Nothing to choose from: the role is asked for."""
    async with clinic_at_work(database) as clinic:
        (said,) = await clinic.slack.person(ANA).command("/cocm review")
        assert "Nobody here is a psychiatric consultant yet" in words(said)
