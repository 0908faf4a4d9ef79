"""A month is closed while two nodes write to it: what is frozen is what was attested, and everybody is told right."""

from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import date
from threading import Event
from typing import Any

import pytest

from billing.months import BillingMonth
from services.entries import log
from storage import Database, UnitOfWork
from tests.support.closing_race import Race, Verdict
from tests.support.practice import TryPractice, asked, draft
from tests.support.slack import WAIT_SECONDS


@contextmanager
def race(url: str, *, patients: int, seed: int) -> Iterator[Race]:
    """Two nodes on one database."""
    first, second = Database.open(url), Database.open(url)
    try:
        yield Race(first, second, patients=patients, seed=seed)
    finally:
        first.close()
        second.close()


def check(verdict: Verdict) -> None:
    """Nothing frozen unseen, nobody untold; some wrote before the close and some after it."""
    assert verdict.unseen == []
    assert verdict.figures_hold
    assert verdict.before
    # Two changed the same entry; whoever came second was told.
    refused = {kind.partition(": ")[2] for kind in verdict.writes if ":" in kind}
    assert refused <= {"StaleVersion", "UnknownEntry", "CannotCorrect"}


@pytest.mark.postgres
@pytest.mark.parametrize("as_seen", [False, True])
def test_writes_beside_a_close_are_in_its_lines_or_called_addenda(
    postgres_url: str, *, as_seen: bool
) -> None:
    """Logs, corrections, voids and moves from two nodes: each is frozen, or its receipt says that it is an addendum."""
    with race(postgres_url, patients=40, seed=1) as one:
        verdict = one.run(240, as_seen=as_seen)
    check(verdict)
    # Whoever confirms figures that writes overtake closes only once these have ended.
    assert as_seen or verdict.after


@pytest.mark.postgres
def test_time_of_an_earlier_month_waits_for_the_freeze(postgres_url: str) -> None:
    """Whether October is a first month hangs on September: its entries wait; those of November do not."""
    first, second = Database.open(postgres_url), Database.open(postgres_url)
    try:
        home, away = TryPractice(first), TryPractice(second)
        ana = home.member()
        home.patient("123", assessed_on=date(2026, 8, 3))
        # What somebody has once, such as a practice's settings, is read before.
        away.do(log.log, ana, draft(asked(service_date=date(2026, 11, 2))))
        frozen, go_on = Event(), Event()

        def freeze(uow: UnitOfWork) -> None:
            uow.months.freeze(BillingMonth(2026, 10))
            frozen.set()
            assert go_on.wait(WAIT_SECONDS)

        def logged(day: date) -> Future[Any]:
            request = draft(asked(service_date=day, note=f"call of {day}"))
            return second.write(
                lambda uow: log.log(away._context(uow), ana, request), tenant_id=away.tenant_id
            )

        closing = first.write(freeze, tenant_id=home.tenant_id)
        assert frozen.wait(WAIT_SECONDS)
        before = [logged(date(2026, 10, 5)), logged(date(2026, 9, 30)), logged(date(2025, 11, 5))]
        logged(date(2026, 11, 5)).result(WAIT_SECONDS)
        assert not any(future.done() for future in before)
        go_on.set()
        closing.result(WAIT_SECONDS)
        for future in before:
            future.result(WAIT_SECONDS)
    finally:
        first.close()
        second.close()


@pytest.mark.soak
@pytest.mark.postgres
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(20))
def test_a_close_beside_two_thousand_writes(postgres_url: str, seed: int) -> None:
    """Twenty runs: nothing frozen unseen, nobody untold."""
    with race(postgres_url, patients=4_000 if seed == 0 else 400, seed=seed) as one:
        verdict = one.run(2_000, as_seen=seed % 4 == 1)
    print(verdict)  # noqa: T201 - the figures of the run, with -s
    check(verdict)
