"""Backups: whole, described, private, overwriting nothing, and never mixed with another database's log in silence."""

import hashlib
import json
import os
import shutil
import sqlite3
import threading
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from storage import Database, DatabaseSetAside
from tests.support.commands import Run
from tests.support.log_and_die import log, logged_until_killed
from tests.support.postgres import PostgresServer
from tests.support.storing import NOW, small_practice


def rows_in(path: Path, sql: str) -> list[tuple[Any, ...]]:
    """What a query finds in a file, as SQLite sees it."""
    connection = sqlite3.connect(path)
    found = connection.execute(sql).fetchall()
    connection.close()
    return found


def notes_in(path: Path) -> set[str]:
    """The notes in a file."""
    return {note for (note,) in rows_in(path, "SELECT note FROM entry_text")}


def test_a_backup_is_described_private_and_overwrites_nothing(
    cocm: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The manifest names the file's bytes, its rows, its tables' revision and the end of its audit chain."""
    database = Database.open(f"sqlite:///{tmp_path}/cocm.db")
    log(database, small_practice(database), "one")
    database.close()
    assert b"1 entry" in cocm("backup", "copy.db").stdout
    copy, beside = tmp_path / "copy.db", tmp_path / "copy.db.manifest.json"
    assert [path.stat().st_mode & 0o777 for path in (copy, beside)] == [0o600, 0o600]
    described = json.loads(beside.read_text())
    assert described["sha256"] == hashlib.sha256(copy.read_bytes()).hexdigest()
    assert described["bytes"] == copy.stat().st_size
    assert (described["kind"], described["file"]) == ("sqlite", "copy.db")
    assert described["program"] == metadata.version("cocm-minutes")
    ((schema,),) = rows_in(copy, "SELECT version_num FROM alembic_version")
    assert described["schema"] == schema
    assert (described["rows"]["entry_version"], described["rows"]["member"]) == (1, 1)
    ((seq, head),) = rows_in(copy, "SELECT seq, hash FROM audit_event ORDER BY seq DESC LIMIT 1")
    assert described["audit_head"] == {"seq": seq, "hash": head}

    before = copy.read_bytes()
    assert b"overwrites nothing" in cocm("backup", "copy.db", code=1).stderr
    copy.unlink()
    assert b"manifest.json exists already" in cocm("backup", "copy.db", code=1).stderr
    copy.write_bytes(before)
    assert b"could not be written" in cocm("backup", "no/such/folder/x.db", code=3).stderr
    monkeypatch.setenv("COCM_DATABASE_URL", f"sqlite:///{tmp_path}/none.db")
    assert b"no database at" in cocm("backup", "other.db", code=3).stderr
    assert {path.name for path in tmp_path.iterdir()} == {"cocm.db", "copy.db", "copy.db.manifest.json"}


def test_a_backup_while_others_write_is_one_moment_and_ends(database: Database, tmp_path: Path) -> None:
    """Each of many copies made while a writer goes on holds whole use cases: as many entries as events."""
    practice = small_practice(database)
    log(database, practice, "first")
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            log(database, practice, "another")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made: list[Mapping[str, int]] = []
        while len(made) < 10 or made[0]["entry_version"] == made[-1]["entry_version"]:
            copy = database.backup(tmp_path / f"{len(made)}.db", made_at=NOW, program="0")
            made.append(copy.contents.rows)
    finally:
        stop.set()
        writer.join()
    # Each use case adds one of each; founding the practice was none.
    assert len({rows["audit_event"] - rows["entry_version"] for rows in made}) == 1
    for number, rows in enumerate(made):
        assert rows["entry_version"] == rows["entry_text"] == rows["current_entry"]
        assert rows_in(tmp_path / f"{number}.db", "PRAGMA integrity_check") == [("ok",)]


def test_a_backup_copied_over_a_killed_bots_database_is_noticed(cocm: Run, tmp_path: Path) -> None:
    """The killed program's log would bring back what the backup has not: nothing opens it, and the way is said."""
    live, copy = tmp_path / "cocm.db", tmp_path / "copy.db"
    database = Database.open(f"sqlite:///{live}")
    log(database, small_practice(database), "early")
    database.close()
    cocm("backup", "copy.db")
    logged_until_killed(f"sqlite:///{live}", 3)

    # A killed database by itself is in order.
    for folder in ("in_order", "by_hand"):
        (tmp_path / folder).mkdir()
        for ending in ("", "-wal"):
            shutil.copyfile(f"{live}{ending}", tmp_path / folder / f"cocm.db{ending}")
    opened = Database.open(f"sqlite:///{tmp_path}/in_order/cocm.db")
    opened.ping()
    opened.close()

    # SQLite takes the killed database's log for the backup's own.
    shutil.copyfile(copy, tmp_path / "by_hand" / "cocm.db")
    assert notes_in(copy) == {"early"}
    assert "late 2" in notes_in(tmp_path / "by_hand" / "cocm.db")

    shutil.copyfile(copy, live)
    kept = {path.name: path.read_bytes() for path in tmp_path.glob("cocm.db*")}
    with pytest.raises(DatabaseSetAside):
        Database.open(f"sqlite:///{live}")
    for words in (("doctor",), ("report", "2026-11"), ("backup", "other.db"), ("migrate",)):
        done = cocm(*words, code=3)
        said = (done.stdout + done.stderr).decode()
        assert "cocm.db is a backup that was copied over another database" in said
        assert "cocm restore" in said
    assert {path.name: path.read_bytes() for path in tmp_path.glob("cocm.db*")} == kept
    # Without the other's log, the backup is what it was.
    for ending in ("-wal", "-shm"):
        Path(f"{live}{ending}").unlink()
    cocm("audit", "verify")
    assert notes_in(live) == {"early"}


@pytest.mark.postgres
def test_a_server_is_backed_up_by_pg_dump(
    cocm: Run,
    tmp_path: Path,
    postgres_url: str,
    postgres_server: PostgresServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where it is installed: an archive with its manifest, restored into an empty database; what stands in its way."""
    monkeypatch.setenv("COCM_DATABASE_URL", postgres_url)
    database = Database.open(postgres_url)
    log(database, small_practice(database), "one")
    database.close()
    if shutil.which("pg_dump"):
        cocm("backup", "copy.dump")
        described = json.loads((tmp_path / "copy.dump.manifest.json").read_text())
        assert (tmp_path / "copy.dump").read_bytes().startswith(b"PGDMP")
        assert (tmp_path / "copy.dump").stat().st_mode & 0o777 == 0o600
        assert (described["kind"], described["rows"]["entry_text"]) == ("postgresql", 1)
        assert described["audit_head"]["seq"] == described["rows"]["audit_event"]
        reported = cocm("report", "2026-11", "--format", "csv").stdout
        assert b"has tables already" in cocm("restore", "copy.dump", code=1).stderr
        empty = postgres_server.create_database()
        monkeypatch.setenv("COCM_DATABASE_URL", postgres_server.url_of(empty))
        assert b"The audit chain is whole." in cocm("restore", "copy.dump").stdout
        assert cocm("report", "2026-11", "--format", "csv").stdout == reported
        # A file of SQLite's comes in by another command.
        (tmp_path / "copy.db").write_bytes(b"SQLite format 3\0")
        assert b"cocm migrate --from sqlite:///copy.db" in cocm("restore", "copy.db", code=1).stderr
        monkeypatch.setenv("COCM_DATABASE_URL", postgres_url)

    programs = tmp_path / "programs"
    programs.mkdir()
    pretended = programs / "pg_dump"
    monkeypatch.setenv("PATH", str(programs))
    said = cocm("backup", "other.dump", code=3).stderr.decode()
    assert "pg_dump is not installed here" in said
    assert "postgresql-client" in said

    # What it is called with, and what becomes of its words.
    secret = postgres_url.replace("postgres@", "postgres:se%20cret@")
    monkeypatch.setenv("COCM_DATABASE_URL", secret)
    pretended.write_text(
        f'#!/bin/sh\necho "$@" > {tmp_path}/words\necho "$PGPASSWORD" > {tmp_path}/secret\n'
        "echo 'pg_dump: error: aborting because of server version mismatch' >&2\n"
        "echo 'pg_dump: detail: server version: 17.2; pg_dump version: 15.1' >&2\nexit 1\n"
    )
    pretended.chmod(0o700)
    said = cocm("backup", "other.dump", code=3).stderr.decode()
    assert "pg_dump is older than the server" in said
    assert "server version: 17.2; pg_dump version: 15.1" in said
    assert "cret" not in (tmp_path / "words").read_text()
    assert (tmp_path / "secret").read_text() == "se cret\n"
    pretended.write_text("#!/bin/sh\necho 'pg_dump: error: no space left' >&2\nexit 1\n")
    assert "pg_dump failed: no space left" in cocm("backup", "other.dump", code=3).stderr.decode()
    assert not list(tmp_path.glob("*other.dump*"))
    assert os.environ.get("PGPASSWORD") is None
