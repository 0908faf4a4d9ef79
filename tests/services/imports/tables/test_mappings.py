"""Mappings: shipped ones read the files of their systems, and practices say and save their own."""

from pathlib import Path

import pytest

from services.imports.load import KINDS
from services.imports.request import TimeUnit
from services.imports.sheet import understood
from services.imports.tables.headers import Header
from services.imports.tables.layouts import BadLayout, Layout, layout_of
from services.imports.tables.named import shipped
from services.imports.tables.written import mapping_text
from tests.support.sheets import cells_of, lines, request_of, said_of, sheet_of

FILES = Path(__file__).parents[3] / "data" / "imports"
PEOPLE = {"email": ("ana@clinic.example", "sam@clinic.example"), "name": ("Ana Flores", "Sam Ortiz")}
NOTES = ["Phone check-in", "Chart review", "Care plan, with PCP"]

#: Of each tracker: how it names people, its durations and their unit, its starts.
TRACKERS = {
    "clockify": ("email", ["01:17:00", "00:45:00", "00:12:30"], TimeUnit.HOURS, "09:00:00 AM"),
    "toggl": ("email", ["01:17:00", "00:45:00", "00:12:30"], None, "09:00:00"),
    "harvest": ("name", ["1.25", "0.75", "0.2"], TimeUnit.HOURS, ""),
    "kimai": ("email", ["1.25", "0.75", "0.2"], TimeUnit.HOURS, "09:00"),
    "tempo": ("name", ["1.25", "0.75", "0.2"], TimeUnit.HOURS, "09:00"),
}


def file_of(name: str) -> bytes:
    return (FILES / f"{name}.csv").read_bytes()


def columns_of(data: bytes | str, kind: str = "entries", **said: object) -> tuple[Header, Layout]:
    own = KINDS[kind]
    return understood(request_of(data, kind, **said), own.columns, own.needed)


@pytest.mark.parametrize("name", TRACKERS)
def test_a_trackers_detailed_export_is_read_as_it_was_downloaded(name: str) -> None:
    """Patients from words around their MRN, exact lengths rather than rounded ones, starts, people and notes."""
    people, lengths, unit, start = TRACKERS[name]
    ana, sam = PEOPLE[people]
    keys = tuple(f"k{number}" for number in range(3))
    sheet = sheet_of(file_of(name), mapping=name, constants=(("entry_key", keys[0]),))
    rows = cells_of(sheet)
    assert said_of(sheet) == ""
    assert [row["mrn"] for row in rows] == ["MRN1001", "MRN1002", "MRN1001"]
    assert [row["minutes"] for row in rows] == lengths
    assert sheet.reading.unit is unit
    assert [row["performed_by"] for row in rows] == [ana, ana, sam]
    assert [row["note"] for row in rows] == NOTES
    assert rows[0].get("started_at", "") == start
    assert [row["service_date"][-2:] if name != "clockify" else row["service_date"][3:5] for row in rows] == [
        "03",
        "16",
        "17",
    ]


def test_a_caseload_sheet_is_a_roster() -> None:
    """Titles above the header are left out, and columns about scores are named once."""
    sheet = sheet_of(file_of("aims"), "patients", mapping="aims")
    assert said_of(sheet) == ""
    first = cells_of(sheet)[0]
    assert (first["mrn"], first["last_name"], first["diagnosis_codes"]) == ("MRN1001", "Guzman", "F32.1")
    assert "'PHQ-9 First', 'PHQ-9 Last'" in " ".join(sheet.remarks)


def test_a_wide_sheet_of_scores_is_one_row_a_score() -> None:
    """Each filled total is a score; the MRN of a record's first event holds for its later ones."""
    sheet = sheet_of(file_of("redcap"), "scores", mapping="redcap")
    assert said_of(sheet) == ""
    assert [(line, *row.values()) for line, row in sheet.rows] == [
        (2, "MRN1001", "PHQ-9", "18", "2026-10-05"),
        (2, "MRN1001", "GAD-7", "12", "2026-10-05"),
        (3, "MRN1001", "PHQ-9", "11", "2026-11-03"),
        (4, "MRN1002", "PHQ-9", "14", "2026-11-02"),
        (4, "MRN1002", "GAD-7", "9", "2026-11-02"),
    ]


def test_numbered_columns_of_scores_are_rows_as_well() -> None:
    """`phq9_score_1`, `phq9_date_1` and so on, as far as the file has them."""
    header = ("mrn", "phq9_score_1", "phq9_date_1", "phq9_score_2", "phq9_date_2")
    text = lines(
        header, ("1001", "18", "2026-10-05", "11", "2026-11-03"), ("1002", "9", "2026-11-03", "", "")
    )
    rows = cells_of(sheet_of(text, "scores", mapping="redcap"))
    assert [(row["mrn"], row["value"]) for row in rows] == [("1001", "18"), ("1001", "11"), ("1002", "9")]


@pytest.mark.parametrize("name", list(shipped()))
def test_a_file_of_a_known_system_is_recognized(name: str) -> None:
    """Where columns are missing, the mapping that fits is suggested; with it, its signature is in the made-up file."""
    layout = shipped()[name]
    sheet = sheet_of(file_of(name), layout.kind)
    assert not sheet.problems or f"--as {name}" in said_of(sheet)
    assert layout.title
    assert layout.source
    assert len(sheet.problems) <= 1, "beside the mapping that fits, nothing else is asked for"


def test_a_newer_or_older_download_of_a_tracker_is_recognized_too() -> None:
    """Toggl came to say Member for User; Kimai has Name and Username; and Roles of Harvest is no slip of role."""
    toggl = (
        "Description,Duration,Member,Email,Project,Start date,Start time\n"
        "x,0:15:00,Ana,a@x.example,123,2026-11-03,09:00:00\n"
    )
    kimai = (
        "Date,From,To,Duration,Name,Username,Customer,Project,Activity,Description\n"
        "2026-11-03,09:00,09:15,0:15,Ana,ana,,MRN1,,x\n"
    )
    harvest = (
        "Date,Client,Project,Task,Notes,Hours,First Name,Last Name,Roles\n"
        "2026-11-03,C,MRN1,T,x,0.25,Ana,Flores,CM\n"
    )
    for name, text in {"toggl": toggl, "kimai": kimai, "harvest": harvest}.items():
        sheet = sheet_of(text)
        assert len(sheet.problems) == 1, name
        assert said_of(sheet).endswith(f"add --as {name}."), name
        assert said_of(sheet_of(text, mapping=name)) == "", name


def test_what_a_mapping_lacks_is_named() -> None:
    """REDCap's own number is an MRN only in projects that made it one: then one option says so."""
    text = "record_id,redcap_event_name,phq9_total_score,phq9_date\n0123,baseline_arm_1,14,2026-09-03\n"
    assert "The column mrn is missing" in said_of(sheet_of(text, "scores", mapping="redcap"))
    sheet = sheet_of(text, "scores", mapping="redcap", headers=(("mrn", "record_id"),))
    assert cells_of(sheet) == [{"mrn": "0123", "scale": "PHQ-9", "value": "14", "measured_on": "2026-09-03"}]


@pytest.mark.parametrize(
    ("project", "mrn"),
    [
        ("MRN123 - Doe, J", "MRN123"),
        ("00123 (Doe)", "00123"),
        ("123456", "123456"),
        ("Doe, Jane / MRN 123", "MRN 123"),
        ("AB12345: phone", "AB12345"),
        ("[MRN#88] North", "MRN#88"),
    ],
)
def test_the_patient_is_found_among_the_words_of_a_project(project: str, mrn: str) -> None:
    """At the start before a separator, or anywhere behind MRN."""
    text = lines(("entry_key", "DOS", "minutes", "User", "Project"), ("k", "2026-11-03", "5", "Ana", "X"))
    sheet = sheet_of(text.replace("X", f'"{project}"'), headers=(("mrn", "Project"),))
    assert [row["mrn"] for row in cells_of(sheet)] == [mrn]


@pytest.mark.parametrize(
    "project", ["Internal", "12 month plan", "2026-11 admin", "Q4 - planning", "Smith 12"]
)
def test_words_without_a_patient_are_never_one(project: str) -> None:
    """The row is refused with how to leave such rows out, and left out when asked."""
    text = lines(
        ("entry_key", "DOS", "minutes", "User", "Project"),
        ("k1", "2026-11-03", "5", "Ana", project),
        ("k2", "2026-11-03", "7", "Ana", "MRN123"),
    )
    asked = sheet_of(text, headers=(("mrn", "Project"),))
    assert "holds no MRN" in said_of(asked)
    assert "--skip" in said_of(asked)
    sheet = sheet_of(text, headers=(("mrn", "Project"),), skipped=(("Project", project.upper()),))
    assert said_of(sheet) == ""
    assert [row["entry_key"] for row in cells_of(sheet)] == ["k2"]
    assert any("Left out 1 row by 'Project'" in one for one in sheet.remarks)


def test_what_is_mapped_must_be_there_and_is_said_with_what_there_is() -> None:
    """A header that the file lacks, a column that we lack: both sides are listed."""
    text = lines(("key", "Day", "Mins", "Who"), ("1", "2", "3", "4"))
    assert "'Projct'" in said_of(sheet_of(text, headers=(("mrn", "Projct"),)))
    assert "The file has 'key', 'Day', 'Mins', 'Who'" in said_of(sheet_of(text, headers=(("mrn", "Projct"),)))
    assert "There is no column 'patient'" in said_of(sheet_of(text, headers=(("patient", "Who"),)))
    assert "Shipped: aims, clockify" in said_of(sheet_of(text, mapping="nosuch"))
    assert "is for files of scores" in said_of(sheet_of(text, mapping="redcap"))


def test_a_mapping_goes_before_what_headers_mean_by_themselves() -> None:
    """`--map` settles which of two headers is meant, and a constant fills what the file does not say."""
    text = lines(("key", "MRN", "Patient ID", "DOS", "Hours"), ("k", "9", "123", "2026-11-03", "1.5"))
    sheet = sheet_of(
        text, headers=(("mrn", "Patient ID"),), constants=(("performed_by", "Ana"), ("role", "biller"))
    )
    assert said_of(sheet) == ""
    assert cells_of(sheet) == [
        {
            "mrn": "123",
            "entry_key": "k",
            "service_date": "2026-11-03",
            "minutes": "1.5",
            "performed_by": "Ana",
            "role": "biller",
        }
    ]
    assert "'MRN'" in " ".join(sheet.remarks)


def test_moments_are_taken_apart_and_words_translated() -> None:
    """One column of date and time is the day and the start; midnight is what a bare date becomes."""
    layout = """
        kind = "entries"
        unit = "minutes"
        [columns]
        entry_key = "id"
        mrn = "patient"
        minutes = "len"
        performed_by = { join = ["given", "family"] }
        service_date = { header = "when", part = "date" }
        started_at = { header = "when", part = "time" }
        activity = { header = "how", values = { "call" = "phone" } }
    """
    moments = [
        "2026-11-03 09:15",
        "11/3/2026 9:15 PM",
        "2026-11-03T09:15:00Z",
        "2026-11-03 00:00:00",
        "2026-11-03",
    ]
    rows = [(f"{place}", "1", "5", "Ana", "Flores", one, "Call") for place, one in enumerate(moments)]
    text = lines(("id", "patient", "len", "given", "family", "when", "how"), *rows)
    found = cells_of(sheet_of(text, mapping="ours", mapping_text=layout))
    assert [(row["service_date"], row["started_at"]) for row in found] == [
        ("2026-11-03", "09:15"),
        ("11/3/2026", "9:15 PM"),
        ("2026-11-03", "2026-11-03T09:15:00Z"),
        ("2026-11-03", ""),
        ("2026-11-03", ""),
    ]
    assert {(row["performed_by"], row["activity"]) for row in found} == {("Ana Flores", "phone")}


@pytest.mark.parametrize("name", list(shipped()))
def test_a_mapping_that_was_written_down_reads_the_same(name: str) -> None:
    """What is saved of a file that was read by a mapping reads that file again, to the same rows."""
    kind, keys = shipped()[name].kind, (("entry_key", "k"),) if shipped()[name].kind == "entries" else ()
    text = mapping_text(*columns_of(file_of(name), kind, mapping=name, constants=keys))
    before = sheet_of(file_of(name), kind, mapping=name, constants=keys)
    after = sheet_of(file_of(name), kind, mapping="ours", mapping_text=text)
    assert said_of(after) == ""
    assert cells_of(after) == cells_of(before)
    assert (after.reading.unit, after.reading.dates) == (before.reading.unit, before.reading.dates)


def test_what_headers_meant_by_themselves_is_saved_too() -> None:
    """The saved mapping names every column, so that a file with other headers is not guessed at."""
    header = ("Entry ID", "Project", "DOS", "Hours", "User")
    row = ("1", "MRN7 - x", "2026-11-03", "0.5", "Ana")
    text = mapping_text(*columns_of(lines(header, row), headers=(("mrn", "Project"),)))
    saved = layout_of("ours", text)
    assert set(saved.columns) == {"entry_key", "mrn", "service_date", "minutes", "performed_by"}
    assert saved.unit is TimeUnit.HOURS
    assert "column service_date is missing" in said_of(
        sheet_of(lines((*header[:2], "Date", *header[3:]), row), mapping="ours", mapping_text=text)
    )


@pytest.mark.parametrize(
    "text",
    [
        "kind = ",
        "x = 1",
        'kind = "entries"\ncolumns = 3',
        'kind = "entries"\n[columns]\nmrn = { pattern = "(" , header = "a" }',
        'kind = "entries"\n[columns]\nmrn = { pattern = "a" , header = "a" }',
        'kind = "entries"\n[columns]\nmrn = { headr = "a" }',
        'kind = "entries"\n[columns]\nmrn = 7',
        'kind = "entries"\n[columns]\nmrn = { header = "a", part = "year" }',
        'kind = "entries"\nunit = "weeks"',
        'kind = "entries"\n[[groups]]\nconstants = { a = "b" }',
        'kind = "entries"\n[skip]\nProject = 3',
    ],
)
def test_a_mapping_that_is_none_is_refused_in_a_sentence(text: str) -> None:
    """Whatever a file of a mapping holds."""
    with pytest.raises(BadLayout, match="ours"):
        layout_of("ours", text)
    assert said_of(sheet_of("mrn\n1\n", mapping="ours", mapping_text=text))


def test_a_column_that_is_said_twice_is_refused() -> None:
    """Neither of two headers is taken in silence, nor one of hours beside one of minutes."""
    text = lines(("Project", "Client", "Day", "Mins", "Who"), ("MRN1", "MRN2", "2026-11-03", "15", "Ana"))
    for headers in (
        (("mrn", "Project"), ("mrn", "Client")),
        (("minutes", "Mins"), ("hours", "Day"), ("mrn", "Client")),
    ):
        assert "Say one of the two." in said_of(sheet_of(text, headers=headers))
