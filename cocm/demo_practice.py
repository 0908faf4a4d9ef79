"""A made-up practice for trying things out: nobody in it is a real person."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from billing.activities import Activity, ActivitySource
from billing.calendar import is_working_day
from billing.clinical import CaseReview, Scale, Score
from billing.episodes import Consent, ConsentKind, Episode
from billing.months import BillingMonth
from billing.payer import DatedRule, Payer
from billing.people import Member, MemberRole, Patient, Role
from storage import NewEntry, UnitOfWork

PATIENTS = 60
#: The patient of the mission's line stands so that 15 minutes more make 52 of 60.
SHOWN_MRN = "123"
SHOWN_MINUTES = (22, 15)


@dataclass(frozen=True, slots=True)
class DemoMember:
    """A made-up person of the demo's workspace."""

    slack_user_id: str
    name: str
    display_name: str
    roles: frozenset[MemberRole]


MEMBERS = (
    DemoMember("U0DEMOANA", "ana", "Ana Flores", frozenset({MemberRole.CARE_MANAGER})),
    DemoMember("U0DEMOBEN", "ben", "Ben Okoro", frozenset({MemberRole.CARE_MANAGER})),
    DemoMember(
        "U0DEMOCHL", "chloe", "Chloe Lindqvist", frozenset({MemberRole.CARE_MANAGER, MemberRole.SUPERVISOR})
    ),
    DemoMember("U0DEMOPRI", "priya", "Dr. Priya Raman", frozenset({MemberRole.CONSULTANT})),
    DemoMember("U0DEMOSAM", "sam", "Sam Whitfield", frozenset({MemberRole.BILLER, MemberRole.ADMIN})),
)
_FIRST_NAMES = (
    *("Alma", "Bruno", "Clara", "Dario", "Elin", "Farid", "Greta", "Hugo", "Ines", "Jonas"),
    *("Kira", "Luca", "Mara", "Nils", "Olga", "Pablo", "Quinn", "Rosa", "Sven", "Tara"),
)
_LAST_NAMES = (
    *("Abbot", "Birch", "Cedar", "Dale", "Elm", "Frost", "Grove", "Heath"),
    *("Ivy", "Juniper", "Kelp", "Larch", "Moss", "North", "Oak", "Pine"),
)
_PAYERS = ("Cedar Health", "Blue Harbor", "Northern Mutual", "Lakeview Plan", "State Medicaid")
#: How many of a month's patients the consultant has reviewed.
_REVIEWED = 0.8
_WORK = (
    (Activity.PHONE, "phone check-in, PHQ-9 reviewed", (8, 25)),
    (Activity.PHONE, "call, no answer, left voicemail", (3, 6)),
    (Activity.CHART_REVIEW, "chart review before visit", (5, 15)),
    (Activity.CARE_COORDINATION, "coordinated with primary care on labs", (6, 18)),
    (Activity.TELEHEALTH, "video visit, behavioral activation plan", (20, 35)),
    (Activity.CASE_REVIEW, "caseload review with consultant", (5, 12)),
    (Activity.TREATMENT_PLANNING, "updated treatment plan and goals", (8, 20)),
    (Activity.MEDICATION, "medication adherence and side effects", (6, 15)),
)


def seed(uow: UnitOfWork, now: datetime, zone: ZoneInfo) -> None:
    """Fill an empty practice with members, patients and two months of entries up to now.

    Args:
        uow: where to store; committed at the end.
        now: aware; the entries end before it.
        zone: the practice's zone.
    """
    chance = random.Random(20_26)  # noqa: S311 - a made-up practice, the same one every time
    members = [_add_member(uow, member) for member in MEMBERS]
    today = now.astimezone(zone).date()
    for name in _PAYERS:
        checked = BillingMonth.of(today).first_day
        uow.payers.put(
            Payer(
                name=name,
                rules=(
                    DatedRule(
                        field="", value=None, source="made up for the demo", verified_on=checked, is_own=True
                    ),
                ),
            )
        )
    managers = [member for member in members if MemberRole.CARE_MANAGER in member.roles]
    for number in range(PATIENTS):
        manager = managers[number % len(managers)]
        patient = _add_patient(uow, chance, number)
        episode = uow.episodes.add(_episode(chance, patient, manager, number, today))
        _add_care(uow, chance, episode, members, today)
        for day, new in sorted(
            _entries(chance, patient, episode, manager, today), key=lambda dated: dated[0]
        ):
            at = datetime.combine(day, time(16, 30), zone).astimezone(UTC)
            uow.ledger.append(
                [new], by=manager.member_id, at=min(at, now - timedelta(minutes=10)), source="demo"
            )
    uow.commit()


def _add_member(uow: UnitOfWork, member: DemoMember) -> Member:
    return uow.members.add(
        slack_user_id=member.slack_user_id, display_name=member.display_name, roles=member.roles
    )


def _add_patient(uow: UnitOfWork, chance: random.Random, number: int) -> Patient:
    mrn = SHOWN_MRN if number == 0 else str(40_000 + number * 173)
    return uow.patients.add(
        mrn=f"MRN{mrn}",
        identity=mrn,
        on_roster=True,
        first_name=chance.choice(_FIRST_NAMES),
        last_name=chance.choice(_LAST_NAMES),
        referring_npi="1234567893",
        problems=chance.choice(("Major depressive disorder", "Generalized anxiety disorder", "")),
    )


def _episode(chance: random.Random, patient: Patient, manager: Member, number: int, today: date) -> Episode:
    """Most are in their second month or later, some began this month, a few lack consent or assessment."""
    this_month = BillingMonth.of(today)
    began_in = this_month if number % 6 == 5 else this_month.plus(-1 - number % 4)  # noqa: PLR2004 - one in six is new
    began = min(began_in.first_day + timedelta(days=chance.randrange(10)), today)
    lacks_consent = number % 15 == 7  # noqa: PLR2004 - a few, so that every finding has something to show
    lacks_assessment = number % 20 == 13  # noqa: PLR2004 - the same
    consent = Consent(given_on=began, kind=ConsentKind.VERBAL, cost_sharing_disclosed=True)
    return Episode(
        episode_id=0,
        patient_id=patient.patient_id,
        enrolled_on=began,
        initial_assessment_on=None if lacks_assessment else began,
        consent=None if lacks_consent else consent,
        payer=_PAYERS[number % len(_PAYERS)],
        initiating_visit_on=began,
        diagnosis_codes=("F33.1",) if number % 2 else ("F41.1",),
        care_manager=manager.member_id,
    )


def _add_care(
    uow: UnitOfWork, chance: random.Random, episode: Episode, members: list[Member], today: date
) -> None:
    """Scores that mostly fall, and the consultant's review in most months: what a bill needs beside minutes."""
    began = episode.enrolled_on
    assert began is not None
    consultant = next(member for member in members if MemberRole.CONSULTANT in member.roles)
    score = chance.randrange(11, 22)
    for weeks in range(0, (today - began).days // 7 + 1, 4):
        uow.scores.add(
            Score(
                score_id=0,
                patient_id=episode.patient_id,
                scale=Scale.PHQ9,
                value=max(score, 1),
                measured_on=began + timedelta(weeks=weeks),
                recorded_by=episode.care_manager,
            )
        )
        score -= chance.randrange(-2, 6)
    for month in (BillingMonth.of(today).plus(-1), BillingMonth.of(today)):
        days = _days(max(month.first_day, began), min(month.last_day, today))
        if days and chance.random() < _REVIEWED:
            day = chance.choice(days)
            uow.reviews.add(
                CaseReview(
                    review_id=0,
                    patient_id=episode.patient_id,
                    reviewed_on=day,
                    consultant=consultant.member_id,
                    recorded_by=episode.care_manager or consultant.member_id,
                    recorded_at=datetime.combine(day, time(17), UTC),
                    sent_on=day,
                ),
                "continue the plan, review again in four weeks",
            )


def _entries(
    chance: random.Random, patient: Patient, episode: Episode, manager: Member, today: date
) -> Iterator[tuple[date, NewEntry]]:
    assert episode.enrolled_on is not None
    this_month = BillingMonth.of(today)
    for month in (this_month.plus(-1), this_month):
        first = max(month.first_day, episode.enrolled_on)
        days = _days(first, min(month.last_day, today))
        if not days:
            continue
        if patient.identity == SHOWN_MRN and month == this_month:
            for minutes, work in zip(SHOWN_MINUTES, _WORK[::2], strict=False):
                yield _entry(chance.choice(days), patient, manager, work[0], work[1], minutes)
            continue
        wanted = chance.randrange(25, 110)
        while wanted > 0:
            activity, note, (least, most) = chance.choice(_WORK)
            minutes = chance.randrange(least, most + 1)
            wanted -= minutes
            yield _entry(chance.choice(days), patient, manager, activity, note, minutes)


def _entry(
    day: date, patient: Patient, manager: Member, activity: Activity, note: str, minutes: int
) -> tuple[date, NewEntry]:
    return day, NewEntry(
        patient_id=patient.patient_id,
        seconds=minutes * 60,
        service_date=day,
        activity=activity,
        activity_source=ActivitySource.STATED,
        role=Role.CARE_MANAGER,
        performed_by=manager.member_id,
        note=note,
    )


def _days(first: date, last: date) -> list[date]:
    """Working days of a stretch, or its last day when it has none."""
    span = [first + timedelta(days=step) for step in range((last - first).days + 1)]
    return [day for day in span if is_working_day(day)] or span[-1:]
