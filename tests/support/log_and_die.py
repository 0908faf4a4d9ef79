"""A program that logs some entries for the practice of a database, and is killed with its log left beside the file.

Usage: python -m tests.support.log_and_die URL COUNT
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

from storage import NO_TENANT, Database, UnitOfWork
from tests.support.keeping import kept, read
from tests.support.storing import NOW, SmallPractice, small_practice

ROOT = Path(__file__).parents[2]


def log(database: Database, practice: SmallPractice, note: str) -> None:
    """One entry, durable."""

    def work(uow: UnitOfWork) -> None:
        uow.ledger.append([practice.entry(note=note)], by=practice.ana.member_id, at=NOW, source="chat")

    kept(database, work, practice.tenant_id)


def found_practice(database: Database) -> SmallPractice:
    """The practice that `small_practice` founded in a database, founded now where there is none."""
    tenant = database.read(
        lambda uow: uow.tenants.of_workspace(None, "T0CLINIC"), tenant_id=NO_TENANT
    ).result()
    if tenant is None:
        return small_practice(database)
    ana, patient = read(database, lambda uow: (uow.members.all()[0], uow.patients.all()[0]), tenant.tenant_id)
    return SmallPractice(tenant=tenant, ana=ana, patient=patient)


def logged_until_killed(url: str, count: int) -> None:
    """Run the program, which logs `late 0`, `late 1` ..., until it is killed."""
    words = [sys.executable, "-m", "tests.support.log_and_die", url, str(count)]
    assert subprocess.run(words, cwd=ROOT, check=False).returncode == -signal.SIGKILL


def main(url: str, count: int) -> None:
    """Log, and die."""
    database = Database.open(url)
    practice = found_practice(database)
    for number in range(count):
        log(database, practice, f"late {number}")
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
