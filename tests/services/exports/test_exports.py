"""The report as files: the promised columns in their form, and nothing that a spreadsheet would run."""

import io
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import openpyxl
import pytest

from billing.findings.registry import row_of
from services.exports.columns import COLUMNS, FileReaders
from services.exports.csv_file import csv_file
from services.exports.guard import inert
from services.exports.json_file import json_file
from services.exports.table import lines_table, summary
from services.exports.workbook import workbook
from services.messages.revisions import close_month
from storage import Database
from tests.support.files import PATIENT_COLUMNS, SEED_COLUMNS, csv_of, entries_csv, load, loaded, rows_of
from tests.support.reporting import OCTOBER, ReportedPractice

OURS = (
    *("G2214", "99484", "Status", "Billable codes", "Held codes", "Findings", "Threshold met on"),
    "Date of service",
    *("Diagnosis codes", "Billing NPI", "Place of service", "Modifiers", "Consent on", "Last review"),
    *("Care manager minutes", "Consultant minutes", "Not counted minutes", "99494 capped", "Late entries"),
    *("Estimated USD", "Rule set", "Revision", "APCM choice"),
)
NAMED = FileReaders(names=True, supervisors=True)


@pytest.fixture
def practice(database: Database) -> Iterator[ReportedPractice]:
    return ReportedPractice(database)


def book_of(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))


def test_the_columns_are_those_promised(practice: ReportedPractice) -> None:
    """The seeds' twelve first, then ours, in CSV and in the workbook's first sheet alike."""
    practice.billable()
    report = practice.report()
    promised = [*SEED_COLUMNS, *OURS]
    assert [column.name for column in COLUMNS] == promised
    assert list(rows_of(csv_file(report, NAMED))[0]) == promised
    assert [cell.value for cell in book_of(workbook(report, NAMED)).worksheets[0][1]] == promised


def test_csv_has_the_seeds_form(practice: ReportedPractice) -> None:
    """M/D/YYYY, TRUE or 0, figures without zeros at the end."""
    practice.billable(minutes=92.5)
    (row,) = rows_of(csv_file(practice.report(), NAMED))
    assert [row[name] for name in SEED_COLUMNS] == [
        *("10/1/2026", "8/3/2026", "MRN123", "Bo", "Reyes 123", "92.5", "Lakeside", "0", "TRUE", "1"),
        *("1234567893", "depression"),
    ]
    assert (row["Status"], row["Billable codes"], row["Estimated USD"]) == (
        "billable",
        "99493 99494",
        "206.42",
    )
    assert (row["Consent on"], row["Last review"], row["Date of service"]) == (
        "8/3/2026",
        "10/15/2026",
        "10/13/2026",
    )
    assert (row["Care manager minutes"], row["Consultant minutes"], row["Revision"]) == ("92.5", "0", "")
    assert row["Diagnosis codes"] == "F32.1"


def test_without_names_their_columns_stand_empty(practice: ReportedPractice) -> None:
    """A file for Slack keeps its columns and loses its names, in every format."""
    practice.billable()
    report = practice.report()
    (row,) = rows_of(csv_file(report, FileReaders()))
    assert (row["First name"], row["Last name"], row["MRN"]) == ("", "", "MRN123")
    for written in (csv_file(report, FileReaders()), json_file(report, FileReaders())):
        assert b"Reyes" not in written
    cells = [
        cell.value for sheet in book_of(workbook(report, FileReaders())) for row in sheet for cell in row
    ]
    assert not any("Reyes" in str(value) for value in cells)
    assert "Reyes" not in str(lines_table(report, FileReaders()).rows)


def test_what_supervisors_alone_see_is_in_no_other_file(practice: ReportedPractice) -> None:
    """A compliance finding is left out of what billers and channels get."""
    for identity in ("1", "2", "3"):
        practice.works(practice.enrolled(identity), 10, date(2026, 10, 6), note="same words")
    report = practice.report()
    for write in (csv_file, json_file):
        assert b"repeated_words" in write(report, NAMED)
        assert b"repeated_words" not in write(report, FileReaders(names=True))


def test_clusters_just_above_a_threshold_are_told_to_supervisors_once_for_each_care_manager(
    practice: ReportedPractice,
) -> None:
    """In their worklist, JSON and summary; in no file for anybody else, and on no patient's line (R-408)."""
    for number in range(5):
        practice.billable(str(number), minutes=61)
    report = practice.report()
    (told,) = report.manager_findings
    assert (told.member.display_name, row_of(told.finding).rule) == ("Ana Flores", "R-408")
    rows = list(book_of(workbook(report, NAMED))["Worklist"].iter_rows(values_only=True))
    ((who, *_, wrong, todo),) = [row[:8] for row in rows if "just_above" in row]
    assert (who, str(wrong).split(":")[0]) == ("Supervisor", "Ana Flores")
    assert todo == "A supervisor looks at how the care manager keeps time."
    assert [one["member"] for one in json.loads(json_file(report, NAMED))["care_managers"]] == ["Ana Flores"]
    assert any("R-408: Ana Flores" in sentence for sentence in summary(report, NAMED))
    others = FileReaders(names=True)
    assert "just above" not in str([list(sheet.values) for sheet in book_of(workbook(report, others))])
    assert b"just_above" not in json_file(report, others) + csv_file(report, others)
    assert not any("R-408" in sentence for sentence in summary(report, others))


HOSTILE = ["=HYPERLINK(1)", "+Quux", "-Brint", "@SUM(1)", "\t=Zorvo", "  =Delta", "＝Mirke", '=Lodban+"2']


def test_no_text_cell_is_a_formula(practice: ReportedPractice) -> None:
    """Whatever a name, a payer or a problem list begins with, a spreadsheet shows it as text."""
    rows = [
        {
            "mrn": f"A{number}",
            "first_name": text,
            "last_name": text,
            "payer": text,
            "problems": text,
            "referring_npi": text,
        }
        for number, text in enumerate(HOSTILE)
    ]
    loaded(practice, "patients", csv_of(PATIENT_COLUMNS, rows))
    loaded(
        practice,
        "entries",
        entries_csv(*({"mrn": row["mrn"], "service_date": "2026-10-05", "minutes": "75"} for row in rows)),
    )
    report = practice.report()
    starts = ("=", "+", "-", "@", "\t", "\r", "＝")
    for row in rows_of(csv_file(report, NAMED)):
        assert not any(cell.lstrip(" ").startswith(starts) for cell in row.values()), row
    for sheet in book_of(workbook(report, NAMED)):
        for cell in (cell for row in sheet for cell in row):
            assert cell.data_type != "f"
            if isinstance(cell.value, str):
                assert not cell.value.lstrip(" ").startswith(starts)


@pytest.mark.parametrize("text", ["", "Bo", "O'Neil-Smith", "99493 99494x2", "a=b", "3 - 4"])
def test_harmless_text_is_left_as_it_is(text: str) -> None:
    """Only the beginning of a cell makes a formula."""
    assert inert(text) == text


def test_the_ledger_transfer_sheet_divides_the_estimate(practice: ReportedPractice) -> None:
    """By person, role and department, with the consultant's minutes apart."""
    patient = practice.billable(minutes=62)
    practice.reviews(patient, date(2026, 10, 20))
    sheet = book_of(workbook(practice.report(), NAMED))["Ledger transfer"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert rows == [["care manager", None, "Ana Flores", None, 62, pytest.approx(144.96)]]


def test_json_has_the_promised_shape(practice: ReportedPractice) -> None:
    """Month, rule, completeness, lines and totals; codes as earned, findings as sentences."""
    practice.billable("1", minutes=125)
    practice.works(practice.enrolled("2"), 65, date(2026, 10, 6))
    written = json.loads(json_file(practice.report(), NAMED))
    assert (written["month"], written["time_rule"]) == ("2026-10", "strict")
    assert written["completeness"]["patients"] == 2
    assert written["completeness"]["entries_read"] == written["completeness"]["entries_counted"] == 3
    assert written["completeness"]["entries_excluded"] == {}
    first, second = written["lines"]
    assert (first["mrn"], first["minutes"], first["codes"], first["status"]) == (
        "MRN1",
        125,
        {"99493": 1, "99494": 2},
        "billable",
    )
    assert (second["codes"], second["billable_codes"], second["status"]) == ({"99493": 1}, {}, "blocked")
    missing = next(found for found in second["findings"] if found["code"] == "review_missing")
    assert missing.keys() >= {"code", "severity", "message", "rule"}
    assert written["totals"]["billable_codes"] == {"99493": 1, "99494": 2}


def test_the_table_shows_codes_status_and_blockers(practice: ReportedPractice) -> None:
    """What a biller reads on a screen, and the proof under it."""
    practice.billable("1")
    practice.works(practice.enrolled("2"), 65, date(2026, 10, 6))
    report = practice.report()
    rows = [
        dict(zip(lines_table(report, NAMED).columns, row, strict=True))
        for row in lines_table(report, NAMED).rows
    ]
    assert [row["Status"] for row in rows] == ["billable", "blocked"]
    assert rows[1]["Findings"].startswith("review_missing")
    assert rows[0]["Estimated USD"] == "144.96"
    assert any("3 read, 3 counted" in sentence for sentence in summary(report, NAMED))


def test_what_came_after_the_close_has_a_sheet_of_its_own(practice: ReportedPractice) -> None:
    """Addenda stand apart from the lines, in the workbook and in JSON."""
    patient = practice.billable()
    practice.do(close_month, practice.sam, OCTOBER)
    practice.works(patient, 30, date(2026, 10, 20))
    report = practice.report()
    sheet = book_of(workbook(report, NAMED))["Addenda"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [(row[1], row[3], row[4], row[5]) for row in rows] == [("MRN123", "added", 0, 30)]
    written = json.loads(json_file(report, NAMED))
    assert [(one["mrn"], one["kind"], one["seconds_after"]) for one in written["addenda"]] == [
        ("MRN123", "added", 1800)
    ]
    assert written["months"][0]["status"] == "closed"


def test_a_practices_own_fees_take_the_place_of_medicares(practice: ReportedPractice) -> None:
    """By date of service: a payer's schedule, else the practice's, and what has no rate is said."""
    practice.billable(minutes=92)
    fees = b"schedule,code,from,to,usd\n,99493,2026-01-01,,100.50\n"
    loaded(practice, "fees", fees)
    report = practice.report()
    assert (str(report.totals.estimated_usd), report.totals.without_rate) == ("100.50", ("99494",))
    assert any("99494" in sentence for sentence in summary(report, NAMED))
    summary_rows = book_of(workbook(report, NAMED))["Summary"].iter_rows(values_only=True)
    assert ("No rate on file for a date of service", "99494") in [row[:2] for row in summary_rows]
    loaded(practice, "payers", b"name,fee_schedule,verified_on\nLakeside,Agreed,2026-01-02\n")
    assert str(practice.report().totals.estimated_usd) == "100.50"
    again = loaded(practice, "fees", b"schedule,code,from,usd\nAgreed,99493,2026-01-01,90\n")
    assert again.added == 1
    assert str(practice.report().totals.estimated_usd) == "90.00"


def test_dollars_are_written_to_the_cent_and_what_has_no_rate_is_no_nothing(
    practice: ReportedPractice,
) -> None:
    """`100.50`, not `100.5`; a billable line without any rate says what is not on file, and a note names the code."""
    practice.billable(minutes=62)
    loaded(practice, "fees", b"schedule,code,from,to,usd\n,99493,2026-01-01,,100.50\n")
    (row,) = rows_of(csv_file(practice.report(), NAMED))
    assert (row["Estimated USD"], "rate_missing" in row["Findings"]) == ("100.50", False)
    loaded(practice, "payers", b"name,fee_schedule,verified_on\nLakeside,Agreed,2026-01-02\n")
    loaded(practice, "fees", b"schedule,code,from,to,usd\nAgreed,99494,2026-01-01,,40\n")
    report = practice.report()
    (row,) = rows_of(csv_file(report, FileReaders()))
    assert (row["Billable codes"], row["Estimated USD"]) == (
        "99493",
        "no rate of 99493 for 2026 on file in Agreed",
    )
    assert "rate_missing" in row["Findings"]
    (line,) = json.loads(json_file(report, NAMED))["lines"]
    assert line["estimated_usd"] is None
    assert line["estimate_lacks"] == row["Estimated USD"]
    assert ("rate_missing", "R-602") in [(one["code"], one["rule"]) for one in line["findings"]]


def test_bad_fees_are_named(practice: ReportedPractice) -> None:
    """An amount, a date and a code are each told by line and column."""
    outcome = load(practice, "fees", b"code,from,usd\n99493,2026-01-01,a lot\n99493,soon,1\n,2026-01-01,1\n")
    assert [(one.line, one.column) for one in outcome.problems] == [(2, "usd"), (3, "from"), (4, "code")]


def test_text_that_no_workbook_can_hold_is_cut_to_what_it_can(practice: ReportedPractice) -> None:
    """Control characters and endless problem lists do not keep a report from being written."""
    roster = csv_of(PATIENT_COLUMNS, [{"mrn": "9", "problems": "low mood \x0b" + "x" * 40_000}])
    loaded(practice, "patients", roster)
    loaded(practice, "entries", entries_csv({"mrn": "9", "service_date": "2026-10-05"}))
    sheet = book_of(workbook(practice.report(), NAMED))["All lines"]
    problems = next(cell for cell in sheet[2] if str(cell.value).startswith("low mood"))
    assert "\x0b" not in problems.value
    assert len(problems.value) <= 32_767
