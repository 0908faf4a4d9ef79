"""An import taken back while somebody logs for a patient of it, on PostgreSQL: no entry stays with who is gone."""

import threading
from collections.abc import Iterator
from datetime import date

import psycopg
import pytest

from services.context import Context
from services.entries import log
from services.imports.obstacles import CannotUndoImport
from services.imports.undo import take_back, would_take_back
from storage import Database, UnitOfWork
from tests.support.files import csv_of, loaded
from tests.support.imports_undone import figures, peopled, sound
from tests.support.practice import asked, draft
from tests.support.reporting import ReportedPractice

pytestmark = pytest.mark.postgres

#: The longest that one side waits for the other, should the other have failed.
PATIENCE = 60
#: A patient whom nobody knew, and a member who joins.
PATIENTS = csv_of(("mrn", "last_name"), [{"mrn": "777", "last_name": "Late"}])
MEMBERS = csv_of(("display_name", "roles"), [{"display_name": "Kim Lee", "roles": "care_manager"}])


@pytest.fixture
def practice(postgres_url: str) -> Iterator[ReportedPractice]:
    database = Database.open(postgres_url)
    yield peopled(ReportedPractice(database))
    database.close()


def wait_for_a_lock(url: str) -> None:
    """Until somebody waits for somebody else."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        while connection.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchall() == [(0,)]:
            pass


def test_who_logs_while_an_import_is_taken_back_begins_again(
    practice: ReportedPractice, postgres_url: str
) -> None:
    """They had seen the patient of the import; their entry is of one who is new now, as without the import."""
    loaded(practice, "patients", PATIENTS)
    taken, logging_waits = threading.Event(), threading.Event()

    def take_back_slowly(uow: UnitOfWork) -> None:
        would_take_back(practice.practice.context(uow), 1)
        taken.set()
        assert logging_waits.wait(PATIENCE)
        uow.commit()

    def log_then(uow: UnitOfWork) -> object:
        return log.log(practice.practice.context(uow), practice.ana, draft(asked("777", 25)))

    write, tenant_id = practice.database.write, practice.tenant_id
    undoing = write(take_back_slowly, tenant_id=tenant_id)
    assert taken.wait(PATIENCE)
    logging = write(log_then, tenant_id=tenant_id)
    wait_for_a_lock(postgres_url)
    logging_waits.set()
    undoing.result(PATIENCE)
    logging.result(PATIENCE)

    def of_who_stands(context: Context) -> list[int]:
        patient = context.uow.patients.by_identity("777")
        assert patient is not None
        assert not patient.on_roster
        found = context.uow.ledger.of_patients([patient.patient_id], date(2026, 11, 1), date(2026, 11, 30))
        return [one.seconds for one in found.get(patient.patient_id, ())]

    assert practice.see(of_who_stands) == [25 * 60]
    sound(practice)


@pytest.mark.parametrize("kind", ["patients", "members"])
def test_an_import_waits_for_who_is_logging_and_stays(
    practice: ReportedPractice, postgres_url: str, kind: str
) -> None:
    """What is written and not yet committed of a patient or a member of it stands in the way."""
    loaded(practice, kind, PATIENTS if kind == "patients" else MEMBERS)
    before = figures(practice)
    written, undo_waits = threading.Event(), threading.Event()

    def log_slowly(uow: UnitOfWork) -> None:
        context = practice.practice.context(uow)
        kim = uow.members.by_name("Kim Lee")
        who, identity = (practice.ana, "777") if kind == "patients" else (kim, "123")
        assert who is not None
        log.log(context, who, draft(asked(identity, 25)))
        written.set()
        assert undo_waits.wait(PATIENCE)

    write, tenant_id = practice.database.write, practice.tenant_id
    logging = write(log_slowly, tenant_id=tenant_id)
    assert written.wait(PATIENCE)
    undoing = write(lambda uow: take_back(practice.practice.context(uow), 1), tenant_id=tenant_id)
    wait_for_a_lock(postgres_url)
    undo_waits.set()
    logging.result(PATIENCE)
    with pytest.raises(CannotUndoImport, match="that it added has"):
        undoing.result(PATIENCE)
    assert figures(practice) != before
    sound(practice)
