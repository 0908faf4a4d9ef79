"""However many months are gathered at once, and for whatever screen, each comes out the same."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random

import pytest

from billing.activities import Activity, ActivitySource
from billing.clinical import (
    Admission,
    Attestation,
    AttestationKind,
    CaseReview,
    OtherService,
    Scale,
    Score,
    Statement,
    StatementKind,
)
from billing.episodes import Consent, Episode, Program
from billing.facts import MonthFacts
from billing.months import BillingMonth
from billing.people import MemberRole, Patient, Role
from billing.rules import InitialPolicy, Limit99492, PracticeRules
from services.context import Context
from services.messages.nearness import caseload_of
from services.messages.revisions import close_month
from services.months.gather import EVERYBODY, gather
from services.months.judge import judge, judge_month
from services.months.report import month_report
from services.months.rule_book import RuleBook
from storage import Database, NewEntry
from tests.support.payers import a_payer
from tests.support.practice import TryPractice
from tests.support.storing import import_entries

#: A year, so that a long episode and a gap in care are among them; today is in the last.
MONTHS = tuple(BillingMonth(2026, month) for month in range(1, 12))
NOVEMBER = MONTHS[-1]
CLOSED = BillingMonth(2026, 3)
TODAY = date(2026, 11, 18)
YEARLY, REACHED = "Yearly Health", "Reached Health"
#: By patient and month.
Found = dict[tuple[int, BillingMonth], MonthFacts]


class RandomPractice:
    """A practice with a little of everything, and clocks that meet."""

    def __init__(self, database: Database, chance: Random, policy: InitialPolicy) -> None:
        self.tried = TryPractice(database)
        self.tried.set(rules=PracticeRules(initial_policy=policy))
        self._chance = chance
        self.managers = [self.tried.member(name) for name in ("Ana", "Ben", "Cleo")]
        self.doctor = self.tried.member("Dr. Cho", MemberRole.CONSULTANT)
        self.biller = self.tried.member("Bill", MemberRole.BILLER)
        self.patients = self.tried.do(self._fill)
        for month in (CLOSED, CLOSED.plus(1)):
            self.tried.do(close_month, self.biller, month)
        self.tried.do(self._write_time, 40)

    def _fill(self, context: Context) -> list[Patient]:
        uow = context.uow
        uow.payers.put(a_payer(YEARLY, limit_99492=Limit99492.PER_CALENDAR_YEAR))
        uow.payers.put(a_payer(REACHED, initial_policy=InitialPolicy.FIRST_MONTH_REACHED))
        patients = [
            uow.patients.add(mrn=f"MRN{number}", identity=str(number), on_roster=True) for number in range(14)
        ]
        for patient in patients:
            self._bring_into_care(context, patient)
            self._record(context, patient)
        uow.commit()
        self._write(context, patients, 600)
        uow.commit()
        return patients

    def _write_time(self, context: Context, count: int) -> None:
        self._write(context, self.patients, count)
        context.uow.commit()

    def _write(self, context: Context, patients: list[Patient], count: int) -> None:
        entries = [self._entry(self._chance.choice(patients)) for _ in range(count)]
        import_entries(context.uow, entries, by=self.managers[0].member_id, at=context.now)

    def _bring_into_care(self, context: Context, patient: Patient) -> None:
        chance = self._chance
        begins = [self._day() - timedelta(days=chance.choice([0, 0, 200]))]
        if chance.random() < 0.5:
            begins.append(begins[0] + timedelta(days=chance.randrange(60, 300)))
        if chance.random() < 0.1:
            begins = []
        for place, begin in enumerate(begins):
            last = place == len(begins) - 1
            context.uow.episodes.add(
                Episode(
                    episode_id=0,
                    patient_id=patient.patient_id,
                    program=Program.BHI if chance.random() < 0.1 else Program.COCM,
                    enrolled_on=begin,
                    initial_assessment_on=begin + timedelta(days=chance.choice([0, 40])),
                    consent=Consent(given_on=begin) if chance.random() < 0.9 else None,
                    discharged_on=None if last else begin + timedelta(days=chance.randrange(10, 200)),
                    payer=chance.choice(["", YEARLY, YEARLY, REACHED]),
                    care_manager=chance.choice(self.managers).member_id,
                    outside_therapist=chance.random() < 0.2,
                )
            )

    def _record(self, context: Context, patient: Patient) -> None:
        uow, patient_id, doctor = context.uow, patient.patient_id, self.doctor.member_id
        for _ in range(6):
            uow.reviews.add(
                CaseReview(
                    review_id=0,
                    patient_id=patient_id,
                    reviewed_on=self._day(),
                    consultant=doctor,
                    recorded_by=doctor,
                    recorded_at=context.now,
                )
            )
        uow.scores.add(
            Score(score_id=0, patient_id=patient_id, scale=Scale.PHQ9, value=9, measured_on=self._day())
        )
        begin = self._day()
        uow.admissions.add(
            Admission(
                admission_id=0,
                patient_id=patient_id,
                admitted_on=begin,
                left_on=begin + timedelta(days=self._chance.randrange(12)),
            )
        )
        self._state(context, patient)
        uow.other_services.add(patient_id, OtherService(code="96127", service_on=self._day()))

    def _state(self, context: Context, patient: Patient) -> None:
        uow, patient_id, doctor = context.uow, patient.patient_id, self.doctor.member_id
        uow.statements.add(
            Statement(
                statement_id=0,
                patient_id=patient_id,
                kind=self._chance.choice(list(StatementKind)),
                made_on=self._day(),
                made_by=doctor,
            )
        )
        uow.attestations.add(
            patient_id,
            self._chance.choice(MONTHS),
            Attestation(
                kind=self._chance.choice(list(AttestationKind)), attested_by=doctor, attested_at=context.now
            ),
        )

    def _entry(self, patient: Patient) -> NewEntry:
        chance, day = self._chance, self._day()
        start = datetime.combine(day, time(chance.randrange(14, 17)), UTC) if chance.random() < 0.5 else None
        seconds = chance.choice([900, 1800, 2700, 4200])
        is_doctor = chance.random() < 0.1
        joint = start is not None and not is_doctor and chance.random() < 0.3
        return NewEntry(
            patient_id=patient.patient_id,
            seconds=seconds,
            service_date=day,
            started_at=start,
            ended_at=start and start + timedelta(seconds=seconds),
            activity=chance.choice([Activity.PHONE, Activity.PHONE, Activity.CASE_REVIEW, Activity.ADMIN]),
            activity_source=chance.choice(list(ActivitySource)),
            role=Role.CONSULTANT if is_doctor else Role.CARE_MANAGER,
            performed_by=(self.doctor if is_doctor else chance.choice(self.managers)).member_id,
            participants=(chance.choice(self.managers).member_id,) if joint else (),
            note=chance.choice(["", "call", f"about {chance.random()}"]),
            recorded_on=day + timedelta(days=chance.choice([0, 0, 0, 7])),
        )

    def _day(self) -> date:
        return MONTHS[0].first_day + timedelta(days=self._chance.randrange((TODAY - date(2026, 1, 1)).days))


@pytest.fixture(params=[(seed, policy) for seed in range(3) for policy in InitialPolicy], ids=str)
def practice(request: pytest.FixtureRequest, database: Database) -> Iterator[RandomPractice]:
    seed, policy = request.param
    return RandomPractice(database, Random(seed), policy)  # type: ignore[return-value]


def test_each_month_is_the_same_however_it_is_asked_for(practice: RandomPractice) -> None:
    """One month of one patient, many of many, everybody's, and all at once: the same facts, to the last."""

    def look(context: Context) -> None:
        patients, one_by_one = practice.patients, {}
        for patient in patients:
            for month in MONTHS:
                (gathered,) = gather(context, (patient,), (month,), words=True)
                one_by_one[patient.patient_id, month] = gathered.facts
        assert _by_key(gather(context, patients, MONTHS, words=True)) == one_by_one
        with_time = {key: facts for key, facts in one_by_one.items() if facts.entries}
        assert _by_key(gather(context, EVERYBODY, MONTHS, words=True)) == with_time
        for month in MONTHS:
            of_month = {key: facts for key, facts in with_time.items() if key[1] == month}
            assert _by_key(gather(context, EVERYBODY, (month,), words=True)) == of_month
        assert any(facts.overlaps for facts in with_time.values())
        assert any(facts.initial_months for facts in with_time.values())
        assert any(facts.active_months for facts in with_time.values())

    practice.tried.see(look)


def _by_key(gathered: Iterator[object]) -> Found:
    return {(one.facts.patient_id, one.facts.month): one.facts for one in gathered}  # type: ignore[attr-defined]


def test_a_digest_and_a_report_judge_as_a_receipt_does(practice: RandomPractice) -> None:
    """Whom a care manager is told of stands as their own receipt says, and so does each line of the report."""

    def look(context: Context) -> None:
        told = 0
        for manager in practice.managers:
            for one in caseload_of(context, manager, TODAY, RuleBook(context)).months:
                assert one.result == judge_month(context, one.patient, NOVEMBER).result
                told += 1
        assert told > 3
        for line in month_report(context, MONTHS[0], NOVEMBER).lines:
            if line.revision is None:
                alone = judge_month(context, line.patient, line.month, words=True).result
                assert line.result == replace(alone, verdicts=())

    practice.tried.see(look)


def test_a_closed_month_decides_as_it_was_frozen(practice: RandomPractice) -> None:
    """What was written since the close took no 99492; what the close billed did, whatever became of its entries."""

    def look(context: Context) -> None:
        lines = {line.facts.patient_id: line for line in context.uow.closes.lines(CLOSED, 1)}
        for judged in judge(context, practice.patients, MONTHS[3:]):
            line = lines.get(judged.patient.patient_id)
            if CLOSED in judged.facts.initial_months:
                assert line is not None
                assert any(charge.code == "99492" for charge in line.result.earned)

    practice.tried.see(look)
