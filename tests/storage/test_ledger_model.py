"""Whatever is appended, corrected and made void, in any order: the ledger agrees with a dictionary."""

import shutil
import tempfile
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from billing.entries import TimeEntry
from storage import Database, StaleVersion, UnitOfWork, note_digest
from tests.support.storing import NOW, SmallPractice, small_practice

FIRST = date(2026, 10, 30)
DAYS = st.dates(FIRST, date(2026, 12, 2))
SECONDS = st.integers(1, 4 * 3600)
NOTES = st.sampled_from(["", "phone check-in", "PHQ-9 “12”", "x" * 300])


class LedgerMachine(RuleBasedStateMachine):
    """Does the same to the ledger and to a dictionary of the entries that stand."""

    database: Database
    practice: SmallPractice

    def __init__(self) -> None:
        super().__init__()
        self.standing: dict[int, TimeEntry] = {}
        self.history: Counter[int] = Counter()
        self.now = NOW

    def write(self, work: Any, *, keep: bool = True) -> Any:
        """Run a use case at the next instant, kept or not."""
        self.now += timedelta(seconds=1)

        def keeping(uow: UnitOfWork) -> Any:
            value = work(uow)
            if keep:
                uow.commit()
            return value

        return self.database.write(keeping, tenant_id=self.practice.tenant_id).result()

    @rule(entries=st.lists(st.tuples(SECONDS, DAYS, NOTES), min_size=1, max_size=4), keep=st.booleans())
    def append(self, entries: list[tuple[int, date, str]], keep: bool) -> None:  # noqa: FBT001 - drawn by Hypothesis
        """Entries that are kept stand; those of a unit of work without commit never were."""
        new = [self.practice.entry(seconds=s, service_date=d, note=n) for s, d, n in entries]
        receipt = self.write(
            lambda uow: uow.ledger.append(new, by=self.practice.ana.member_id, at=self.now, source="chat"),
            keep=keep,
        )
        if keep:
            self.standing |= {entry.entry_id: entry for entry in receipt.entries}
            self.history.update(entry.entry_id for entry in receipt.entries)

    @precondition(lambda self: self.standing)
    @rule(data=st.data(), seconds=SECONDS, note=NOTES, slip=st.sampled_from([0, 0, 0, -1, 1]))
    def correct(self, data: st.DataObject, seconds: int, note: str, slip: int) -> None:
        """A correction of the last version stands; any other is refused and changes nothing."""
        entry = self.standing[data.draw(st.sampled_from(sorted(self.standing)))]

        def change(uow: UnitOfWork) -> TimeEntry:
            return uow.ledger.correct(
                entry.entry_id,
                entry.version + slip,
                {"seconds": seconds, "note": note},
                by=self.practice.ana.member_id,
                at=self.now,
                reason="slip",
            )

        if slip:
            with pytest.raises(StaleVersion):
                self.write(change)
            return
        corrected = self.write(change)
        first = (
            entry.seconds if entry.first_seconds is None and seconds != entry.seconds else entry.first_seconds
        )
        assert corrected == replace(
            entry,
            version=entry.version + 1,
            seconds=seconds,
            first_seconds=first,
            note_digest=note_digest(note),
            corrected_at=self.now,
        )
        self.standing[entry.entry_id] = corrected
        self.history[entry.entry_id] += 1

    @precondition(lambda self: self.history)
    @rule(data=st.data())
    def void(self, data: st.DataObject) -> None:
        """What stands is made void; what is void already stays so."""
        chosen = data.draw(st.lists(st.sampled_from(sorted(self.history)), min_size=1, max_size=3))
        voided = self.write(
            lambda uow: uow.ledger.void(chosen, by=self.practice.ana.member_id, at=self.now, reason="undone")
        )
        expected = [
            self.standing.pop(entry_id) for entry_id in dict.fromkeys(chosen) if entry_id in self.standing
        ]
        assert list(voided) == expected
        self.history.update(entry.entry_id for entry in voided)

    @rule()
    def rebuild(self) -> None:
        """Rebuilding the projection changes nothing."""
        assert self.write(lambda uow: uow.ledger.rebuild_projection()) == len(self.standing)

    @invariant()
    def agree(self) -> None:
        """Entries, sums, history and projection are what the dictionary says."""
        november = (date(2026, 11, 1), date(2026, 11, 30))

        def look(uow: UnitOfWork) -> list[Any]:
            ledger = uow.ledger
            return [
                {entry.entry_id: entry for entry in ledger.month(FIRST, date(2026, 12, 31))},
                ledger.totals(*november),
                {entry_id: len(ledger.versions(entry_id)) for entry_id in self.history},
                ledger.projection_differences(),
            ]

        entries, totals, versions, differences = self.database.read(
            look, tenant_id=self.practice.tenant_id
        ).result()
        assert entries == self.standing
        inside = [e.seconds for e in self.standing.values() if november[0] <= e.service_date <= november[1]]
        assert totals == ({self.practice.patient.patient_id: sum(inside)} if inside else {})
        assert versions == self.history
        assert differences == ()


@pytest.mark.hypothesis
def test_the_ledger_agrees_with_a_dictionary(migrated_sqlite: Path) -> None:
    """On SQLite, every example in a file of its own."""

    class OnSQLite(LedgerMachine):
        def __init__(self) -> None:
            super().__init__()
            self.folder = tempfile.TemporaryDirectory()
            path = Path(self.folder.name) / "cocm.db"
            shutil.copyfile(migrated_sqlite, path)
            self.database = Database.open(f"sqlite:///{path}")
            self.practice = small_practice(self.database)

        def teardown(self) -> None:
            self.database.close()
            self.folder.cleanup()

    run(OnSQLite, examples=25)


@pytest.mark.hypothesis
@pytest.mark.postgres
def test_the_ledger_agrees_with_a_dictionary_on_postgresql(postgres_url: str) -> None:
    """On PostgreSQL, every example for a patient of its own."""
    database = Database.open(postgres_url)
    practice = small_practice(database)
    try:

        class OnPostgreSQL(LedgerMachine):
            def __init__(self) -> None:
                super().__init__()
                self.database = database
                self.practice = practice

            def teardown(self) -> None:
                self.write(
                    lambda uow: uow.ledger.void(
                        self.standing, by=practice.ana.member_id, at=self.now, reason="the example is over"
                    )
                )

        run(OnPostgreSQL, examples=10)
    finally:
        database.close()


def run(machine: type[LedgerMachine], examples: int) -> None:
    """So many examples of up to 12 steps; real databases take their time, so none is set."""
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
