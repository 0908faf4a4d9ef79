"""What comes from files by the thousand: patients, episodes and entries, on both databases."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from billing.entries import TimeEntry
from billing.episodes import Consent, ConsentKind, Episode
from billing.people import Patient
from storage import DERIVED_KEY, AlreadyExists, Database, NewEntry, StorageError, UnitOfWork
from storage.statements import PreparedStatement
from storage.tables import AuditEventRow, table_of
from tests.support.keeping import kept, read
from tests.support.storing import NOW, TODAY, SmallPractice

ALWAYS = (date.min, date.max)


def some_entries(practice: SmallPractice, count: int) -> dict[str, NewEntry]:
    """Entries by their keys in a file, no two alike."""
    return {
        f"row-{n}": practice.entry(
            seconds=60 + n,
            service_date=TODAY - timedelta(days=n % 40),
            note=f"call {n}" if n % 3 else "",
            participants=(practice.ana.member_id,) if n % 5 == 0 else (),
            started_at=NOW if n % 2 else None,
            outcome="no answer" if n % 7 == 0 else None,
        )
        for n in range(count)
    }


def importing(practice: SmallPractice, entries: Mapping[str, NewEntry]) -> Callable[[UnitOfWork], int]:
    """Import what was not imported before, as the command does; returns how many were new."""

    def work(uow: UnitOfWork) -> int:
        known = uow.imports.entry_ids(entries)
        new = {key: entry for key, entry in entries.items() if key not in known}
        if new:
            uow.imports.append(new, by=practice.ana.member_id, at=NOW)
        return len(new)

    return work


def everything(uow: UnitOfWork) -> list[TimeEntry]:
    """All that stands."""
    return list(uow.ledger.month(*ALWAYS))


def test_imported_entries_are_as_if_logged_one_by_one(database: Database, practice: SmallPractice) -> None:
    """More entries than are written at a time stand in ledger, notes and projection as single ones would."""
    entries = some_entries(practice, 5_300)

    receipt_id = kept(
        database,
        lambda uow: uow.imports.append(entries, by=practice.ana.member_id, at=NOW),
        practice.tenant_id,
    )
    single = entries["row-10"]
    logged = kept(
        database,
        lambda uow: uow.ledger.append([single], by=practice.ana.member_id, at=NOW, source="import"),
        practice.tenant_id,
    )

    def look(uow: UnitOfWork) -> None:
        numbers = uow.imports.entry_ids(entries)
        receipt = uow.ledger.receipt(receipt_id)
        assert [entry.entry_id for entry in receipt.entries] == [numbers[key] for key in entries]
        assert receipt.source == "import"
        notes = uow.ledger.notes(list(numbers.values()))
        assert {key: notes.get(number, "") for key, number in numbers.items()} == {
            key: entry.note for key, entry in entries.items()
        }
        one = uow.ledger.entry(numbers["row-10"])
        assert one == replace(logged.entries[0], entry_id=numbers["row-10"])
        (version,) = uow.ledger.versions(numbers["row-14"])
        assert (version.outcome, version.receipt_id, version.by) == (
            "no answer",
            receipt_id,
            practice.ana.member_id,
        )
        assert uow.ledger.projection_differences() == ()
        assert len(everything(uow)) == len(entries) + 1

    read(database, look, practice.tenant_id)


def test_importing_twice_is_harmless(database: Database, practice: SmallPractice) -> None:
    """The same file again adds nothing; a longer one adds what is new; an entry made void stays void."""
    entries = some_entries(practice, 30)
    first = dict(list(entries.items())[:20])

    assert kept(database, importing(practice, first), practice.tenant_id) == 20
    assert kept(database, importing(practice, first), practice.tenant_id) == 0
    number = read(database, lambda uow: uow.imports.entry_ids(["row-3"])["row-3"], practice.tenant_id)
    kept(
        database,
        lambda uow: uow.ledger.void([number], by=practice.ana.member_id, at=NOW, reason="not ours"),
        practice.tenant_id,
    )
    assert kept(database, importing(practice, entries), practice.tenant_id) == 10

    standing = read(database, everything, practice.tenant_id)
    assert len(standing) == 29
    assert number not in {entry.entry_id for entry in standing}


def test_a_key_is_imported_once(database: Database, practice: SmallPractice) -> None:
    """Keys that were imported before are refused, and none of their companions is stored."""
    entries = some_entries(practice, 3)
    kept(database, importing(practice, {"row-1": entries["row-1"]}), practice.tenant_id)

    with pytest.raises(AlreadyExists):
        kept(
            database,
            lambda uow: uow.imports.append(entries, by=practice.ana.member_id, at=NOW),
            practice.tenant_id,
        )

    assert len(read(database, everything, practice.tenant_id)) == 1
    assert read(database, lambda uow: uow.imports.entry_ids(entries), practice.tenant_id).keys() == {"row-1"}
    assert read(database, lambda uow: uow.imports.entry_ids(entries), practice.tenant_id + 1) == {}


def test_an_import_is_one_event_of_the_audit_trail(database: Database, practice: SmallPractice) -> None:
    """However many entries it brings, an import adds one link to the chain, and the chain holds."""
    events = table_of(AuditEventRow)
    asked = PreparedStatement(select(events.c.action, func.count()).group_by(events.c.action))
    before = read(database, lambda uow: uow.imports._wire.rows(asked), practice.tenant_id)
    kept(database, importing(practice, some_entries(practice, 700)), practice.tenant_id)

    after = read(database, lambda uow: uow.imports._wire.rows(asked), practice.tenant_id)
    assert sorted(set(after) - set(before)) == [("entries.imported", 1)]
    assert sum(number for _, number in after) == sum(number for _, number in before) + 1
    assert read(database, lambda uow: uow.chain.findings(), practice.tenant_id) == ()


def test_an_import_is_kept_whole_or_not_at_all(database: Database, practice: SmallPractice) -> None:
    """One entry that the database refuses, or a use case that fails afterwards, leaves nothing behind."""
    entries = some_entries(practice, 40)
    entries["row-39"] = replace(entries["row-39"], patient_id=99_999)

    with pytest.raises(StorageError):
        kept(database, importing(practice, entries), practice.tenant_id)
    with pytest.raises(ValueError, match="nothing to append"):
        kept(
            database,
            lambda uow: uow.imports.append({}, by=practice.ana.member_id, at=NOW),
            practice.tenant_id,
        )
    database.write(importing(practice, some_entries(practice, 4)), tenant_id=practice.tenant_id).result()

    assert read(database, everything, practice.tenant_id) == []
    assert read(database, lambda uow: uow.imports.entry_ids(entries), practice.tenant_id) == {}


def test_logging_goes_on_after_an_import(database: Database, practice: SmallPractice) -> None:
    """Numbers of entries never collide, whether they come from a file or from chat."""

    def log(uow: UnitOfWork) -> int:
        receipt = uow.ledger.append([practice.entry()], by=practice.ana.member_id, at=NOW, source="chat")
        return receipt.receipt_id

    before = kept(database, log, practice.tenant_id)
    kept(database, importing(practice, some_entries(practice, 25)), practice.tenant_id)
    after = kept(database, log, practice.tenant_id)

    numbers = [entry.entry_id for entry in read(database, everything, practice.tenant_id)]
    assert len(numbers) == len(set(numbers)) == 27
    assert {before, after} <= set(numbers)


def a_roster(count: int) -> list[Patient]:
    """Patients as a file names them: without number and handle."""
    return [
        Patient(
            patient_id=0,
            handle="",
            mrn=f"MRN-A{n:04}",
            identity=f"a{n:04}",
            on_roster=n % 2 == 0,
            first_name=f"First {n}",
            last_name=f"Last {n}",
            referring_npi="1234567893",
            problems="F33.1",
        )
        for n in range(count)
    ]


def test_many_patients_are_as_if_added_one_by_one(database: Database, practice: SmallPractice) -> None:
    """Each gets a number and a handle of their own, and is found by identity, handle and near spelling."""
    roster = a_roster(1_500)

    added = kept(database, lambda uow: uow.patients.add_many(roster), practice.tenant_id)

    assert [replace(patient, patient_id=0, handle="") for patient in added] == roster
    everyone = {practice.patient.handle, *(patient.handle for patient in added)}
    assert len(everyone) == len(roster) + 1

    def look(uow: UnitOfWork) -> None:
        assert uow.patients.all() == (practice.patient, *sorted(added, key=lambda one: one.patient_id))
        for patient in (added[0], added[-1]):
            assert uow.patients.by_identity(patient.identity) == patient
            assert uow.patients.by_handle(patient.handle) == patient
        assert added[42] in uow.patients.one_typo_away("a042")

    read(database, look, practice.tenant_id)
    assert kept(database, lambda uow: uow.patients.add_many([]), practice.tenant_id) == ()


def test_a_patient_known_already_refuses_the_roster(database: Database, practice: SmallPractice) -> None:
    """A roster with an identity that is known, or with one twice, is refused whole."""
    known = replace(a_roster(1)[0], identity=practice.patient.identity)
    for roster in ([*a_roster(3), known], [*a_roster(3), a_roster(1)[0]]):
        with pytest.raises(AlreadyExists):
            kept(database, lambda uow: uow.patients.add_many(roster), practice.tenant_id)  # noqa: B023 - run at once

    assert read(database, lambda uow: uow.patients.all(), practice.tenant_id) == (practice.patient,)


def test_many_episodes_are_as_if_added_one_by_one(database: Database, practice: SmallPractice) -> None:
    """Episodes of a file are kept with every fact, each under a number of its own."""
    consent = Consent(given_on=date(2026, 9, 2), kind=ConsentKind.VERBAL)
    mine = practice.patient.patient_id
    episodes = [
        Episode(
            episode_id=0,
            patient_id=mine,
            enrolled_on=date(2020, 1, 1) + timedelta(days=n),
            consent=consent if n % 2 else None,
            diagnosis_codes=("F33.1",),
            payer="Acme Health",
        )
        for n in range(20)
    ]

    kept(database, lambda uow: uow.episodes.add_many(episodes), practice.tenant_id)

    found = read(database, lambda uow: uow.episodes.of_patients([mine, 999]), practice.tenant_id)
    assert [replace(episode, episode_id=0) for episode in found[mine]] == episodes
    assert len({episode.episode_id for episode in found[mine]}) == len(episodes)
    assert found.keys() == {mine}


def test_keys_made_of_facts_are_found_by_their_days(database: Database, practice: SmallPractice) -> None:
    """Those of a span of days and no others, whatever keys a file has beside them."""
    days = {day: f"{DERIVED_KEY}202611{day:02}abc.1" for day in (1, 2, 29, 30)}
    names = [*days.values(), f"{DERIVED_KEY}20261201abc.1", f"{days[30]}\x1f2", "row", "row:", "20261102"]
    entries = {name: practice.entry(seconds=60 + n) for n, name in enumerate(names)}
    kept(
        database,
        lambda uow: uow.imports.append(entries, by=practice.ana.member_id, at=NOW),
        practice.tenant_id,
    )
    found = read(
        database,
        lambda uow: uow.imported.derived_between(date(2026, 11, 2), date(2026, 11, 30)),
        practice.tenant_id,
    )
    assert sorted(found) == sorted([days[2], days[29], days[30], f"{days[30]}\x1f2"])


def test_entries_are_read_as_they_were_imported(database: Database, practice: SmallPractice) -> None:
    """Every version of those asked for, and whether somebody corrected them or made them void."""
    entries = some_entries(practice, 4)
    kept(
        database,
        lambda uow: uow.imports.append(entries, by=practice.ana.member_id, at=NOW),
        practice.tenant_id,
    )
    numbers = read(database, lambda uow: uow.imports.entry_ids(entries), practice.tenant_id)

    def change(uow: UnitOfWork) -> None:
        by = practice.ana.member_id
        uow.ledger.correct(numbers["row-1"], 1, {"seconds": 5}, by=by, at=NOW, reason="asked")
        uow.ledger.void([numbers["row-2"]], by=by, at=NOW, reason="asked")

    kept(database, change, practice.tenant_id)
    asked = [numbers[f"row-{n}"] for n in range(3)]
    found = read(database, lambda uow: list(uow.imported.as_imported(asked)), practice.tenant_id)
    assert [[one.seconds for one in each.versions] for each in found] == [[60], [61, 5], [62]]
    assert [each.was_touched for each in found] == [False, True, True]
