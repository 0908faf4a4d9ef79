"""What a month makes of earlier ones is what judging them all, one after the other, makes of it."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest

from billing.evaluate import MonthResult, evaluate_month
from billing.history import has_care, takes_initial
from billing.months import BillingMonth
from billing.people import Patient
from billing.rules import InitialPolicy
from services.context import Context
from services.messages.revisions import close_month
from services.months.close import reopen_month
from services.months.gather import gather
from services.months.judge import judge_month
from services.months.report import month_report
from storage import Database
from tests.services.months.test_gather import MONTHS, NOVEMBER, RandomPractice

REOPENED = BillingMonth(2026, 5)


class LivelyPractice(RandomPractice):
    """Such a practice, in which consents are revoked, entries voided since a close, and a month opened again."""

    def __init__(self, database: Database, chance: Random, policy: InitialPolicy) -> None:
        super().__init__(database, chance, policy)
        self.tried.do(close_month, self.biller, REOPENED)
        self.tried.do(self._void, chance)
        self.tried.do(self._revoke, chance)
        self.tried.clock.pass_(minutes=3)
        self.tried.do(reopen_month, self.biller, REOPENED, "a call was missing")

    def _write(self, context: Context, patients: list[Patient], count: int) -> None:
        # Of every second practice little time, so that care has gaps.
        super()._write(context, patients, count // 7 if self._chance.random() < 0.5 else count)

    def _void(self, context: Context, chance: Random) -> None:
        entries = list(context.uow.ledger.month(MONTHS[0].first_day, NOVEMBER.last_day))
        some = chance.sample(entries, len(entries) // 5)
        context.uow.ledger.void(
            [entry.entry_id for entry in some],
            by=self.managers[0].member_id,
            at=context.now,
            reason="typed twice",
        )
        context.uow.commit()

    def _revoke(self, context: Context, chance: Random) -> None:
        for patient in self.patients:
            for episode in context.uow.episodes.of_patient(patient.patient_id):
                if episode.consent is not None and chance.random() < 0.2:
                    revoked = replace(episode.consent, revoked_on=self._day())
                    context.uow.episodes.update(replace(episode, consent=revoked))
        context.uow.commit()


@pytest.fixture(params=[(seed, policy) for seed in range(3) for policy in InitialPolicy], ids=str)
def practice(request: pytest.FixtureRequest, database: Database) -> LivelyPractice:
    seed, policy = request.param
    return LivelyPractice(database, Random(seed), policy)


def one_after_the_other(context: Context, patient: Patient) -> Iterator[MonthResult]:
    """A patient's months since the first, each told what the ones before it came to; closed ones as frozen."""
    active: list[BillingMonth] = []
    initial: list[BillingMonth] = []
    for step in range(-14, len(MONTHS)):
        month = MONTHS[0].plus(step)
        (gathered,) = gather(context, (patient,), (month,), words=True)
        if has_care(gathered.facts, gathered.rules):
            active.append(month)
        facts = replace(gathered.facts, active_months=tuple(active), initial_months=tuple(initial))
        result = evaluate_month(facts, gathered.rules)
        closed = context.uow.closes.of(month)
        if month != REOPENED and closed:
            frozen = context.uow.closes.line(month, 1, patient.patient_id)
            if frozen is not None and takes_initial(frozen.result, frozen.rules):
                initial.append(month)
        else:
            if takes_initial(result, gathered.rules):
                initial.append(month)
            yield result


def test_each_month_knows_what_the_earlier_ones_came_to(practice: LivelyPractice) -> None:
    """Stays, overlaps, attestations, revoked consents and closes of earlier months: all decide as they stand."""

    def look(context: Context) -> None:
        seen = 0
        for patient in practice.patients:
            for expected in one_after_the_other(context, patient):
                if expected.month not in MONTHS:
                    continue
                found = judge_month(context, patient, expected.month, words=True).result
                assert found == expected, (patient, expected.month)
                seen += 1
        assert seen > 100

    practice.tried.see(look)


def test_one_month_and_many_are_reported_alike(practice: LivelyPractice) -> None:
    """`report 2026-07` and `report 2026-06 --to 2026-09` say the same of July, and so for each month."""

    def look(context: Context) -> None:
        alone = {
            month: {line.patient.patient_id: line for line in month_report(context, month).lines}
            for month in MONTHS
        }
        for place, first in enumerate(MONTHS):
            for last in {MONTHS[min(place + 2, len(MONTHS) - 1)], NOVEMBER}:
                lines = month_report(context, first, last).lines
                for line in lines:
                    own = alone[line.month][line.patient.patient_id]
                    assert (line.result, line.revision) == (own.result, own.revision)
                span = MONTHS[place : MONTHS.index(last) + 1]
                assert len(lines) == sum(len(alone[month]) for month in span)

    practice.tried.see(look)
