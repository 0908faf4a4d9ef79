"""Compute the morning messages of a big practice, one read a person as the sender does, on both databases."""

import tempfile
from collections import Counter
from pathlib import Path
from time import perf_counter, process_time
from zoneinfo import ZoneInfo

import psycopg

from benchmarks.caseloads import NOW, PATIENTS, PEOPLE, TODAY, found
from billing.people import Member
from services.context import Context, PracticeSettings
from services.messages.morning import morning
from storage import Database, UnitOfWork
from tests.support.postgres import NoPostgresError, running_server

_SETTINGS = PracticeSettings(zone=ZoneInfo("America/New_York"))
_SECTIONS = ("first", "near", "missing", "untouched")


def main() -> None:
    """Print how long all messages take on each database, and how many patients stand in each of their lists."""
    with tempfile.TemporaryDirectory() as folder:
        _measure(f"sqlite:///{Path(folder) / 'cocm.db'}", "SQLite    ")
    try:
        with running_server() as server:
            name = server.create_database()
            _measure(server.url_of(name), "PostgreSQL", analyzed=True)
            server.drop_database(name)
    except NoPostgresError:
        print("PostgreSQL: none here")


def _measure(url: str, words: str, *, analyzed: bool = False) -> None:
    database = Database.open(url)
    practice = found(database)
    if analyzed:
        # As the server's own autovacuum does within a minute of such an import.
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute("ANALYZE")
    # A program that has run since yesterday has its calendar.
    database.read(lambda uow: _told(uow, practice.people[0]), tenant_id=practice.tenant_id).result()
    named: Counter[str] = Counter()
    began, busy = perf_counter(), process_time()
    for member in practice.people:
        told = database.read(lambda uow, who=member: _told(uow, who), tenant_id=practice.tenant_id)
        named.update(told.result())
    took, busy = perf_counter() - began, process_time() - busy
    database.close()
    print(
        f"{words} {took:.2f} s ({busy:.2f} s of this program's CPU) for {PEOPLE} messages "
        f"over {PEOPLE * PATIENTS} patients (at most 2 s)"
    )
    print("           " + ", ".join(f"{named[section]} {section}" for section in _SECTIONS))


def _told(uow: UnitOfWork, member: Member) -> dict[str, int]:
    """How many patients stand in each list of a member's morning."""
    found = morning(Context(uow=uow, now=NOW, settings=_SETTINGS), member, TODAY)
    return {section: len(getattr(found.patients, section)) for section in _SECTIONS} if found else {}
