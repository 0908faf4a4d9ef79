"""Entries from files: rounded once, warned about and not refused for age and length."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from billing.activities import Activity
from billing.entries import TimeEntry
from billing.people import MemberRole, Role
from services.context import Context
from services.entries import log
from services.imports.request import TimeUnit
from storage import Database
from tests.support.files import entries_csv, load, loaded, patients_csv
from tests.support.practice import TryPractice, asked, draft


@pytest.fixture
def practice(database: Database) -> Iterator[TryPractice]:
    return TryPractice(database)


def all_entries(context: Context) -> list[TimeEntry]:
    return sorted(context.uow.ledger.month(date(1900, 1, 1), date(2100, 1, 1)), key=lambda one: one.entry_id)


@pytest.mark.parametrize(
    ("minutes", "seconds"),
    [("15", 900), ("131.26", 7876), ("0.025", 2), ("0.0417", 3), ("1440", 86_400), (".5", 30)],
)
def test_fractional_minutes_are_rounded_half_even_once(
    practice: TryPractice, minutes: str, seconds: int
) -> None:
    """131.26 minutes are 7,876 s; a half second goes to the even one."""
    loaded(practice, "entries", entries_csv({"minutes": minutes}), unit=TimeUnit.MINUTES)
    assert [entry.seconds for entry in practice.see(all_entries)] == [seconds]


def test_importing_twice_adds_nothing(practice: TryPractice) -> None:
    """The key of a row makes it one entry, also in a longer file, and also once it was made void."""
    loaded(practice, "entries", entries_csv({}, {"minutes": "20"}))
    first = practice.see(all_entries)

    def make_void(context: Context) -> None:
        context.uow.ledger.void(
            [first[0].entry_id], by=first[0].performed_by, at=context.now, reason="wrong patient"
        )
        context.uow.commit()

    practice.do(make_void)
    again = loaded(practice, "entries", entries_csv({}, {"minutes": "20"}, {"minutes": "5"}))
    assert (again.added, again.unchanged) == (1, 2)
    assert [entry.seconds for entry in practice.see(all_entries)] == [1200, 300]


def test_other_facts_under_an_imported_key_are_refused(practice: TryPractice) -> None:
    """A key used again for other work is refused by line with what differs, and nothing is lost in silence."""
    loaded(practice, "entries", entries_csv({}, {}, {}))
    again = load(
        practice,
        "entries",
        entries_csv({"minutes": "20"}, {"service_date": "2026-11-04"}, {"mrn": "MRN-123"}),
    )
    assert [(one.line, one.column) for one in again.problems] == [(2, "entry_key"), (3, "entry_key")]
    assert "15 min then, 20 min now" in again.problems[0].message
    assert "Nov 3, 2026 then, Nov 4, 2026 now" in again.problems[1].message
    assert [entry.seconds for entry in practice.see(all_entries)] == [900, 900, 900]


def test_the_same_key_twice_in_one_file_is_refused(practice: TryPractice) -> None:
    """Two entries with one key cannot both be meant."""
    outcome = load(practice, "entries", entries_csv({"entry_key": "a"}, {"entry_key": "a"}))
    assert [(one.line, one.column) for one in outcome.problems] == [(3, "entry_key")]


def test_clock_times_are_those_of_the_person_who_worked(practice: TryPractice) -> None:
    """14:00 in Chicago is 20:00 UTC in November, and the entry ends when its minutes are over."""
    loaded(
        practice,
        "members",
        b"display_name,roles,time_zone\nAna Flores,care_manager,America/Chicago\n",
    )
    loaded(practice, "entries", entries_csv({"started_at": "2:00 PM"}, {"started_at": "14:05"}))
    first, second = practice.see(all_entries)
    assert first.started_at == datetime(2026, 11, 3, 20, 0, tzinfo=UTC)
    assert first.ended_at == datetime(2026, 11, 3, 20, 15, tzinfo=UTC)
    assert second.started_at == datetime(2026, 11, 3, 20, 5, tzinfo=UTC)


def test_a_start_on_another_day_is_refused(practice: TryPractice) -> None:
    """An ISO start must lie on the date of service."""
    outcome = load(practice, "entries", entries_csv({"started_at": "2026-11-04T09:00:00"}))
    assert [(one.line, one.column) for one in outcome.problems] == [(2, "started_at")]


def test_age_and_length_only_warn(practice: TryPractice) -> None:
    """What chat refuses for age and length is taken here, and each row is named."""
    data = entries_csv(
        {"service_date": "2024-01-20", "minutes": "600"},
        {},
        {"minutes": "900"},
        {"minutes": "90"},
    )
    outcome = loaded(practice, "entries", data)
    assert [(one.line, one.column) for one in outcome.warnings] == [
        (2, "minutes"),
        (2, "service_date"),
        (4, "minutes"),
        (5, "minutes"),
    ]


def test_a_file_of_old_entries_says_so_once(practice: TryPractice) -> None:
    """Old rows by the thousand are one sentence that names the first; what else is worth a look is by line."""
    old = (
        {"service_date": "2024-01-20", "minutes": f"{1 + n % 40}", "note": f"day {n}"} for n in range(1_001)
    )
    outcome = loaded(practice, "entries", entries_csv({"minutes": "600"}, *old))
    assert [(one.line, one.column) for one in outcome.warnings if one.column == "service_date"] == []
    assert (2, "minutes") in [(one.line, one.column) for one in outcome.warnings]
    said = "service_date of line 3, 4, 5, 6, 7 and 996 more: The date of service is over 62 days ago."
    assert said in outcome.remarks


def test_an_entry_is_late_only_when_the_file_says_so(practice: TryPractice) -> None:
    """`recorded_on` tells when it was first written down; without it the date of service stands, and that is said."""
    header = b"entry_key,mrn,service_date,minutes,performed_by,recorded_on\n"
    outcome = loaded(
        practice, "entries", header + b"a,1,2026-11-03,15,Ana,2026-11-10\nb,1,2026-11-03,15,Ana,\n"
    )
    assert [entry.recorded_on for entry in practice.see(all_entries)] == [
        date(2026, 11, 10),
        date(2026, 11, 3),
    ]
    assert any("1 entry does not say when" in remark for remark in outcome.remarks)


def test_people_named_first_by_a_file_become_members_with_that_role(practice: TryPractice) -> None:
    """A consultant who is not in Slack needs no list of members."""
    outcome = loaded(
        practice,
        "entries",
        entries_csv({"performed_by": "Dr. Cho", "role": "consultant", "activity": "case review"}),
    )
    cho = practice.see(lambda context: context.uow.members.by_name("dr. cho"))
    assert cho is not None
    assert cho.roles == {MemberRole.CONSULTANT}
    (entry,) = practice.see(all_entries)
    assert (entry.role, entry.activity, entry.performed_by) == (
        Role.CONSULTANT,
        Activity.CASE_REVIEW,
        cho.member_id,
    )
    assert "Dr. Cho" in outcome.remarks[0]


def test_where_strangers_are_refused_the_file_is_too(practice: TryPractice) -> None:
    """The settings for unknown people and patients hold for files."""
    practice.set(unknown_member="refuse", unknown_patient="refuse")
    outcome = load(practice, "entries", entries_csv({}))
    assert [(one.line, one.column) for one in outcome.problems] == [(2, "mrn"), (2, "performed_by")]


@pytest.mark.parametrize(
    "mrn",
    [
        "MRN0042",
        "mrn 0042",
        "MRN-0042",
        "mrn#0042",
        "#0042",
        "０042",
        "MRN#: 0042",
        "M.R.N. 0042",
        "MRN no. 0042",
    ],
)
def test_an_mrn_names_the_same_patient_however_it_is_written(practice: TryPractice, mrn: str) -> None:
    """Prefix, case and width say nothing; leading zeros do."""
    loaded(practice, "patients", patients_csv({"mrn": "0042"}, {"mrn": "42"}))
    loaded(practice, "entries", entries_csv({"mrn": mrn}))
    (entry,) = practice.see(all_entries)
    patient = practice.see(lambda context: context.uow.patients.by_id(entry.patient_id))
    assert patient is not None
    assert patient.identity == "0042"


def test_what_was_imported_is_told_from_what_people_typed(practice: TryPractice) -> None:
    """The ledger keeps the source, and that no person keyed it."""
    loaded(practice, "entries", entries_csv({}))
    (entry,) = practice.see(all_entries)
    (version,) = practice.see(lambda context: context.uow.ledger.versions(entry.entry_id))
    assert version.source == "import"
    by = practice.see(lambda context: context.uow.members.by_id(version.by))
    assert by is not None
    assert (by.display_name, by.active) == ("Import", False)


def held_sources(context: Context) -> list[tuple[str, str]]:
    return [(entry.activity.value, entry.activity_source.value) for entry in all_entries(context)]


def test_without_an_activity_the_note_is_read_as_in_chat(practice: TryPractice) -> None:
    """What the words say; what they hold is stored, named by line, and counted in a sentence."""
    outcome = loaded(
        practice,
        "entries",
        entries_csv(
            {"activity": "", "note": "Zoom call re goals"},
            {"activity": "", "note": "therapy session 90837"},
            {"activity": "", "note": "Faxed ROI"},
            {"activity": "phone", "note": "therapy session 90837 again"},
            {"activity": "psychotherapy", "note": "90837 once more"},
            {"activity": "counseling", "note": "therapy session, said to be counseling"},
            {"activity": "", "note": ""},
        ),
    )
    assert practice.see(held_sources) == [
        ("telehealth", "inferred"),
        ("psychotherapy", "inferred"),
        ("admin", "inferred"),
        ("psychotherapy", "inferred"),
        ("psychotherapy", "stated"),
        ("counseling", "stated"),
        ("other", "inferred"),
    ]
    assert [(one.line, one.column, one.message.partition(": ")[2]) for one in outcome.warnings] == [
        (3, "note", "90837 is psychotherapy, which is billed separately."),
        (4, "note", "“Faxed ROI” is clerical work, which does not count."),
        (5, "note", "90837 is psychotherapy, which is billed separately."),
    ]
    assert "3 entries are held, not counted. Say what they were: /cocm confirm" in outcome.remarks[0]


def test_a_dry_run_says_what_would_be_held(practice: TryPractice) -> None:
    """Before anything is stored."""
    outcome = load(practice, "entries", entries_csv({"activity": "", "note": "CCM call"}), dry_run=True)
    assert outcome.preview is not None
    assert outcome.preview.rows[0][5] == "billed separately, held"
    assert outcome.remarks[0].startswith("1 entry is held")
    assert practice.see(all_entries) == []


@pytest.mark.parametrize(
    ("second", "is_held"),
    [
        ({}, True),
        ({"note": "  PHONE  check-in"}, True),
        ({"performed_by": "ana flores"}, True),
        ({"mrn": "MRN-123"}, True),
        ({"started_at": "9:00"}, True),
        ({"minutes": "16"}, False),
        ({"note": "phone check-in, later"}, False),
        ({"service_date": "2026-11-04"}, False),
        ({"performed_by": "Ben Okoro"}, False),
        ({"mrn": "98765"}, False),
        ({"activity": "chart_review"}, True),
        ({"activity": "admin"}, False),
    ],
)
@pytest.mark.parametrize("at_once", [True, False])
def test_a_row_like_another_is_held(
    practice: TryPractice,
    second: dict[str, str],
    *,
    is_held: bool,
    at_once: bool,
) -> None:
    """Person, patient, day, length and words (R-216): of one file, and against what is on file."""
    if at_once:
        outcome = loaded(practice, "entries", entries_csv({}, second))
    else:
        loaded(practice, "entries", entries_csv({}))
        outcome = loaded(practice, "entries", entries_csv({}, second))
    stored = practice.see(all_entries)
    assert [entry.is_held for entry in stored] == [False, is_held]
    doubles = [(one.line, one.column) for one in outcome.warnings]
    assert doubles == ([(3, "entry_key")] if is_held else [])


def test_clock_times_that_differ_tell_rows_apart(practice: TryPractice) -> None:
    """Three calls at three times are three calls; one without a time may be any of them."""
    rows = ({"started_at": "9:00"}, {"started_at": "10:00"}, {"started_at": "9:00"}, {})
    loaded(practice, "entries", entries_csv(*rows))
    assert [entry.is_held for entry in practice.see(all_entries)] == [False, False, True, True]


def test_a_double_of_what_chat_logged_is_held(practice: TryPractice) -> None:
    """The same contact typed in chat and exported by another system is one contact."""
    ana = practice.member("Ana Flores")
    practice.do(log.log, ana, draft(asked(service_date=date(2026, 11, 3))))
    loaded(practice, "entries", entries_csv({}))
    assert [entry.is_held for entry in practice.see(all_entries)] == [False, True]
