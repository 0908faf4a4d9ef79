"""Any sequence of starts, stops, switches, cancels, undos and corrections, against a reckoning of a few lines."""

import itertools
import shutil
import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from services.acts import undo
from services.acts.went import MoreToUndo, TakenBack
from services.entries import timers
from services.entries.pending import Asked
from services.entries.receipts import Receipt
from services.entries.timer_requests import (
    NoTimer,
    RunningTimer,
    TimerBegun,
    TimerCanceled,
    TimerShort,
    TimerStands,
    TimerWords,
)
from services.errors import NothingToUndo
from services.people.patient_ref import PatientRef
from storage import Database
from tests.support.practice import TryPractice, asked

MRNS = ("123", "124")


class Timers(RuleBasedStateMachine):
    """One person at work; the model knows when the timer began, and how many seconds stand in the ledger."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self.practice = TryPractice(database)
        self.ana = self.practice.member()
        for mrn in MRNS:
            self.practice.patient(mrn)
        #: Since when a timer runs, and for whom; and the seconds that stand.
        self.began: datetime | None = None
        self.whose = ""
        self.seconds = 0
        #: What each act was before it, the last one last; and what the last undo took back.
        self.before: list[tuple[datetime | None, str, int]] = []

    @property
    def now(self) -> datetime:
        return self.practice.clock.now()

    def _did(self) -> None:
        self.before.append((self.began, self.whose, self.seconds))

    def _running(self) -> RunningTimer:
        found = self.practice.do(timers.show, self.ana)
        assert isinstance(found, RunningTimer)
        return found

    @rule(minutes=st.integers(1, 50), seconds=st.integers(0, 59))
    def time_passes(self, minutes: int, seconds: int) -> None:
        if self.began is None or self.now - self.began < timedelta(hours=2, minutes=30):
            self.practice.clock.pass_(minutes=minutes, seconds=seconds)

    @rule(mrn=st.sampled_from(MRNS))
    def start(self, mrn: str) -> None:
        ref = PatientRef(text=f"MRN{mrn}", identity=mrn)
        made = self.practice.do(timers.start, self.ana, TimerWords(patient=ref))
        if self.began is not None:
            assert isinstance(made, TimerStands)
            return
        assert isinstance(made, TimerBegun)
        self._did()
        self.began, self.whose = self.now, mrn

    @precondition(lambda self: self.began is not None)
    @rule(switches=st.booleans())
    def stop(self, *, switches: bool) -> None:
        running = self._running()
        other = next(mrn for mrn in MRNS if mrn != self.whose)
        following = TimerWords(patient=PatientRef(text=f"MRN{other}", identity=other)) if switches else None
        about = (asked(self.whose, 1, note=f"work {self.now:%H%M%S}"),)
        made = self.practice.do(
            timers.stop, self.ana, running.timer.timer_id, TimerWords(), about, following=following
        )
        assert self.began is not None
        if isinstance(made, Asked):
            assert self.now - self.began < timedelta(minutes=1) or self.now - self.began > timedelta(hours=4)
            return
        if isinstance(made, TimerShort):
            assert self.now - self.began < timedelta(minutes=1)
            return
        assert isinstance(made, Receipt)
        self._did()
        self.seconds += int((self.now - self.began).total_seconds())
        self.began, self.whose = (self.now, other) if switches else (None, "")

    @precondition(lambda self: self.began is not None)
    @rule()
    def cancel(self) -> None:
        assert isinstance(self.practice.do(timers.cancel, self.ana), TimerCanceled)
        self._did()
        self.began, self.whose = None, ""

    @rule(again=st.booleans())
    def undo(self, *, again: bool) -> None:
        self.practice.clock.pass_(minutes=2)
        try:
            gone = self.practice.do(undo.undo_last, self.ana)
        except NothingToUndo:
            assert not self.before
            return
        assert not isinstance(gone, MoreToUndo)
        after = (self.began, self.whose, self.seconds)
        self.began, self.whose, self.seconds = self._as_it_was(*self.before.pop())
        if again:
            assert isinstance(self.practice.do(undo.put_back, self.ana, gone.act_id), TakenBack)
            self.before.append((self.began, self.whose, self.seconds))
            self.began, self.whose, self.seconds = after

    def _as_it_was(
        self, began: datetime | None, whose: str, seconds: int
    ) -> tuple[datetime | None, str, int]:
        """A stop is undone hours later, too; its timer does not run on then."""
        if began is not None and seconds != self.seconds and self.now - began > timedelta(hours=4):
            return None, "", seconds
        return began, whose, seconds

    @invariant()
    def what_runs_and_what_stands_is_as_reckoned(self) -> None:
        found = self.practice.do(timers.show, self.ana)
        if self.began is None:
            assert isinstance(found, NoTimer)
        else:
            assert isinstance(found, RunningTimer)
            assert found.timer.started_at == self.began
            assert found.patient is not None
            assert found.patient.identity == self.whose
        days = (date(2026, 11, 1), date(2026, 12, 31))
        entries = self.practice.see(lambda context: context.uow.ledger.member_days(self.ana.member_id, *days))
        assert sum(entry.seconds for entry in entries) == self.seconds
        assert len(self.practice.see(lambda context: context.uow.timers.all_running())) <= 1


@pytest.mark.hypothesis
def test_the_timer_agrees_with_a_reckoning(migrated_sqlite: Path) -> None:
    """Whatever is done in whatever order, one timer runs at most, and what is logged is what passed."""
    with tempfile.TemporaryDirectory() as folder:
        numbers = itertools.count()

        class OnSqlite(Timers):
            def __init__(self) -> None:
                path = Path(folder) / f"{next(numbers)}.db"
                shutil.copyfile(migrated_sqlite, path)
                self._opened = Database.open(f"sqlite:///{path}")
                super().__init__(self._opened)

            def teardown(self) -> None:
                self._opened.close()

        run_state_machine_as_test(
            OnSqlite, settings=settings(max_examples=15, stateful_step_count=15, deadline=None)
        )
