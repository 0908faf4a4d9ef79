"""Bytes of a SQLite file are changed at random: it is told, or they said nothing, or the noted head is gone."""

import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.anchors import anchored, head_of
from services.checks import verify
from services.context import Context
from services.messages.revisions import close_month
from services.months.claims import submit
from services.sealing import keep, look
from storage import AuditKeys, Database, StorageError, shape
from tests.support.reporting import OCTOBER, ReportedPractice

KEYS = AuditKeys(["a key of more than thirty-two characters"])
#: So many bytes are changed, one at a time, and in the long run.
SOME, MANY = 40, 200


@dataclass
class Kept:
    """A practice's files as its program left them."""

    folder: Path
    practice: ReportedPractice
    #: The end of its chain, noted outside.
    head: str

    def altered(self, name: str, chance: random.Random, folder: Path) -> Path:
        """A copy of the files in which one byte of one is another."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder, folder)
        content = bytearray((folder / name).read_bytes())
        # Most of a small database is room.
        written = [place for place, byte in enumerate(content) if byte]
        content[chance.choice(written)] ^= chance.randrange(1, 256)
        (folder / name).write_bytes(content)
        return folder / "cocm.db"


@pytest.fixture(scope="module")
def kept_files(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Kept]:
    """A practice with a closed October, sealed: stopped, or copied with its -wal while it runs."""
    folder = tmp_path_factory.mktemp("bytes")
    shutil.copyfile(migrated_sqlite, folder / "cocm.db")
    database = Database.open(f"sqlite:///{folder}/cocm.db", KEYS)
    made = ReportedPractice(database)
    patient = made.billable("101", minutes=65)
    made.scores(patient, date(2026, 10, 8))
    made.do(close_month, made.sam, OCTOBER)
    made.do(submit, made.sam, OCTOBER)
    looked = made.see(look)
    assert looked is not None
    made.do(keep, looked)
    head = made.see(head_of).hash
    running = shutil.copytree(folder, folder.with_name("running"))
    database.close()
    return lambda state: Kept(folder if state == "stopped" else running, made, head)


def contents(file: Path) -> Any:
    """Every row, past all indexes, and what the tables are made of; None of a file that cannot be read."""
    try:
        with closing(sqlite3.connect(file)) as connection:
            connection.text_factory = bytes
            names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            rows = {
                name: sorted(map(repr, connection.execute(f'SELECT * FROM "{name.decode()}" NOT INDEXED')))
                for (name,) in names
            }
            triggers = connection.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            made = [
                sorted(map(repr, connection.execute(asked)))
                for asked in (shape._SQLITE_INDEXES, shape._SQLITE_REFERENCES)
            ]
            columns = [
                (table, name, shape._affinity(kind.decode(errors="replace")), is_needed, place)
                for table, name, kind, is_needed, place in connection.execute(shape._SQLITE_COLUMNS)
            ]
            return rows, triggers, made, columns
    except (sqlite3.Error, UnicodeDecodeError):
        return None


def told(file: Path, kept: Kept) -> tuple[bool, bool]:
    """Whether something is named, or it is said that the file cannot be read; and whether the noted head is there."""
    database = Database.open(f"sqlite:///{file}", KEYS)

    def see(use_case: Callable[..., Any], *args: Any) -> Any:
        practice = kept.practice
        return database.read(
            lambda uow: use_case(
                Context(uow=uow, now=practice.clock.now(), settings=practice.settings), *args
            ),
            tenant_id=practice.tenant_id,
        ).result()

    try:
        found = see(verify)
        return bool(found.changed or found.totals), see(anchored, kept.head) is not None
    except StorageError:
        return True, False
    finally:
        database.close()


@pytest.mark.parametrize("rounds", [SOME, pytest.param(MANY, marks=pytest.mark.soak)])
def test_bytes_of_the_file_are_told_or_say_nothing(
    kept_files: Callable[[str], Kept], tmp_path: Path, rounds: int
) -> None:
    """Where nothing is told, every row, column, key, reference, index and trigger is as it was."""
    kept, chance = kept_files("stopped"), random.Random(rounds)
    whole = contents(kept.folder / "cocm.db")
    assert whole is not None
    assert told(kept.folder / "cocm.db", kept) == (False, True)
    told_of = 0
    for place in range(rounds):
        file = kept.altered("cocm.db", chance, tmp_path / "altered")
        is_told, _ = told(file, kept)
        assert is_told or contents(file) == whole, place
        told_of += is_told
    assert told_of > rounds // 10


@pytest.mark.parametrize("rounds", [SOME // 3, pytest.param(MANY // 3, marks=pytest.mark.soak)])
def test_bytes_of_the_wal_are_told_by_the_head_that_was_noted(
    kept_files: Callable[[str], Kept], tmp_path: Path, rounds: int
) -> None:
    """A damaged -wal ends before its damage: the database is as it was earlier, which nothing but the head shows."""
    kept, chance = kept_files("running"), random.Random(rounds)
    whole = contents(shutil.copytree(kept.folder, tmp_path / "whole") / "cocm.db")
    assert whole is not None
    lost = 0
    for place in range(rounds):
        file = kept.altered("cocm.db-wal", chance, tmp_path / "altered")
        is_told, is_there = told(file, kept)
        assert is_told or not is_there or contents(file) == whole, place
        lost += not is_there
    assert lost
