"""Which rows are entries imported before: by key and by facts, whatever became of the entries since."""

from collections.abc import Callable
from datetime import date

import pytest

from billing.entries import TimeEntry
from billing.people import MemberRole
from services.care import merging
from services.context import Context
from services.imports.outcome import ImportOutcome
from services.people.patient_ref import PatientRef
from storage import Database, EntryChanges
from tests.support.files import csv_of, entries_csv, load, loaded, patients_csv
from tests.support.practice import TryPractice

#: As an export without ids has them.
KEYLESS = ("mrn", "service_date", "minutes", "started_at", "performed_by", "role", "note")


@pytest.fixture
def practice(database: Database) -> TryPractice:
    return TryPractice(database)


def all_entries(context: Context) -> list[TimeEntry]:
    return sorted(context.uow.ledger.month(date(1900, 1, 1), date(2100, 1, 1)), key=lambda one: one.entry_id)


def keyless(*rows: dict[str, str]) -> bytes:
    """Rows of an export without keys: 15 minutes of Ana for MRN 123 on 3 November, but for what a row says."""
    usual = {"mrn": "123", "service_date": "2026-11-03", "minutes": "15", "performed_by": "Ana Flores"} | {
        "role": "care_manager"
    }
    return csv_of(KEYLESS, [{**usual, "note": "phone check-in", **row} for row in rows])


def counts(outcome: ImportOutcome) -> tuple[int, int]:
    return outcome.added, outcome.unchanged


def seconds(practice: TryPractice, *, held: bool | None = None) -> list[int]:
    """The lengths of what stands, in order."""
    return [one.seconds for one in practice.see(all_entries) if held is None or one.is_held == held]


def lines(outcome: ImportOutcome) -> list[int]:
    return [one.line for one in outcome.problems]


def correct(practice: TryPractice, place: int, changes: EntryChanges) -> None:
    """Correct the entry at a place of the ledger, as chat does."""

    def change(context: Context) -> None:
        entry = all_entries(context)[place]
        context.uow.ledger.correct(
            entry.entry_id, entry.version, changes, by=entry.performed_by, at=context.now, reason="asked"
        )
        context.uow.commit()

    practice.do(change)


def ref(identity: str) -> PatientRef:
    return PatientRef(text=identity, identity=identity)


def void(practice: TryPractice, place: int) -> None:
    """Make the entry at a place of the ledger void."""

    def take(context: Context) -> None:
        entry = all_entries(context)[place]
        context.uow.ledger.void([entry.entry_id], by=entry.performed_by, at=context.now, reason="asked")
        context.uow.commit()

    practice.do(take)


def test_keys_that_begin_again_lose_nothing(practice: TryPractice) -> None:
    """A tracker that counts from 1 again in each export: the second file is refused line by line."""
    first = [
        {"entry_key": f"{n}", "service_date": f"2026-08-0{n}", "minutes": f"{20 + n}"} for n in (1, 2, 3)
    ]
    later = [
        {"entry_key": f"{n}", "service_date": f"2026-11-0{n}", "minutes": f"{40 + n}"} for n in (1, 2, 3, 4)
    ]
    loaded(practice, "entries", entries_csv(*first))
    outcome = load(practice, "entries", entries_csv(*later))
    assert not outcome.stored
    assert lines(outcome) == [2, 3, 4]
    assert (
        "e-24, with other facts: Aug 1, 2026 then, Nov 1, 2026 now; 21 min then, 41 min now"
        in outcome.problems[0].message
    )
    assert "2026-11-1" in outcome.problems[0].message
    prefixed = [{**row, "entry_key": f"2026-11-{row['entry_key']}"} for row in later]
    loaded(practice, "entries", entries_csv(*prefixed))
    assert sum(seconds(practice)) == (66 + 170) * 60


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"mrn": "98765"}, "patient MRN123 then, MRN98765 now"),
        ({"performed_by": "Ben Okoro"}, "by Ana Flores then, Ben Okoro now"),
        ({"performed_by": "Somebody New"}, "by Ana Flores then, Somebody New now"),
        ({"role": "consultant"}, "as care manager then, consultant now"),
        ({"activity": "chart review"}, "phone then, chart review now"),
        ({"note": "called her pharmacy"}, "another note then"),
        ({"started_at": "9:30"}, "a start at 09:00 then, 09:30 now"),
        ({"minutes": "15.5"}, "15 min then, 15 min 30 s now"),
    ],
)
def test_one_other_fact_is_enough_to_refuse_a_key(
    practice: TryPractice, change: dict[str, str], said: str
) -> None:
    """Also where only the person, the role, the kind of work, the note or the start differs."""
    practice.member("Ana Flores")
    practice.member("Ben Okoro")
    practice.patient("98765")
    row = {"entry_key": "a", "started_at": "9:00"}
    loaded(practice, "entries", entries_csv(row))
    outcome = load(practice, "entries", entries_csv({**row, **change}))
    assert lines(outcome) == [2]
    assert said in outcome.problems[0].message


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"note": " PHONE   check-in"},
        {"mrn": "MRN-123"},
        {"performed_by": "@ana flores"},
        {"service_date": "11/3/2026"},
        {"minutes": "15.0"},
        {"note": ""},
        {"started_at": ""},
        {"activity": ""},
        {"role": ""},
        {"started_at": "9:00 AM"},
        {"started_at": "2026-11-03T14:00:00Z"},
    ],
)
def test_the_same_facts_written_otherwise_are_the_same_entry(
    practice: TryPractice, row: dict[str, str]
) -> None:
    """Spelling says nothing, and an empty cell neither."""
    whole = {"entry_key": "a", "started_at": "9:00"}
    loaded(practice, "entries", entries_csv(whole))
    assert counts(loaded(practice, "entries", entries_csv({**whole, **row}))) == (0, 1)


def test_what_became_of_an_entry_changes_nothing(practice: TryPractice) -> None:
    """Corrected, made void or told apart since: the row is still that entry, and it is said that it stays as it is."""
    rows: tuple[dict[str, str], ...] = ({}, {"minutes": "20"}, {"minutes": "25"}, {"minutes": "25"})
    loaded(practice, "entries", entries_csv(*rows))
    correct(practice, 0, {"seconds": 1800})
    void(practice, 1)
    again = loaded(practice, "entries", entries_csv(*rows))
    assert counts(again) == (0, 4)
    assert [(one.line, one.column) for one in again.warnings] == [(2, "entry_key"), (3, "entry_key")]
    assert seconds(practice) == [1800, 1500, 1500]


def test_a_correction_made_on_both_sides_is_the_same_entry(practice: TryPractice) -> None:
    """Corrected here as the message says, and in the tracker too, the next export is taken."""
    loaded(practice, "entries", entries_csv({}))
    refused = load(practice, "entries", entries_csv({"minutes": "20"}))
    assert lines(refused) == [2]
    correct(practice, 0, {"seconds": 1200})
    assert counts(loaded(practice, "entries", entries_csv({"minutes": "20"}))) == (0, 1)


@pytest.mark.parametrize("make", [entries_csv, keyless])
def test_patients_merged_since_are_one(practice: TryPractice, make: Callable[..., bytes]) -> None:
    """The export goes on saying the MRN that is an alias now; also of an entry that was made void."""
    loaded(practice, "patients", patients_csv({"mrn": "123"}, {"mrn": "98765"}))
    data = make({}, {"minutes": "20"})
    loaded(practice, "entries", data)
    void(practice, 0)
    boss = practice.member("Pia Lindgren", MemberRole.SUPERVISOR, MemberRole.ADMIN)
    practice.do(merging.merge, boss, ref("123"), ref("98765"))
    assert counts(loaded(practice, "entries", data)) == (0, 2)
    assert seconds(practice) == [1200]


@pytest.mark.parametrize(("key", "same"), [(" a ", True), ("a\u00a0 b", False), ("A", False)])
def test_spaces_around_a_key_say_nothing_and_case_does(
    practice: TryPractice, key: str, *, same: bool
) -> None:
    """Ids of some systems differ by case alone."""
    loaded(practice, "entries", entries_csv({"entry_key": "a"}))
    outcome = loaded(practice, "entries", entries_csv({"entry_key": key}))
    assert counts(outcome) == ((0, 1) if same else (1, 0))
    assert len(seconds(practice, held=True)) == (0 if same else 1)


def test_keys_that_a_spreadsheet_has_cut_are_refused(practice: TryPractice) -> None:
    """1.23457E+14 was many different keys once."""
    outcome = load(practice, "entries", entries_csv({"entry_key": "1.23457E+14"}))
    assert [(one.line, one.column) for one in outcome.problems] == [(2, "entry_key")]


@pytest.mark.parametrize("key", ["", "N/A", "-", "none"])
def test_some_rows_may_lack_a_key(practice: TryPractice, key: str) -> None:
    """They are known by what they say."""
    data = entries_csv({}, {"entry_key": key, "minutes": "20"}, {"entry_key": key, "minutes": "25"})
    assert counts(loaded(practice, "entries", data)) == (3, 0)
    assert counts(loaded(practice, "entries", data)) == (0, 3)


# -- without keys ----------------------------------------------------------------------------------------


def test_an_export_without_keys_can_come_again_and_grow(practice: TryPractice) -> None:
    """From month to date, each week: what was there is left out, what is new comes in."""
    practice.clock.pass_(days=10)
    week = [
        [{"service_date": f"2026-11-{7 * n + day:02}", "minutes": f"{10 + day}"} for day in range(2, 7)]
        for n in range(3)
    ]
    assert counts(loaded(practice, "entries", keyless(*week[0]))) == (5, 0)
    assert counts(loaded(practice, "entries", keyless(*week[0]))) == (0, 5)
    assert counts(loaded(practice, "entries", keyless(*week[0], *week[1]))) == (5, 5)
    overlapping = loaded(practice, "entries", keyless(*week[2], *week[1]))
    assert counts(overlapping) == (5, 5)
    assert seconds(practice, held=True) == []
    assert sum(seconds(practice)) == 3 * 70 * 60


def test_the_same_work_written_otherwise_is_known(practice: TryPractice) -> None:
    """The spelling of people and patients, forms of dates, and the order of columns."""
    practice.member("Ana Flores", slack="U0ANAFLORES")
    loaded(practice, "entries", keyless({"started_at": "14:00"}))
    row = {
        "note": "Phone check-in",
        "performed_by": "U0ANAFLORES",
        "started_at": "11/3/2026 2:00 PM",
        "minutes": "15.00",
        "service_date": "",
        "mrn": "MRN 123",
    }
    assert counts(loaded(practice, "entries", csv_of(tuple(row), [row]))) == (0, 1)


def test_twins_stay_two_and_come_once(practice: TryPractice) -> None:
    """Two rows alike are two entries, of which one is held; the same file again adds nothing, a third twin one more."""
    assert counts(loaded(practice, "entries", keyless({}, {}))) == (2, 0)
    assert counts(loaded(practice, "entries", keyless({}, {}))) == (0, 2)
    assert counts(loaded(practice, "entries", keyless({}, {}, {}))) == (1, 2)
    assert seconds(practice, held=True) == [900, 900]
    assert counts(loaded(practice, "entries", keyless({}))) == (0, 1)


def test_work_of_one_length_is_told_apart_by_its_note(practice: TryPractice) -> None:
    """Two calls of a day in another order, with a third before them."""
    one, two, three = {"note": "left voicemail"}, {"note": "reached her"}, {"note": "called the pharmacy"}
    loaded(practice, "entries", keyless(one, two))
    outcome = loaded(practice, "entries", keyless(three, two, one))
    assert counts(outcome) == (1, 2)
    assert seconds(practice, held=True) == []
    assert counts(loaded(practice, "entries", keyless(two, three, one))) == (0, 3)


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ({"minutes": "20"}, {"minutes": "25"}),
        ({"minutes": "20", "note": ""}, {"minutes": "25", "note": ""}),
        ({"note": "phone chek-in"}, {"note": "phone check-in"}),
        ({"started_at": "9:00"}, {"started_at": "9:05", "minutes": "20"}),
        ({"started_at": ""}, {"started_at": "9:05"}),
        ({"started_at": "9:00", "note": "a"}, {"started_at": "9:00", "minutes": "25", "note": "b"}),
    ],
)
def test_a_row_corrected_in_the_tracker_is_held(
    practice: TryPractice, was: dict[str, str], now: dict[str, str]
) -> None:
    """The entry that it replaces is named, nothing counts twice, and the next export adds nothing."""
    other = {"service_date": "2026-11-02"}
    loaded(practice, "entries", keyless(other, was))
    outcome = loaded(practice, "entries", keyless(other, now))
    assert counts(outcome) == (1, 1)
    assert [one.is_held for one in practice.see(all_entries)] == [False, False, True]
    assert [one.line for one in outcome.warnings] == [3]
    assert counts(loaded(practice, "entries", keyless(other, now))) == (0, 2)


def test_once_the_first_is_void_a_correction_counts(practice: TryPractice) -> None:
    """Who voids the wrong entry first is asked nothing."""
    loaded(practice, "entries", keyless({"minutes": "20"}))
    void(practice, 0)
    loaded(practice, "entries", keyless({"minutes": "25"}))
    assert seconds(practice, held=False) == [1500]


def test_another_contact_of_the_day_is_not_held(practice: TryPractice) -> None:
    """While the first one is in the file, or where times or words are quite other."""
    loaded(practice, "entries", keyless({"minutes": "20"}))
    loaded(practice, "entries", keyless({"minutes": "20"}, {"minutes": "25"}))
    assert seconds(practice, held=True) == []
    loaded(practice, "entries", keyless({"started_at": "16:00", "minutes": "5", "note": "reached her"}))
    assert seconds(practice, held=True) == []


def test_what_the_tracker_has_no_more_is_named(practice: TryPractice) -> None:
    """Moved to another patient or day, or deleted there: the entry stays here, and that is said."""
    practice.patient("98765")
    loaded(practice, "entries", keyless({"note": "a"}, {"service_date": "2026-11-05"}))
    outcome = loaded(
        practice, "entries", keyless({"mrn": "98765", "note": "a"}, {"service_date": "2026-11-05"})
    )
    assert any("1 entry imported before" in remark and "e-24" in remark for remark in outcome.remarks)
    later = loaded(practice, "entries", keyless({"service_date": "2026-11-06"}))
    assert not any("imported before" in remark for remark in later.remarks)
