"""Timers of several programs on one database, and of a program that was started again."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from services.entries import timers
from services.entries.receipts import Receipt
from services.entries.timer_requests import RunningTimer, TimerBegun, TimerStands, TimerWords
from services.entries.timer_stops import TimerElsewhere, TimerGone
from services.people.patient_ref import PatientRef
from storage import Database, StorageError
from tests.support.practice import TryPractice, asked

REF = PatientRef(text="MRN123", identity="123")


def test_a_timer_survives_the_program(sqlite_url: str) -> None:
    """Closed and opened again, it runs on from its start."""
    first = Database.open(sqlite_url)
    practice = TryPractice(first)
    practice.patient("123")
    ana = practice.member()
    begun = practice.do(timers.start, ana, TimerWords(patient=REF, note="phone"))
    assert isinstance(begun, TimerBegun)
    first.close()
    second = Database.open(sqlite_url)
    try:
        again = TryPractice(second)
        again.clock.pass_(minutes=30)
        found = again.do(timers.show, ana)
        assert isinstance(found, RunningTimer)
        assert found.timer == begun.running.timer
        made = again.do(timers.stop, ana, found.timer.timer_id, TimerWords(), (asked(minutes=1),))
        assert isinstance(made, Receipt)
        assert made.entries[0].entry.seconds == 1800
    finally:
        second.close()


@pytest.mark.postgres
def test_of_two_nodes_that_start_at_once_one_begins_a_timer(postgres_url: str) -> None:
    """The other one says that a timer runs; the same of two that stop it, and the time is logged once."""
    nodes = [Database.open(postgres_url) for _ in range(2)]
    try:
        practices = [TryPractice(node) for node in nodes]
        practices[0].patient("123")
        ana = practices[0].member()
        for _ in range(8):
            begun = together(practices, lambda one: one.do(timers.start, ana, TimerWords(patient=REF)))
            assert sum(isinstance(one, TimerBegun) for one in begun) == 1
            assert all(isinstance(one, TimerBegun | TimerStands | TimerElsewhere) for one in begun)
            found = practices[0].do(timers.show, ana)
            assert isinstance(found, RunningTimer)
            timer_id = found.timer.timer_id
            for one in practices:
                one.clock.pass_(minutes=10)
            stopped = together(
                practices,
                lambda one, timer_id=timer_id: one.do(
                    timers.stop, ana, timer_id, TimerWords(), (asked(minutes=1),)
                ),
            )
            assert sum(isinstance(one, Receipt) for one in stopped) == 1
            assert all(isinstance(one, Receipt | TimerGone | StorageError) for one in stopped)
        total = sum(
            entry.seconds
            for entry in practices[0].see(
                lambda context: context.uow.ledger.member_days(
                    ana.member_id, context.today_of(ana), context.today_of(ana)
                )
            )
        )
        assert total == 8 * 600
    finally:
        for node in nodes:
            node.close()


def together(practices: list[TryPractice], work: Callable[[TryPractice], object]) -> list[object]:
    """What each node answers, all of them asked in the same moment; a refusal is an answer."""
    gate = Barrier(len(practices))

    def one(practice: TryPractice) -> object:
        gate.wait()
        try:
            return work(practice)
        except (TimerElsewhere, TimerGone, StorageError) as refused:
            return refused

    with ThreadPoolExecutor(len(practices)) as pool:
        return list(pool.map(one, practices))
