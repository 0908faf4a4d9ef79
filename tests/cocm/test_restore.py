"""Restoring: a backup that is whole, in the place of a database that nobody uses, which is kept."""

import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from storage import Database
from tests.support.bot import ANA, clinic_with_bot
from tests.support.commands import Run
from tests.support.log_and_die import found_practice, log, logged_until_killed
from tests.support.serving import environment, serving
from tests.support.slack import running_slack, words

ROOT = Path(__file__).parents[2]


def notes_in(path: Path) -> set[str]:
    """The notes in a file, as SQLite sees it."""
    connection = sqlite3.connect(path)
    found = {note for (note,) in connection.execute("SELECT note FROM entry_text")}
    connection.close()
    return found


def logged(live: Path, *notes: str) -> None:
    """Entries, durable; nobody has the database open after it."""
    database = Database.open(f"sqlite:///{live}")
    practice = found_practice(database)
    for note in notes:
        log(database, practice, note)
    database.close()


def kept_in(folder: Path) -> list[Path]:
    """Databases that were replaced, without their manifests."""
    return sorted(path for path in folder.glob("cocm.replaced-*") if path.suffix == ".db")


def test_a_restored_database_is_the_backup_and_the_restore_can_be_undone(cocm: Run, tmp_path: Path) -> None:
    """What it replaces is shown first, kept beside it, and comes back by the same command."""
    live = tmp_path / "cocm.db"
    logged(live, "early")
    cocm("backup", "copy.db")
    logged(live, "late", "later")

    refused = cocm("restore", "copy.db", code=1)
    assert b"add --yes" in refused.stderr
    shown = refused.stdout.decode()
    assert "copy.db: 1 entry, the last change Nov 18, 2026, 10:00 AM." in shown
    assert "It replaces cocm.db: 3 entries" in shown
    assert "2 events of the audit chain came after the backup and will be gone." in shown
    assert notes_in(live) == {"early", "late", "later"}

    done = cocm("restore", "copy.db", "--yes").stdout.decode()
    assert "Restored from copy.db: 1 entry" in done
    (aside,) = kept_in(tmp_path)
    assert f"cocm restore {aside}" in done
    assert notes_in(live) == {"early"}
    assert [path.stat().st_mode & 0o777 for path in (live, aside)] == [0o600, 0o600]
    cocm("audit", "verify")

    cocm("restore", str(aside), "--yes")
    assert notes_in(live) == {"early", "late", "later"}
    assert len(kept_in(tmp_path)) == 2
    # Where there is none, a backup makes one.
    live.unlink()
    assert b"is kept in" not in cocm("restore", "copy.db", "--yes").stdout
    assert notes_in(live) == {"early"}
    assert live.stat().st_mode & 0o777 == 0o600
    assert not list(tmp_path.glob(".*"))


def test_a_killed_bots_log_does_not_overrun_the_backup(cocm: Run, tmp_path: Path) -> None:
    """Restored in its place, also where somebody had copied the backup over it by hand; its last entries are kept."""
    live, copy = tmp_path / "cocm.db", tmp_path / "copy.db"
    logged(live, "early")
    cocm("backup", "copy.db")
    logged_until_killed(f"sqlite:///{live}", 2)
    assert (tmp_path / "cocm.db-wal").stat().st_size > 0
    cocm("restore", "copy.db", "--yes")
    assert notes_in(live) == {"early"}
    (aside,) = kept_in(tmp_path)
    assert notes_in(aside) == {"early", "late 0", "late 1"}

    logged_until_killed(f"sqlite:///{live}", 3)
    shutil.copyfile(copy, live)
    cocm("report", "2026-11", code=3)
    said = cocm("restore", "copy.db", "--yes").stdout.decode()
    assert "cocm.db, which cannot be read as it stands" in said
    assert notes_in(live) == {"early"}
    cocm("audit", "verify")
    # The killed program's log is kept with what it stood beside.
    assert len(list(tmp_path.glob("cocm.replaced-*-wal"))) == 1


def test_a_restore_that_is_killed_leaves_the_old_database(cocm: Run, tmp_path: Path) -> None:
    """Every page or none; the next one goes through."""
    live = tmp_path / "cocm.db"
    logged(live, "early")
    cocm("backup", "copy.db")
    logged_until_killed(f"sqlite:///{live}", 2)
    command = [sys.executable, "-m", "tests.support.restore_until_killed"]
    names = [str(tmp_path / name) for name in ("copy.db", "cocm.db", "aside.db")]
    died = subprocess.run([*command, *names], cwd=ROOT, check=False)
    assert died.returncode == -signal.SIGKILL
    assert (tmp_path / "cocm.db-journal").exists()
    cocm("audit", "verify")
    assert notes_in(live) == notes_in(tmp_path / "aside.db") == {"early", "late 0", "late 1"}
    cocm("restore", "copy.db", "--yes")
    assert notes_in(live) == {"early"}


def test_a_backup_that_is_none_or_not_whole_is_refused(cocm: Run, tmp_path: Path) -> None:
    """Each with the reason, before anything is changed; a damaged database is replaced all the same."""
    live, copy = tmp_path / "cocm.db", tmp_path / "copy.db"
    logged(live, "early")
    cocm("backup", "copy.db")
    logged(live, "late")
    whole, beside = copy.read_bytes(), tmp_path / "copy.db.manifest.json"
    described = beside.read_text()

    def refused(said: str, code: int = 1, *more: str) -> None:
        before = live.read_bytes()
        assert said in cocm("restore", "copy.db", "--yes", *more, code=code).stderr.decode()
        assert live.read_bytes() == before
        assert kept_in(tmp_path) == []

    def changed(sql: str) -> None:
        copy.write_bytes(whole)
        with sqlite3.connect(copy) as connection:
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            ).fetchall():
                connection.execute(f"DROP TRIGGER {name}")
            connection.execute(sql)
        connection.close()

    copy.write_bytes(whole[:-4096])
    refused("was changed, or not copied whole")
    beside.write_text("{")
    refused("copy.db.manifest.json cannot be read")
    beside.unlink()
    refused("copy.db is damaged")
    copy.write_bytes(b"")
    refused("copy.db is not a SQLite database")
    changed("UPDATE alembic_version SET version_num = '8888'")
    refused("written by a newer version of this program", 3)
    changed("DROP TABLE alembic_version")
    refused("holds no practice")
    changed("UPDATE entry_version SET seconds = 60")
    refused("2 changes found in the backup")
    copy.write_bytes(whole)
    Path(f"{copy}-wal").write_bytes(b"x" * 100)
    refused("copy.db-wal stands beside copy.db")
    Path(f"{copy}-wal").unlink()
    assert "the database itself" in cocm("restore", "cocm.db", "--yes", code=1).stderr.decode()
    assert "There is no file" in cocm("restore", "none.db", "--yes", code=1).stderr.decode()
    copy.write_bytes(b"PGDMP and more")
    refused("is a backup of a PostgreSQL database")

    changed("UPDATE entry_version SET seconds = 60")
    assert b"manifest.json stands beside it" in cocm("restore", "copy.db", "--yes", "--unverified").stdout
    cocm("audit", "verify", code=1)
    copy.write_bytes(whole)
    beside.write_text(described)
    for damage in (b"\0" * 100 + live.read_bytes()[100:], b"short", live.read_bytes()[:8192]):
        live.write_bytes(damage)
        cocm("restore", "copy.db", "--yes")
        cocm("audit", "verify")
        assert damage in [path.read_bytes() for path in kept_in(tmp_path)]


@pytest.mark.postgres
async def test_nobody_may_use_a_database_that_is_restored_or_moved(
    cocm: Run, tmp_path: Path, sqlite_url: str, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A running bot is named and stays; once it is killed, its database is moved with all that it said, or restored."""

    def on(url: str, *words_: str, code: int = 0) -> str:
        monkeypatch.setenv("COCM_DATABASE_URL", url)
        done = cocm(*words_, code=code)
        return (done.stdout + done.stderr).decode()

    async with (
        running_slack(clinic_with_bot()) as slack,
        serving(environment(slack, sqlite_url), "--http") as served,
    ):
        slack.sandbox.set_request_url(f"{served.url}/slack/events")
        ana = slack.person(ANA)
        await ana.command("/cocm log 15m MRN123 phone check-in")
        on(sqlite_url, "backup", "copy.db")
        await ana.command("/cocm log 20m MRN123 second call")
        in_use = f"cocm.db is in use (process {served.process.pid}"
        assert in_use in on(sqlite_url, "restore", "copy.db", "--yes", code=3)
        assert in_use in on(postgres_url, "migrate", "--from", sqlite_url, code=3)
        (receipt,) = await ana.command("/cocm log 5m MRN123 third call")
        assert "40 of 70 min" in words(receipt)
        served.process.send_signal(signal.SIGKILL)
        await served.process.wait()

    assert "3 entries" in on(postgres_url, "migrate", "--from", sqlite_url)
    on(postgres_url, "audit", "verify")
    for command in (("report", "2026-11"), ("restore", "copy.db", "--yes")):
        assert "was moved to the PostgreSQL database" in on(sqlite_url, *command, code=3)

    (tmp_path / "cocm.db.moved").unlink()
    assert "came after the backup and will be gone" in on(sqlite_url, "restore", "copy.db", "--yes")
    assert notes_in(tmp_path / "cocm.db") == {"phone check-in"}
