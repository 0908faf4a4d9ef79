"""A law of the morning message: nobody whom `near` lists is missing from it, or stands there without minutes and code.

Practices at random, judged both ways. `make fuzz ROUNDS=4 ARGS=tests/services/messages/test_morning_and_near.py` tries
2,000 of them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.activities import Activity, ActivitySource
from billing.clinical import CaseReview, Scale, Score
from billing.durations import minutes_up
from billing.episodes import Consent, Episode, Program
from billing.months import BillingMonth
from billing.people import Member, Patient, Role
from bot.replies import Reply, Viewer
from bot.screens import morning as screen
from sandbox.blocks import is_too_long, message_problems
from services.context import Context
from services.messages import rows
from services.messages.morning import Morning, Place, morning
from services.months.caseload import Caseload, caseload
from storage import Database, NewEntry
from tests.support.accessible import unclear
from tests.support.payers import a_payer
from tests.support.practice import NEW_YORK, NOW, TryPractice

TODAY = date(2026, 11, 18)
DAYS = st.dates(date(2026, 9, 1), date(2026, 12, 5))
PAYERS = ["", "Medicare", "Oak Plan", "Elm Plan"]


@dataclass(frozen=True, kw_only=True)
class AnyPatient:
    """What a practice may know of a patient."""

    is_mine: bool
    episodes: list[tuple[date, date | None, Program, str]]
    #: Seconds, day, whether by the person, activity.
    entries: list[tuple[int, date, bool, Activity]]
    has_consent: bool
    reviewed_on: date | None
    scores: list[tuple[int, date]]


MONTH = st.dates(date(2026, 10, 25), TODAY)
ENTRIES = st.tuples(
    st.one_of(st.integers(1, 45 * 60), st.sampled_from([60 * 15, 60 * 30, 60 * 45, 60 * 52, 60 * 60])),
    MONTH,
    st.booleans(),
    st.sampled_from([Activity.PHONE, Activity.CHART_REVIEW, Activity.ADMIN, Activity.CASE_REVIEW]),
)
EPISODES = st.tuples(
    DAYS, st.one_of(st.none(), DAYS), st.sampled_from(list(Program)), st.sampled_from(PAYERS)
)
PATIENTS = st.builds(
    AnyPatient,
    is_mine=st.booleans(),
    episodes=st.lists(EPISODES, max_size=2),
    entries=st.lists(ENTRIES, max_size=5),
    has_consent=st.booleans(),
    reviewed_on=st.one_of(st.none(), DAYS.filter(lambda day: day <= TODAY)),
    scores=st.lists(st.tuples(st.integers(0, 27), MONTH), max_size=3),
)


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A practice with two care managers and payers of several kinds; no example changes it."""
    database = Database.open(f"sqlite:///{tmp_path_factory.mktemp('near') / 'cocm.db'}")
    database.migrate()
    practice = TryPractice(database)
    people = practice.member("Ana Flores"), practice.member("Ben Okoro")

    def settle(context: Context) -> None:
        context.uow.payers.put(a_payer("Oak Plan", prior_auth_after_months=6, verified_on=date(2026, 1, 2)))
        context.uow.payers.put(a_payer("Elm Plan", max_99494=1, verified_on=date(2026, 1, 2)))
        context.uow.commit()

    practice.do(settle)
    yield practice, people
    database.close()


@given(
    patients=st.lists(PATIENTS, max_size=16),
    near_minutes=st.sampled_from([0, 5, 15, 15, 15, 31, 75]),
    aside=st.sets(st.integers(0, 15), max_size=2),
)
def test_nobody_within_reach_is_missing_or_without_minutes(
    clinic: tuple[TryPractice, tuple[Member, Member]],
    patients: list[AnyPatient],
    near_minutes: int,
    aside: set[int],
) -> None:
    """Whoever `near` names stands under Near or behind its button, with what is left and the code."""
    practice, (ana, ben) = clinic

    def try_it(uow: Any) -> None:
        settings = replace(practice.settings, near_minutes=near_minutes)
        context = Context(uow=uow, now=NOW, settings=settings)
        known = [_stored(context, number, each, ana, ben) for number, each in enumerate(patients)]
        left_out = {known[number].patient_id for number in aside if number < len(known)}
        for patient_id in left_out:
            uow.set_aside.put(BillingMonth.of(TODAY), patient_id, by=ana.member_id, at=NOW)
        _check(context, ana, left_out)
        # Nothing is committed: the next example finds the practice as it was.

    practice.database.write(try_it, tenant_id=practice.tenant_id).result()


def _check(context: Context, ana: Member, left_out: set[int]) -> None:
    load = caseload(context, ana)
    found = morning(context, ana, TODAY)
    listed = {} if found is None else {one.patient.patient_id: one for one in found.under(Place.NEAR)}
    near = {line.standing.patient.patient_id: line for line in load.near}
    assert listed.keys() == near.keys() - left_out
    if found is None:
        return
    assert found.patients.set_aside == len(near.keys() & left_out)
    assert [one.threshold for one in listed.values()] == [
        near[number].standing.result.threshold for number in listed
    ]
    said = "\n".join(_texts(_pages(context, ana, found)))
    for one in listed.values():
        left = f"{minutes_up(one.threshold.remaining_seconds)} to "
        code = one.threshold.next_code
        assert re.search(rf"\*{one.patient.mrn}\* · \d+ of \d+ min.* · {left}(another )?{code}", said)
    _check_the_others(found, load)


def _check_the_others(found: Morning, load: Caseload) -> None:
    """Whoever has no time this month is named, or has a reason to be silent about."""
    everybody = {line.standing.patient.patient_id for line in load.lines}
    for place in Place:
        assert {one.patient.patient_id for one in found.under(place)} <= everybody


def _pages(context: Context, ana: Member, found: Morning) -> list[Reply]:
    """The message, and what its button for more shows, page by page."""
    replies = [screen.morning(found, Viewer(now=NOW, zone=NEW_YORK, late=False))]
    for reply in replies:
        assert message_problems(list(reply.blocks)) == []
        assert unclear(reply.blocks) == []
        assert not is_too_long(list(reply.blocks))
        more = [value for value in _values(reply) if value.startswith("near:")]
        if more:
            _, shown, named = more[0].split(":")
            handles = named.split(".")
            rest = rows.rest(context, ana, Place.NEAR, frozenset(handles), 0)
            assert rest is not None
            replies.append(screen.rest_of(rest, handles, int(shown)))
    return replies


def _values(reply: Reply) -> list[str]:
    return [element.get("value", "") for block in reply.blocks for element in block.get("elements", ())]


def _texts(replies: Sequence[Reply]) -> list[str]:
    blocks = (block for reply in replies for block in reply.blocks if block["type"] == "section")
    return [block["text"]["text"] for block in blocks]


def _stored(context: Context, number: int, one: AnyPatient, ana: Member, ben: Member) -> Patient:
    uow = context.uow
    patient = uow.patients.add(mrn=f"MRN{number}", identity=f"{number}", on_roster=True)
    manager = (ana if one.is_mine else ben).member_id
    for enrolled, ended, program, payer in one.episodes:
        uow.episodes.add(
            Episode(
                episode_id=0,
                patient_id=patient.patient_id,
                program=program,
                payer=payer,
                enrolled_on=enrolled,
                initial_assessment_on=enrolled,
                discharged_on=None if ended is None else max(enrolled, ended),
                consent=Consent(given_on=enrolled) if one.has_consent else None,
                care_manager=manager,
            )
        )
    for seconds, day, by_ana, activity in one.entries:
        who = ana if by_ana else ben
        held = ActivitySource.INFERRED if activity is Activity.ADMIN else ActivitySource.STATED
        entry = NewEntry(
            patient_id=patient.patient_id,
            seconds=seconds,
            service_date=day,
            activity=activity,
            activity_source=held,
            role=Role.CARE_MANAGER,
            performed_by=who.member_id,
            next_contact=day + timedelta(days=5) if seconds % 3 == 0 else None,
            note="call",
        )
        at = datetime.combine(day, NOW.time(), NOW.tzinfo)
        uow.ledger.append([entry], by=who.member_id, at=at, source="chat")
    if one.reviewed_on is not None:
        uow.reviews.add(_review(patient, one.reviewed_on, ben))
    for value, day in one.scores:
        uow.scores.add(
            Score(score_id=0, patient_id=patient.patient_id, scale=Scale.PHQ9, value=value, measured_on=day)
        )
    return patient


def _review(patient: Patient, day: date, by: Member) -> CaseReview:
    return CaseReview(
        review_id=0,
        patient_id=patient.patient_id,
        reviewed_on=day,
        consultant=by.member_id,
        recorded_by=by.member_id,
        recorded_at=NOW,
    )
