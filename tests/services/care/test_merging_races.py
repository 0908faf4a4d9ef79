"""A patient merged while somebody logs for them, on PostgreSQL: no entry stays under the MRN that is gone."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from datetime import date

import psycopg
import pytest

from billing.people import Member, MemberRole
from services.care import merging
from services.context import Context
from services.entries import log
from services.people import patients
from services.people.patient_ref import PatientRef
from storage import Database, UnitOfWork
from tests.support.practice import TryPractice, asked, draft

pytestmark = pytest.mark.postgres

#: The longest that one side waits for the other, should the other have failed.
PATIENCE = 60


@pytest.fixture
def practice(postgres_url: str) -> Iterator[TryPractice]:
    database = Database.open(postgres_url)
    yield TryPractice(database)
    database.close()


@pytest.fixture
def ana(practice: TryPractice) -> Member:
    return practice.member("Ana Flores")


@pytest.fixture
def sue(practice: TryPractice) -> Member:
    return practice.member("Sue Park", MemberRole.SUPERVISOR)


def ref(identity: str) -> PatientRef:
    return PatientRef(text=f"MRN{identity}", identity=identity)


def minutes_of(practice: TryPractice, identity: str) -> list[int]:
    """Lengths of a patient's entries, of the very MRN."""

    def read(context: Context) -> list[int]:
        patient = context.uow.patients.as_written(identity)
        assert patient is not None
        found = context.uow.ledger.of_patients([patient.patient_id], date(2026, 1, 1), date(2026, 12, 31))
        return sorted(entry.seconds // 60 for entry in found.get(patient.patient_id, ()))

    return practice.see(read)


def start(practice: TryPractice, work: Callable[[UnitOfWork], object]) -> Future[object]:
    return practice.database.write(work, tenant_id=practice.tenant_id)


def both_known(practice: TryPractice, ana: Member) -> None:
    for identity in ("417", "00417"):
        practice.do(log.log, ana, draft(asked(identity, 10, settled=("did_you_mean",))))


def test_who_looked_before_a_merge_and_logs_after_it_logs_for_the_patient_who_stays(
    practice: TryPractice, ana: Member, sue: Member
) -> None:
    """The first attempt has seen two patients; it is beaten, and the second sees one."""
    both_known(practice, ana)
    looked, merged = threading.Event(), threading.Event()

    def look_then_log(uow: UnitOfWork) -> object:
        context = practice._context(uow)
        patients.find(context, ref("417"))
        looked.set()
        assert merged.wait(PATIENCE)
        return log.log(context, ana, draft(asked("417", 25, settled=("did_you_mean",))))

    logging = start(practice, look_then_log)
    assert looked.wait(PATIENCE)
    practice.do(merging.merge, sue, ref("417"), ref("00417"))
    merged.set()
    logging.result(PATIENCE)
    assert minutes_of(practice, "417") == []
    assert minutes_of(practice, "00417") == [10, 10, 25]


def test_a_merge_waits_for_who_is_logging_and_takes_their_entry_along(
    practice: TryPractice, ana: Member, sue: Member, postgres_url: str
) -> None:
    """What is written and not yet committed is moved, too."""
    both_known(practice, ana)
    written, merging_began = threading.Event(), threading.Event()

    def log_slowly(uow: UnitOfWork) -> object:
        context = practice._context(uow)
        uow.ledger.append(
            [log._new_entry(context, asked("417", 25), ana)], by=ana.member_id, at=context.now, source="chat"
        )
        written.set()
        assert merging_began.wait(PATIENCE)
        uow.commit()
        return None

    logging = start(practice, log_slowly)
    assert written.wait(PATIENCE)
    merged = start(practice, lambda uow: merging.merge(practice._context(uow), sue, ref("417"), ref("00417")))
    with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as connection:
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        while connection.execute(waiting).fetchall() == [(0,)]:
            assert not merged.done()
    merging_began.set()
    logging.result(PATIENCE)
    merged.result(PATIENCE)
    assert minutes_of(practice, "417") == []
    assert minutes_of(practice, "00417") == [10, 10, 25]
