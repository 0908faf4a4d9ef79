"""The registry of columns: each has a meaning, and no header means two of them."""

from collections import Counter

import pytest

from services.imports.load import KINDS
from services.imports.request import TimeUnit
from services.imports.tables.columns import KindOfFile, kinds_of_files, plain
from services.imports.tables.written import template
from tests.support.files import SEED_COLUMNS
from tests.support.sheets import cells_of, lines, said_of, sheet_of


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_every_column_of_every_kind_is_explained(kind: object) -> None:
    """Its meaning and an example stand in the list that people see; needed ones are among the columns."""
    own = KINDS[getattr(kind, "name", "")]
    known = kinds_of_files()[own.name]
    assert known.about
    assert [name for name in own.columns if name not in known.columns] == []
    assert [one.name for one in known.columns.values() if not (one.meaning and one.example)] == []
    assert set(own.needed) <= set(own.columns)


@pytest.mark.parametrize("kind", kinds_of_files().values(), ids=list(kinds_of_files()))
def test_no_header_means_two_columns_of_a_kind(kind: KindOfFile) -> None:
    """Names and synonyms of one kind are all different, and none is a name of another column."""
    counted = Counter(
        word for one in kind.columns.values() for word in {one.name, *one.synonyms} | (one.weak - {one.name})
    )
    assert [word for word, count in counted.items() if count > 1] == []


@pytest.mark.parametrize(
    ("kind", "header", "column"),
    [
        ("entries", "Patient ID", "mrn"),
        ("entries", "Med Rec #", "mrn"),
        ("entries", "patientId", "mrn"),
        ("entries", "PATIENT-MRN", "mrn"),
        ("entries", "DOS", "service_date"),
        ("entries", "Start date", "service_date"),
        ("entries", "Service Date (MM/DD/YYYY)", "service_date"),
        ("entries", "User", "performed_by"),
        ("entries", "Staff Name", "performed_by"),
        ("entries", "Duration (decimal)", "minutes"),
        ("entries", "Duration (h)", "minutes"),
        ("entries", "Hours", "minutes"),
        ("entries", "Time (min)", "minutes"),
        ("entries", "Time spent (s)", "minutes"),
        ("entries", "Length", "minutes"),
        ("entries", "Notes:", "note"),
        ("patients", "Initial Assessment", "initial_assessment_on"),
        ("patients", "Referring Provider NPI", "referring_npi"),
        ("patients", "Problems List", "problems"),
        ("patients", "First name", "first_name"),
        ("patients", "D.O.B.", "birth_date"),
        ("scores", "Score Date", "measured_on"),
        ("fees", "CPT\u00ae Code", "code"),
    ],
)
def test_a_header_of_another_system_means_a_column(kind: str, header: str, column: str) -> None:
    """Case, punctuation, camel case and units in parentheses make no difference."""
    known = kinds_of_files()[kind]
    meant = known.meant_by(header, tuple(known.columns))
    assert meant is not None
    assert meant.column == column


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("Hours", TimeUnit.HOURS),
        ("Duration (decimal)", TimeUnit.HOURS),
        ("Total hrs", TimeUnit.HOURS),
        ("seconds", TimeUnit.SECONDS),
        ("Time spent (s)", TimeUnit.SECONDS),
        ("Duration", None),
        # What stands under our own name is looked at all the same: hours are often pasted there.
        ("Minutes", None),
    ],
)
def test_a_headers_unit_reaches_the_reading(header: str, unit: TimeUnit | None) -> None:
    """What the figures count is known where the header says so."""
    figure = "90" if unit is TimeUnit.SECONDS else "1"
    text = lines(("entry_key", "mrn", "dos", header, "user"), ("k", "1", "2026-11-03", figure, "Ana"))
    sheet = sheet_of(text)
    assert said_of(sheet) == ""
    assert sheet.reading.unit is unit


@pytest.mark.parametrize(
    "header", ["Billable hours", "End Date", "Hourly rate", "Project", "Task", "Billable?"]
)
def test_other_headers_mean_nothing(header: str) -> None:
    """They are left out and named once; `--strict` refuses them."""
    text = lines(
        ("entry_key", "mrn", "dos", "minutes", "user", header), ("k", "1", "2026-11-03", "1", "Ana", "x")
    )
    sheet = sheet_of(text)
    assert said_of(sheet) == ""
    assert [one for one in sheet.remarks if "Left out" in one and repr(header) in one]
    assert "--strict" in said_of(sheet_of(text, strict=True))


def test_two_headers_of_one_column_are_asked_about_and_a_weak_one_gives_way() -> None:
    """Hours and minutes side by side may be 1 h 30 min: neither is taken alone."""
    row = ("k", "1", "2026-11-03", "1", "30", "Ana")
    said = said_of(sheet_of(lines(("entry_key", "mrn", "dos", "Hours", "Minutes", "user"), row)))
    assert "'Hours' and 'Minutes' may each be minutes" in said
    assert '--map minutes="Hours"' in said
    sheet = sheet_of(lines(("entry_key", "mrn", "dos", "Date", "Minutes", "user"), row))
    assert said_of(sheet) == ""
    assert cells_of(sheet)[0]["service_date"] == "2026-11-03"


def test_a_slip_of_a_columns_name_is_refused() -> None:
    """It would otherwise be left out with all its cells."""
    said = said_of(sheet_of("mrn,last_name,consnt_on\n1,Doe,2026-11-03\n", "patients"))
    assert "Did you mean consent_on?" in said
    assert '--map consent_on="consnt_on"' in said


@pytest.mark.parametrize(
    ("kind", "header", "column"),
    [
        ("patients", "Enroll Date", "enrolled_on"),
        ("patients", "patientid", "mrn"),
        ("patients", "patientdob", "birth_date"),
        ("patients", "patient lastname", "last_name"),
        ("patients", "enrollmentdate", "enrolled_on"),
        ("entries", "dateofservice", "service_date"),
        ("coverage", "Patient Account #", "mrn"),
        ("coverage", "Coverage Begin", "from"),
        ("coverage", "Eligibility End Date", "to"),
        ("fees", "Term Date", "to"),
        ("members", "E-mail Address", "email"),
    ],
)
def test_headers_of_registries_and_eligibility_reports_mean_a_column(
    kind: str, header: str, column: str
) -> None:
    """An end that is left out would let a rate or a coverage go on; words may stand without a space between them."""
    meant = kinds_of_files()[kind].meant_by(header, KINDS[kind].columns)
    assert meant is not None
    assert meant.column == column


def test_a_missing_column_that_may_be_one_for_all_rows_can_be_said_once() -> None:
    """A registry's last PHQ-9 names its scale in the header alone; an MRN is never the same in every row."""
    said = said_of(sheet_of("Last PHQ-9,Score Date\n14,11/2/2026\n", "scores"))
    assert 'If it is the same in every row, say it: --set scale="PHQ-9".' in said
    assert "--set mrn" not in said
    text = "MRN,Last PHQ-9,Score Date\n7,14,11/2/2026\n"
    sheet = sheet_of(text, "scores", headers=(("value", "Last PHQ-9"),), constants=(("scale", "PHQ-9"),))
    assert cells_of(sheet)[0]["scale"] == "PHQ-9"


def test_the_report_that_practices_know_is_a_roster() -> None:
    """Its own twelve headers are understood; the codes of a month are left out."""
    row = (
        "6/1/2024",
        "1/3/2024",
        "01ce5fc6",
        "Holly",
        "Guzman",
        "131.26",
        "Cigna",
        "0",
        "TRUE",
        "2",
        "1234567890",
        "",
    )
    sheet = sheet_of(lines(SEED_COLUMNS, row), "patients")
    assert said_of(sheet) == ""
    assert cells_of(sheet) == [
        {
            "initial_assessment_on": "1/3/2024",
            "mrn": "01ce5fc6",
            "first_name": "Holly",
            "last_name": "Guzman",
            "payer": "Cigna",
            "referring_npi": "1234567890",
            "problems": "",
        }
    ]


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_template_reads_as_an_empty_file_until_rows_are_added(kind: str) -> None:
    """Its comments and its example are not read; a row typed below is."""
    own = KINDS[kind]
    text = template(kinds_of_files()[kind], own.columns, own.needed)
    sheet = sheet_of(text, kind)
    assert said_of(sheet) == ""
    assert len(sheet.rows) == 0
    assert any("template's example" in one for one in sheet.remarks)
    examples = [kinds_of_files()[kind].columns[name].example for name in own.columns]
    filled = sheet_of(text + lines([f'"{one}"' for one in examples]), kind)
    assert cells_of(filled) == [dict(zip(own.columns, examples, strict=True))]


def test_plain_forms_of_headers() -> None:
    """What makes no difference to a header is gone."""
    assert {plain(one) for one in ("Patient ID #", "patientId", "patient-id", " PATIENT_ID ")} == {
        "patient_id"
    }
