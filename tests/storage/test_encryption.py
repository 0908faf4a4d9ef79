"""Words at rest: encrypted under the first key, opened by all, the same in the audit chain, never lost by accident."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from billing.people import Patient
from storage import FIRST_PLACE, AuditKeys, Database, DataKeys, StorageError, UnitOfWork, damage, new_key
from storage.data_keys import UNOPENED
from storage.encryption import TABLES, Place
from storage.triggers import APPEND_ONLY
from tests.support.storing import NOW, SmallPractice, small_practice

OLD, NEW = new_key(), new_key()
#: No test's practice has these words anywhere else.
WORDS = "wolverine"
AUDIT = AuditKeys(["a key for the audit chain that is long enough"])


class House:
    """One database, opened again under other keys."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._open: list[Database] = []

    def under(self, *keys: str) -> Database:
        """It, by a program with these keys; programs that had it open let go of it."""
        self.close()
        database = Database.open(self.url, AUDIT, DataKeys(keys))
        self._open.append(database)
        return database

    def close(self) -> None:
        while self._open:
            self._open.pop().close()


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    """A database that is opened again and again."""
    found = House(database_url)
    yield found
    found.close()
    damage.forget()


def write_words(database: Database, practice: SmallPractice) -> tuple[int, Patient]:
    """An entry with a note, a named patient, an open question, and what a request was answered with."""

    def write(uow: UnitOfWork) -> tuple[int, Patient]:
        uow.requests.carry("a request", "step", NOW)
        uow.requests.answer(WORDS.encode())
        receipt = uow.ledger.append(
            [practice.entry(note=f"{WORDS} at first")], by=practice.ana.member_id, at=NOW, source="chat"
        )
        patient = uow.patients.add(
            mrn="MRN77", identity="77", on_roster=True, first_name=WORDS, birth_date=date(1958, 3, 14)
        )
        uow.pending.ask(
            "log",
            {"note": WORDS},
            member_id=practice.ana.member_id,
            at=NOW,
            expires_at=NOW.replace(year=2099),
        )
        uow.commit()
        return receipt.receipt_id, patient

    return database.write(write, tenant_id=practice.tenant_id).result()


def notes(database: Database, practice: SmallPractice, entry_id: int) -> list[str]:
    """The notes of an entry's versions."""

    def read(uow: UnitOfWork) -> list[str]:
        return [version.note for version in uow.ledger.versions(entry_id)]

    return database.read(read, tenant_id=practice.tenant_id).result()


def answered(database: Database, practice: SmallPractice) -> bytes | None:
    """What the request was answered with."""
    steps = database.read(lambda uow: uow.requests.steps("a request"), tenant_id=practice.tenant_id).result()
    return steps["step"].outcome


def named(database: Database, practice: SmallPractice, patient_id: int) -> Patient:
    """A patient as the program reads them."""
    return database.read(
        lambda uow: uow.patients.many({patient_id})[patient_id], tenant_id=practice.tenant_id
    ).result()


def stored(database: Database) -> str:
    """Every value of every encrypted column, as it lies in the database."""
    found = []
    with database.engine.connect() as connection:
        for table in TABLES:
            for name in table.words:
                rows = connection.exec_driver_sql(f'SELECT "{name}" FROM {table.name}')
                found += [str(value) for (value,) in rows if value]
    return json.dumps(found)


def rotate(database: Database, practice: SmallPractice, most: int = 3) -> int:
    """Everything is brought under the first key, in small batches; how many values were."""
    place: Place | None = FIRST_PLACE
    values = 0
    while place is not None:

        def batch(uow: UnitOfWork, after: Place = place) -> tuple[int, Place | None]:
            done = uow.encryption.reencrypt(after, most)
            uow.commit()
            return done.values, done.after

        count, place = database.write(batch, tenant_id=practice.tenant_id).result()
        values += count
    return values


def counts(database: Database, practice: SmallPractice) -> dict[str, int]:
    """How many values are under which key."""
    return dict(database.read(lambda uow: uow.encryption.counts(), tenant_id=practice.tenant_id).result())


def changed(database: Database, practice: SmallPractice) -> tuple[object, ...]:
    """Rows that are not as the chain has them."""
    return database.read(lambda uow: uow.evidence.changed_rows(), tenant_id=practice.tenant_id).result()


def test_words_are_encrypted_as_they_are_stored_and_read_as_they_were_written(house: House) -> None:
    """Nothing that a person wrote lies in the database, and the program and the chain see it as it was."""
    database = house.under(OLD)
    practice = small_practice(database)
    entry_id, patient = write_words(database, practice)
    assert WORDS not in stored(database)
    assert "1958" not in stored(database)
    assert notes(database, practice, entry_id) == [f"{WORDS} at first"]
    assert named(database, practice, patient.patient_id).birth_date == date(1958, 3, 14)
    assert answered(database, practice) == WORDS.encode()
    assert changed(database, practice) == ()
    assert set(counts(database, practice)) == {DataKeys([OLD]).current_id}


def test_without_keys_words_lie_as_they_were_written(house: House) -> None:
    """Words that begin like encrypted ones are none, then and under keys."""
    database = house.under()
    practice = small_practice(database)
    odd = "cocm1.abcdef01.a note about a program"

    def write(uow: UnitOfWork) -> int:
        receipt = uow.ledger.append(
            [practice.entry(note=odd)], by=practice.ana.member_id, at=NOW, source="chat"
        )
        uow.commit()
        return receipt.receipt_id

    entry_id = database.write(write, tenant_id=practice.tenant_id).result()
    assert notes(database, practice, entry_id) == [odd]
    assert set(counts(database, practice)) == {""}
    for keys in ((OLD,), (NEW, OLD)):
        again = house.under(*keys)
        rotate(again, practice)
        assert notes(again, practice, entry_id) == [odd]
        assert changed(again, practice) == ()


def test_turning_it_on_and_changing_keys_changes_nothing_but_what_it_is_encrypted_under(house: House) -> None:
    """From plain to the old key to the new one; the old can go, and the chain holds throughout."""
    plain = house.under()
    practice = small_practice(plain)
    entry_id, patient = write_words(plain, practice)
    assert WORDS in stored(plain)
    before = counts(plain, practice)[""]
    first = house.under(OLD)
    assert notes(first, practice, entry_id) == [f"{WORDS} at first"]
    assert rotate(first, practice) == before
    assert WORDS not in stored(first)
    assert rotate(first, practice) == 0
    both = house.under(NEW, OLD)
    assert rotate(both, practice, most=1) == before
    alone = house.under(NEW)
    assert notes(alone, practice, entry_id) == [f"{WORDS} at first"]
    assert answered(alone, practice) == WORDS.encode()
    assert named(alone, practice, patient.patient_id).first_name == WORDS
    assert changed(alone, practice) == ()


def test_a_rotation_that_is_broken_off_goes_on_where_it_is_run_again(house: House) -> None:
    """What a batch did stays done, and nothing is counted twice."""
    plain = house.under()
    practice = small_practice(plain)
    write_words(plain, practice)
    before = counts(plain, practice)[""]
    first = house.under(OLD)

    def one_batch(uow: UnitOfWork) -> int:
        place, values = FIRST_PLACE, 0
        while not values:
            done = uow.encryption.reencrypt(place, 1)
            values, place = done.values, done.after or place
        uow.commit()
        return values

    done = first.write(one_batch, tenant_id=practice.tenant_id).result()
    assert done + rotate(house.under(OLD), practice) == before


def test_what_no_key_opens_is_said_and_stops_nothing_but_itself(house: House) -> None:
    """The note reads as a sentence; what the program reads itself is as if it were not there; the rest is untouched."""
    database = house.under(OLD)
    practice = small_practice(database)
    entry_id, patient = write_words(database, practice)
    other = house.under(NEW)
    assert notes(other, practice, entry_id) == [UNOPENED]
    found = named(other, practice, patient.patient_id)
    assert (found.first_name, found.mrn, found.birth_date) == (UNOPENED, "MRN77", None)
    waiting = other.read(
        lambda uow: uow.pending.open_of(practice.ana.member_id, NOW), tenant_id=practice.tenant_id
    ).result()
    assert waiting == ()
    # As of an answer that was not kept: a redelivery does nothing, and says that it was done.
    assert answered(other, practice) == b""
    assert {row.table for row in damage.found()} >= {"entry_version", "patient", "pending_question"}
    assert notes(house.under(OLD), practice, entry_id) == [f"{WORDS} at first"]


def test_the_sentence_for_lost_words_is_never_stored_in_their_place(house: House) -> None:
    """Whoever would write over what a key may yet open is refused."""
    database = house.under(OLD)
    practice = small_practice(database)
    write_words(database, practice)
    other = house.under(NEW)

    def write(uow: UnitOfWork) -> None:
        uow.ledger.append([practice.entry(note=UNOPENED)], by=practice.ana.member_id, at=NOW, source="chat")
        uow.commit()

    with pytest.raises(StorageError, match="encrypted under a key that is not at hand"):
        other.write(write, tenant_id=practice.tenant_id).result()


def test_a_program_without_the_key_is_known(house: House) -> None:
    """Which keys are missing is told by their ids, until somebody says that they are lost."""
    database = house.under(OLD)
    practice = small_practice(database)
    database.use_data_key(NOW)
    database.use_data_key(NOW)
    assert database.unknown_data_keys() == ()
    other = house.under(NEW)
    own_id = DataKeys([OLD]).current_id
    assert other.unknown_data_keys() == (own_id,)

    def lose(uow: UnitOfWork) -> None:
        assert uow.encryption.lose(own_id, NOW)
        uow.commit()

    other.write(lose, tenant_id=practice.tenant_id).result()
    assert other.unknown_data_keys() == ()


def test_what_is_encrypted_under_a_missing_key_is_counted_and_not_taken_for_changed(house: House) -> None:
    """The chain says how many rows it could not compare; a value under a key that was never in use is a change."""
    database = house.under(OLD)
    practice = small_practice(database)
    database.use_data_key(NOW)
    entry_id, _ = write_words(database, practice)
    without = house.under()
    found = without.read(lambda uow: uow.evidence.examine(), tenant_id=practice.tenant_id).result()
    assert (found.rows, found.unread > 0) == ((), True)
    again = house.under(OLD)
    with again.engine.connect() as connection, connection.begin():
        connection.exec_driver_sql("UPDATE entry_text SET note = 'cocm1.deadbeef.forged'")
    (row,) = changed(again, practice)
    assert row.kind == "entry_text"
    assert row.key == (str(entry_id), "1")


def test_words_stand_in_no_table_whose_rows_may_not_be_changed() -> None:
    """So that no trigger has to be lifted for another key, and none has a hole."""
    assert not {table.name for table in TABLES} & set(APPEND_ONLY)


def test_every_column_of_words_is_known_to_the_page_about_security() -> None:
    """What is encrypted stands in docs/security.md, table by table."""
    page = (Path(__file__).parents[2] / "docs" / "security.md").read_text(encoding="utf-8")
    missing = [
        f"{table.name}.{name}"
        for table in TABLES
        for name in table.words
        if f"`{table.name}.{name}`" not in page
    ]
    assert not missing
