"""An import that is killed has stored all of its file or nothing, whenever that happens."""

import subprocess
import sys
from datetime import date
from pathlib import Path

from storage import NO_TENANT, Database, UnitOfWork
from tests.support.files import entries_csv

ROOT = Path(__file__).parents[2]
COUNT = 2_100


def stop_and_kill(url: str, file: Path, moment: str) -> None:
    """Let a program import a file up to a moment, and kill it there with SIGKILL."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.support.import_until_killed", url, str(file), moment],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == f"{moment}\n"
        finally:
            process.kill()


def on_file(url: str) -> tuple[int, int, int]:
    """How many entries, patients and members there are, in a database that is sound."""

    def look(uow: UnitOfWork) -> tuple[int, int, int]:
        assert uow.chain.findings() == ()
        assert uow.evidence.changed_rows() == ()
        assert uow.ledger.projection_differences() == ()
        entries = list(uow.ledger.month(date.min, date.max))
        return len(entries), len(uow.patients.all()), len(uow.members.all())

    database = Database.open(url)
    try:
        tenant = database.read(lambda uow: uow.tenants.default(), tenant_id=NO_TENANT).result()
        return database.read(look, tenant_id=tenant.tenant_id).result()
    finally:
        database.close()


def test_kill_9_leaves_all_of_a_file_or_nothing(database_url: str, tmp_path: Path) -> None:
    """Before the commit nothing, people and patients of the file included; after it everything, once."""
    file = tmp_path / "entries.csv"
    file.write_bytes(
        entries_csv(*({"mrn": f"{5_000 + 11 * (n % 50)}", "note": f"call {n}"} for n in range(COUNT)))
    )
    before = ("planned", "ready", "written")
    for moment in before:
        stop_and_kill(database_url, file, moment)
        assert on_file(database_url) == (0, 0, 0), moment
    stop_and_kill(database_url, file, "stored")
    # Ana Flores, and the member who stands for the import.
    assert on_file(database_url) == (COUNT, 50, 2)
