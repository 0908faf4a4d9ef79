"""Files are read and checked while others write: what changes in between is seen before anything is stored."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest

from billing.activities import ActivitySource
from billing.entries import TimeEntry
from billing.people import Member, MemberRole
from services.care import merging
from services.context import Context
from services.entries import log
from services.imports import entries
from services.imports.load import LOADERS
from services.imports.outcome import ImportOutcome
from services.imports.request import ImportRequest
from services.imports.running import run_import
from services.imports.storing import PlannedImport, plan_only, take_in
from services.people.patient_ref import PatientRef
from storage import Database
from tests.support.files import entries_csv, loaded, patients_csv
from tests.support.practice import TryPractice, asked, draft


@pytest.fixture
def practice(database: Database) -> Iterator[TryPractice]:
    return TryPractice(database)


class Beside:
    """A loader of a file, and what happens each time after the file was read."""

    def __init__(self, kind: str, *happens: Callable[[], object]) -> None:
        self._loader = LOADERS[kind]
        self._happens = list(happens)
        #: How often the file was read.
        self.times = 0

    def __call__(self, context: Context, request: ImportRequest) -> PlannedImport:
        planned = self._loader(context, request)
        self.times += 1
        if self._happens:
            self._happens.pop(0)()
        return planned


def run(practice: TryPractice, loader: Beside, data: bytes) -> ImportOutcome:
    def watch(_done: int, _total: int) -> None:
        """Nobody does."""

    return run_import(practice.practice, loader, ImportRequest(data=data), watch)


def all_entries(practice: TryPractice) -> list[TimeEntry]:
    return practice.see(lambda context: list(context.uow.ledger.month(date.min, date.max)))


def is_sound(practice: TryPractice) -> bool:
    """Chain, hashes and projection hold."""
    return practice.see(
        lambda context: (
            not context.uow.chain.findings()
            and not context.uow.ledger.projection_differences()
            and not context.uow.evidence.changed_rows()
        )
    )


def log_of(practice: TryPractice, ana: Member, identity: str = "123", note: str = "other words") -> None:
    practice.do(log.log, ana, draft(asked(identity, note=note, service_date=date(2026, 11, 3))))


def test_what_people_log_meanwhile_does_not_hold_a_file_up(practice: TryPractice) -> None:
    """Both are stored, under numbers of their own, and the file is read once."""
    ana = practice.member()
    practice.patient()
    loader = Beside("entries", lambda: log_of(practice, ana))
    outcome = run(practice, loader, entries_csv({}, {"minutes": "20"}))
    assert outcome.stored
    # Into an empty ledger nobody is expected to log, so the first log takes a number that was meant for the file.
    assert loader.times <= 2
    again = Beside("entries")
    assert run(practice, again, entries_csv({}, {"minutes": "20"}, {"minutes": "40"})).added == 1
    assert again.times == 1
    assert sorted(entry.seconds for entry in all_entries(practice)) == [900, 900, 1200, 2400]
    assert is_sound(practice)


def test_a_log_like_a_row_that_came_meanwhile_has_the_row_held(practice: TryPractice) -> None:
    """Whoever logs while their file comes in has nothing counted twice."""
    ana = practice.member()
    practice.patient()
    loaded(practice, "entries", entries_csv({"entry_key": "earlier", "minutes": "50"}))
    loader = Beside("entries", lambda: log_of(practice, ana, note="phone check-in"))
    assert run(practice, loader, entries_csv({})).stored
    assert loader.times == 2
    newest = max(all_entries(practice), key=lambda entry: entry.entry_id)
    assert newest.activity_source is ActivitySource.REPEATED


def test_a_key_that_was_imported_meanwhile_is_imported_once(practice: TryPractice) -> None:
    """The same file twice at the same time is one."""
    practice.member()
    practice.patient()
    data = entries_csv({}, {"minutes": "20"})
    loader = Beside("entries", lambda: loaded(practice, "entries", data))
    outcome = run(practice, loader, data)
    assert (outcome.added, outcome.unchanged) == (0, 2)
    assert len(all_entries(practice)) == 2
    assert is_sound(practice)


def test_a_patient_merged_meanwhile_gets_nothing_more(practice: TryPractice) -> None:
    """The entries are the other patient's."""
    sue = practice.member("Sue", MemberRole.SUPERVISOR, MemberRole.ADMIN)
    practice.member()
    kept, gone = practice.patient("98765"), practice.patient("123", assessed_on=None)

    def merge() -> None:
        practice.do(
            merging.merge,
            sue,
            PatientRef(text="MRN123", identity="123"),
            PatientRef(text="MRN98765", identity="98765"),
            "the same person",
        )

    loader = Beside("entries", merge)
    assert run(practice, loader, entries_csv({})).stored
    assert loader.times == 2
    assert [entry.patient_id for entry in all_entries(practice)] == [kept.patient_id]
    assert kept.patient_id != gone.patient_id


def test_a_member_who_changed_meanwhile_is_read_again(practice: TryPractice) -> None:
    """A zone learned from Slack moves the clock times of a file."""
    ana = practice.member()
    practice.patient()

    def move() -> None:
        practice.do(_moved, ana, "America/Los_Angeles")

    loader = Beside("entries", move)
    assert run(practice, loader, entries_csv({"started_at": "14:00"})).stored
    assert loader.times == 2
    (entry,) = all_entries(practice)
    assert entry.started_at is not None
    assert entry.started_at.hour == 22


def _moved(context: Context, member: Member, zone: str) -> None:
    context.uow.members.update(replace(member, time_zone=zone))
    context.uow.commit()


def test_newcomers_of_a_file_have_their_own_numbers_whoever_came_meanwhile(practice: TryPractice) -> None:
    """Patients and people whom the file is the first to name are who the rows say."""
    ana = practice.member()
    loader = Beside("entries", lambda: log_of(practice, ana, "777"))
    data = entries_csv(
        *({"mrn": f"5{n}00{n}", "performed_by": f"New {n % 2}", "minutes": f"{n + 1}"} for n in range(6))
    )
    assert run(practice, loader, data).stored
    assert loader.times == 2

    def look(context: Context) -> dict[str, tuple[str, int]]:
        members = {one.member_id: one.display_name for one in context.uow.members.all()}
        patients = {one.patient_id: one.identity for one in context.uow.patients.all()}
        return {
            patients[entry.patient_id]: (members[entry.performed_by], entry.seconds)
            for entry in context.uow.ledger.month(date.min, date.max)
        }

    found = practice.see(look)
    assert found.pop("777")[0] == ana.display_name
    assert found == {f"5{n}00{n}": (f"New {n % 2}", 60 * (n + 1)) for n in range(6)}
    assert is_sound(practice)


def test_a_file_that_is_outdated_each_time_is_read_in_the_write_itself(practice: TryPractice) -> None:
    """It ends, however much happens beside it."""
    practice.member()
    practice.patient()
    others = [lambda n=n: loaded(practice, "patients", patients_csv({"mrn": f"60{n}0{n}"})) for n in range(3)]
    loader = Beside("entries", *others)
    assert run(practice, loader, entries_csv({}, {"minutes": "20"})).stored
    assert loader.times == 4
    assert len(all_entries(practice)) == 2


def test_every_kind_is_read_again_when_what_it_goes_by_has_changed(practice: TryPractice) -> None:
    """A roster, too, is checked against what is on file when it is stored."""
    practice.member()
    data = patients_csv({"mrn": "41414", "last_name": "Sample"})
    loader = Beside("patients", lambda: loaded(practice, "patients", data))
    outcome = run(practice, loader, data)
    assert loader.times == 2
    assert (outcome.added, outcome.unchanged) == (0, 1)


def test_what_cannot_be_read_stores_nothing(practice: TryPractice) -> None:
    """Problems are found without a write."""
    practice.member()
    outcome = run(practice, Beside("entries"), entries_csv({}, {"minutes": "many"}))
    assert (outcome.stored, len(outcome.problems)) == (False, 1)
    assert all_entries(practice) == []


def test_a_large_file_is_stored_as_a_small_one_is(practice: TryPractice) -> None:
    """Made ready beforehand or written as it comes: the same entries, words, keys and hashes."""
    ana = practice.member()
    practice.patient()
    log_of(practice, ana, note="before the file")
    rows = [{"minutes": f"{1 + n % 40}", "note": f"call {n}" if n % 3 else ""} for n in range(5_100)]
    loader = Beside("entries", lambda: log_of(practice, ana))
    assert run(practice, loader, entries_csv(*rows)).added == len(rows)
    assert loader.times == 1
    found = all_entries(practice)
    assert len(found) == len(rows) + 2
    notes = practice.see(lambda context: context.uow.ledger.notes([one.entry_id for one in found]))
    assert set(notes.values()) == {
        *(row["note"] for row in rows if row["note"]),
        "before the file",
        "other words",
    }
    again = practice.see(plan_only, entries.load, ImportRequest(data=entries_csv(*rows)))
    assert (again.added, again.unchanged) == (0, len(rows))
    assert (
        practice.do(take_in, entries.load, ImportRequest(data=entries_csv(*rows)), lambda *_: None).added == 0
    )
    assert is_sound(practice)
