"""Commands on a database of another version: of a newer one none does anything, and looking migrates none."""

import base64
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from sqlalchemy import create_engine

from billing.references import entry_reference
from cocm.cli import program
from tests.support.commands import Run

#: Every command that opens the database, as it is typed.
COMMANDS = {
    "report": ("report", "2026-11"),
    "backup": ("backup", "copy.db"),
    "audit verify": ("audit", "verify"),
    "audit rebuild": ("audit", "rebuild"),
    "members": ("members",),
    "settings": ("settings",),
    "payers": ("payers",),
    "rules diff": ("rules", "diff", "2026-10", "2026-11", "--practice"),
    "migrate": ("migrate",),
    "close": ("close", "2026-10", "--by", "U0ADMIN"),
    "reopen": ("reopen", "2026-10", "--by", "U0ADMIN", "--reason", "late"),
    "submitted": ("submitted", "2026-10", "--by", "U0ADMIN"),
    "import": ("import", "patients", "patients.csv"),
    "import undo": ("import", "undo", "1", "--by", "U0ADMIN"),
    "tick": ("tick", "--dry-run"),
    "imports": ("imports",),
    "audit head": ("audit", "head"),
    "audit seal": ("audit", "seal"),
    "overpaid": ("overpaid",),
    "claims write": ("claims", "write", "2026-10", "--by", "U0ADMIN"),
    "claims check": ("claims", "check", "2026-10"),
    "claims number": ("claims", "number", "2026-10", "--mrn", "MRN123", "--is", "1", "--by", "U0ADMIN"),
    "practice show": ("practice", "show"),
    "practice set": ("practice", "set", "name", "Harbor Clinic", "--by", "U0ADMIN"),
    "practice practitioner": (
        *("practice", "practitioner", "1234567893", "--first", "Rene", "--last", "Ito"),
        *("--by", "U0ADMIN"),
    ),
    "practice payer": (
        *("practice", "payer", "Medicare", "--payer-id", "13202", "--filing-code", "MB"),
        *("--by", "U0ADMIN"),
    ),
    "settings set": ("settings", "set", "backdate", "30", "--by", "U0ADMIN"),
    "keys check": ("keys", "check"),
    "keys rotate": ("keys", "rotate"),
    "keys lost": ("keys", "lost", "0a1b2c3d", "--yes"),
    "retention": ("retention",),
    "retention hold": ("retention", "hold", "MRN123", "a lawsuit", "--by", "U0ADMIN"),
    "retention prove": ("retention", "prove", entry_reference(1), "--file", __file__),
    "retention release": ("retention", "release", "MRN123", "--by", "U0ADMIN"),
    "serve": ("serve", "--http", "--port", "0"),
}
#: Those that open none, or none of the practice's, each with the reason.
WITHOUT = {
    "demo": "a practice of its own, made new each time",
    "parse": "reads its words alone",
    "keys new": "prints a key that it keeps nowhere",
    "ready": "asks a running bot",
    "version": "says its own",
    "roles": "says who may do what, for every practice alike",
    "restore": "the way back to this version; see below",
    "doctor": "says it of each part, and goes on; tests/cocm/test_doctor.py",
}


def commands_of(group: object, *before: str) -> Iterator[str]:
    """Every command that can be typed, by its words."""
    under = getattr(group, "commands", None)
    if under is not None:
        for name, command in under.items():
            yield from commands_of(command, *before, name)
    else:
        yield " ".join(before)


def test_every_command_is_tried() -> None:
    """One that is new stands in one of the lists."""
    registered = set(commands_of(typer.main.get_command(program())))
    # `import`, `settings` and `retention` are commands, too, with more words behind them.
    assert registered == {*COMMANDS, *WITHOUT} - {"settings", "retention", "import undo"}


def test_a_backup_of_this_version_comes_back_in_the_place_of_a_newer_database(
    cocm: Run, tmp_path: Path
) -> None:
    """The way back from an upgrade; one of a practice in which nothing had happened yet as well."""
    cocm("backup", "kept.db")
    before = revision_in(tmp_path)
    put_revision(tmp_path, "9999")
    said = cocm("restore", "kept.db", "--yes").stdout.decode()
    assert "Restored from kept.db" in said
    assert revision_in(tmp_path) == before
    assert cocm("restore", "kept.db", "--yes").stdout.decode().startswith("kept.db: 0 entries.")


#: What a bot needs to come so far that it opens the database.
SLACK = {
    "COCM_AUDIT_KEY": "k" * 40,
    "COCM_DATA_KEYS": base64.urlsafe_b64encode(b"k" * 32).decode(),
    "SLACK_BOT_TOKEN": "xoxb-none",
    "SLACK_SIGNING_SECRET": "none",
    "COCM_BAA_ATTESTED": "true",
}
#: Those that only look.
LOOKING = (
    *("report", "backup", "audit verify", "audit rebuild", "members", "settings", "payers"),
    *("rules diff", "tick", "imports", "audit head", "overpaid", "keys check", "retention"),
    "retention prove",
)


def put_revision(folder: Path, revision: str) -> None:
    """Have the database say that another version made its tables."""
    engine = create_engine(f"sqlite:///{folder}/cocm.db")
    with engine.connect() as connection, connection.begin():
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{revision}'")
    engine.dispose()


def revision_in(folder: Path) -> str:
    """What the database says."""
    engine = create_engine(f"sqlite:///{folder}/cocm.db")
    with engine.connect() as connection:
        found = str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar())
    engine.dispose()
    return found


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_a_newer_database_is_one_sentence_on_every_command(
    cocm: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    """And exit code 3; nothing is written, not even a file."""
    (tmp_path / "patients.csv").write_text("mrn\nMRN123\n", encoding="utf-8")
    for name, value in SLACK.items():
        monkeypatch.setenv(name, value)
    put_revision(tmp_path, "9999")
    before = {path.name for path in tmp_path.iterdir()}
    done = cocm(*words, code=3)
    said = done.stderr.decode().strip()
    assert "newer version of this program" in said
    assert "\n" not in said
    assert done.stdout == b""
    assert {path.name for path in tmp_path.iterdir()} - before <= {"cocm.db-wal", "cocm.db-shm"}
    assert revision_in(tmp_path) == "9999"


@pytest.mark.parametrize("name", [name for name in LOOKING if name != "backup"])
def test_looking_never_migrates(cocm: Run, tmp_path: Path, name: str) -> None:
    """An earlier database stays what it is; the sentence says what to run."""
    put_revision(tmp_path, "0005")
    done = cocm(*COMMANDS[name], code=3)
    assert "cocm migrate" in done.stderr.decode()
    assert revision_in(tmp_path) == "0005"


def test_a_backup_of_an_earlier_database_is_one(cocm: Run, tmp_path: Path) -> None:
    """That is what is done before an upgrade; it holds the tables as they are."""
    put_revision(tmp_path, "0005")
    cocm("backup", "copy.db")
    assert revision_in(tmp_path) == "0005"
    assert '"0005"' in (tmp_path / "copy.db.manifest.json").read_text(encoding="utf-8")


def test_where_there_is_no_database_looking_makes_none(
    cocm: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name with a slip in it is no new practice."""
    monkeypatch.setenv("COCM_DATABASE_URL", f"sqlite:///{tmp_path}/slip.db")
    said = cocm("report", "2026-11", code=3).stderr.decode()
    assert "There is no database at" in said
    assert not (tmp_path / "slip.db").exists()


def test_what_the_program_writes_is_its_owners_alone(
    cocm: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database, backups and their manifests, reports, what a restored backup replaced: whatever the umask is."""
    others = os.umask(0)
    try:
        monkeypatch.setenv("COCM_DATABASE_URL", f"sqlite:///{tmp_path}/new.db")
        cocm("migrate")
        cocm("backup", "copy.db")
        for form in ("csv", "xlsx", "json"):
            cocm("report", "2026-11", "--format", form, "--output", f"report.{form}")
        cocm("import", "--template", "patients", "--output", "patients.csv")
        cocm("restore", "copy.db", "--yes")
    finally:
        os.umask(others)
    made = {
        path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir() if path.name != "cocm.db"
    }
    assert made.keys() >= {
        "new.db",
        "copy.db",
        "copy.db.manifest.json",
        "report.csv",
        "report.xlsx",
        "patients.csv",
    }
    assert len([name for name in made if name.startswith("new.replaced-")]) == 2
    assert set(made.values()) == {0o600}
