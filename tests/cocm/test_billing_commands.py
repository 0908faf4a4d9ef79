"""The command line of billing: files in, reports out, months closed; each with its exit code and its sentence."""

import csv
import io
import json
import sqlite3
import zlib
from pathlib import Path

import openpyxl
import psycopg
import pytest

from billing.findings import registry
from billing.findings.finding import Finding, Severity
from tests.support.commands import Run
from tests.support.files import (
    SEED_COLUMNS,
    entries_csv,
    patients_csv,
    rows_of,
    sample_entries,
    sample_patients,
    sample_rows,
)


def write(folder: Path, name: str, data: bytes) -> str:
    (folder / name).write_bytes(data)
    return name


ENROLLED = {
    "mrn": "MRN123",
    "first_name": "Bo",
    "last_name": "Reyes",
    "payer": "Lakeside",
    "referring_npi": "1234567893",
    "enrolled_on": "2026-08-03",
    "consent_on": "2026-08-03",
    "consent_kind": "verbal",
    "initial_assessment_on": "2026-08-03",
    "problems": "depression",
}


def imported(cocm: Run, folder: Path) -> None:
    """A practice with one patient whose October is ready to bill."""
    cocm("import", "patients", write(folder, "patients.csv", patients_csv(ENROLLED)))
    entries = entries_csv(
        {"minutes": "40", "service_date": "2026-10-05"},
        {"minutes": "25", "service_date": "10/6/2026"},
        {
            "minutes": "10",
            "service_date": "2026-10-07",
            "performed_by": "Dr. Cho",
            "role": "consultant",
            "activity": "case_review",
        },
    )
    cocm("import", "entries", write(folder, "entries.csv", entries))


@pytest.mark.postgres
def test_a_server_knows_what_it_holds_after_an_import(
    cocm: Run, tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL plans by its statistics, and those of empty tables make a morning's digests take minutes."""
    monkeypatch.setenv("COCM_DATABASE_URL", postgres_url)

    def counted() -> set[str]:
        with psycopg.connect(postgres_url.replace("+psycopg", "")) as connection:
            query = "SELECT relname FROM pg_class WHERE reltuples >= 1 AND relkind = 'r'"
            return {name for (name,) in connection.execute(query)} & {"patient", "current_entry"}

    data = write(tmp_path, "patients.csv", patients_csv(ENROLLED))
    cocm("import", "patients", data, "--dry-run")
    assert counted() == set()
    imported(cocm, tmp_path)
    assert counted() == {"patient", "current_entry"}


def test_the_sample_report_comes_out_of_the_program(cocm: Run, tmp_path: Path) -> None:
    """Imported and reported: 30 rows equal in eleven of the first twelve columns, within 0.017 in Minutes."""
    cocm("import", "patients", write(tmp_path, "patients.csv", sample_patients()))
    cocm("import", "entries", write(tmp_path, "entries.csv", sample_entries()))
    written = cocm("report", "2024-01", "--to", "2024-09", "--format", "csv").stdout
    reported, wanted = rows_of(written), sample_rows()
    assert len(reported) == 30
    for row, want in zip(reported, wanted, strict=True):
        assert abs(float(row["Minutes"]) - float(want["Minutes"])) <= 0.017
        assert {name: row[name] for name in SEED_COLUMNS if name != "Minutes"} == {
            name: want[name] for name in SEED_COLUMNS if name != "Minutes"
        }
        assert (row["Billable codes"], row["Estimated USD"]) == ("", "0.00")


def test_importing_twice_is_harmless_and_a_dry_run_stores_nothing(cocm: Run, tmp_path: Path) -> None:
    """What a second import would do is said before and after."""
    name = write(tmp_path, "entries.csv", entries_csv({}, {}))
    assert b"Dry run" in cocm("import", "entries", name, "--dry-run").stdout
    assert b"2 new" in cocm("import", "entries", name).stdout
    assert b"0 new, 0 changed, 2 as they were" in cocm("import", "entries", name).stdout


def test_a_file_with_bad_cells_is_refused_by_line_and_column(cocm: Run, tmp_path: Path) -> None:
    """Exit 1, every bad cell on standard error, nothing stored."""
    name = write(tmp_path, "entries.csv", entries_csv({}, {"minutes": "NaN"}, {"service_date": "2/30/2026"}))
    said = cocm("import", "entries", name, code=1).stderr.decode()
    assert "entries.csv:3 minutes: 'NaN' is not a number of minutes" in said
    assert "entries.csv:4 service_date:" in said
    assert "Nothing was imported: 2 problems" in said
    assert cocm("report", "2026-11", "--format", "csv").stdout.count(b"\n") == 1


def test_the_four_formats_agree(cocm: Run, tmp_path: Path) -> None:
    """Table, CSV, workbook and JSON tell the same codes, status and amount."""
    imported(cocm, tmp_path)
    (row,) = rows_of(cocm("report", "2026-10", "--format", "csv").stdout)
    assert (row["Status"], row["Billable codes"], row["Estimated USD"]) == ("billable", "99493", "144.96")
    assert (row["First name"], row["Consultant minutes"]) == ("Bo", "10")
    cocm("report", "2026-10", "--format", "xlsx", "--output", "october.xlsx")
    ready = openpyxl.load_workbook(tmp_path / "october.xlsx").active
    assert ready is not None
    assert (ready.title, [cell.value for cell in ready["C"]]) == (
        "Ready to bill",
        ["MRN", "MRN123", None, None],
    )
    cocm("report", "2026-10", "--format", "json", "--output", "october.json")
    (line,) = json.loads((tmp_path / "october.json").read_bytes())["lines"]
    assert (line["status"], line["billable_codes"], line["estimated_usd"]) == (
        "billable",
        {"99493": 1},
        144.96,
    )
    table = cocm("report", "2026-10").stdout.decode()
    assert "MRN123" in table
    assert "3 read, 3 counted" in table
    assert (tmp_path / "october.xlsx").stat().st_mode & 0o077 == 0


def test_a_damaged_entry_is_named_on_standard_error(cocm: Run, tmp_path: Path) -> None:
    """The report is written whole, and the damaged entry is told by its reference."""
    imported(cocm, tmp_path)
    with sqlite3.connect(tmp_path / "cocm.db") as connection:
        connection.execute("UPDATE current_entry SET activity = 'juggling' WHERE entry_id = 2")
    connection.close()
    done = cocm("report", "2026-10", "--format", "json")
    found = json.loads(done.stdout)["completeness"]
    assert (found["entries_read"], found["entries_counted"], found["entries_excluded"]) == (
        3,
        2,
        {"corrupt": 1},
    )
    assert f"Entry {found['corrupt'][0]['entry']}" in done.stderr.decode()
    said = cocm("audit", "verify", code=1).stderr.decode()
    assert f"Totals: entry {found['corrupt'][0]['entry']} is different" in said
    assert "Nothing is lost: run `cocm audit rebuild`." in said
    assert "3 entries, of which 1 differed" in cocm("audit", "rebuild").stdout.decode()
    assert b"Everything stands as it was written" in cocm("audit", "verify").stdout


def test_a_month_is_closed_reported_and_opened_again(cocm: Run, tmp_path: Path) -> None:
    """By name or Slack id, with the roles of the members; what is frozen carries its revision."""
    imported(cocm, tmp_path)
    members = b"slack_user_id,display_name,roles\nU0BILLER1,Sam,biller\n"
    cocm("import", "members", write(tmp_path, "members.csv", members))
    assert b"Only billers" in cocm("close", "2026-10", "--by", "Ana Flores", code=1).stderr
    assert b"No member goes by" in cocm("close", "2026-10", "--by", "Nobody", code=1).stderr
    assert b"revision 1, 1 line." in cocm("close", "2026-10", "--by", "U0BILLER1").stdout
    assert b"is closed" in cocm("close", "2026-10", "--by", "Sam", code=1).stderr
    (row,) = rows_of(cocm("report", "2026-10", "--format", "csv").stdout)
    assert row["Revision"] == "1"
    cocm("reopen", "2026-10", "--by", "Sam", "--reason", "one more call")
    assert b"revision 2" in cocm("close", "2026-10", "--by", "U0ADMIN").stdout
    assert b"lines of 2 closed revisions" in cocm("audit", "verify").stdout


def test_a_backup_is_a_whole_database_and_overwrites_nothing(cocm: Run, tmp_path: Path) -> None:
    """The copy passes the same checks, and reports the same."""
    imported(cocm, tmp_path)
    before = cocm("report", "2026-10", "--format", "csv").stdout
    cocm("backup", "copy.db")
    assert b"overwrites nothing" in cocm("backup", "copy.db", code=1).stderr
    (tmp_path / "cocm.db").unlink()
    for leftover in ("cocm.db-wal", "cocm.db-shm"):
        (tmp_path / leftover).unlink(missing_ok=True)
    (tmp_path / "copy.db").rename(tmp_path / "cocm.db")
    cocm("audit", "verify")
    assert cocm("report", "2026-10", "--format", "csv").stdout == before


@pytest.mark.parametrize(
    "words",
    [
        ("report", "2026-13"),
        ("report", "october"),
        ("report", "2026-10", "--to", "2026-09"),
        ("report", "2026-10", "--format", "pdf"),
        ("import", "doctors", "x.csv"),
        ("import", "patients", "missing.csv"),
        ("close", "2026-10"),
        ("reopen", "2026-10", "--by", "Sam"),
    ],
)
def test_wrong_usage_is_exit_2(cocm: Run, words: tuple[str, ...]) -> None:
    """What cannot be meant is refused before anything is opened."""
    cocm(*words, code=2)


def test_what_the_environment_refuses_is_exit_3(cocm: Run) -> None:
    """A folder that does not exist is no place for a file."""
    assert (
        b"cannot be written"
        in cocm("report", "2026-10", "--format", "csv", "--output", "no/such/folder/x.csv", code=3).stderr
    )
    assert b"could not be written" in cocm("backup", "no/such/folder/x.db", code=3).stderr


def test_a_hundred_thousand_entries_are_taken_and_reported_whole(cocm: Run, tmp_path: Path) -> None:
    """None is missing from the file to the last figure, with one of them damaged on the way."""
    count, patients = 100_000, 2_000
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(["entry_key", "mrn", "service_date", "minutes", "performed_by", "role", "note"])
    writer.writerows(
        [
            number,
            number % patients + 1,
            f"2026-10-{number % 31 + 1:02d}",
            "12.25",
            f"cm {number % 40}",
            "care_manager",
            f"n{number}",
        ]
        for number in range(count)
    )
    cocm("import", "entries", write(tmp_path, "many.csv", written.getvalue().encode()))
    with sqlite3.connect(tmp_path / "cocm.db") as connection:
        connection.execute("UPDATE current_entry SET seconds = 'NaN' WHERE entry_id = 777")
    connection.close()
    made = json.loads(cocm("report", "2026-10", "--format", "json").stdout)
    found = made["completeness"]
    assert (found["entries_read"], found["entries_counted"]) == (count, count - 1)
    assert found["entries_excluded"] == {"corrupt": 1}
    assert len(found["corrupt"]) == 1
    assert len(made["lines"]) == made["totals"]["patients"] == patients
    assert made["totals"]["seconds"] == found["seconds_counted"] == (count - 1) * 735


def test_a_table_can_be_written_to_a_file(cocm: Run, tmp_path: Path) -> None:
    """Unbroken, with the totals under it."""
    imported(cocm, tmp_path)
    cocm("report", "2026-10", "--output", "october.txt")
    written = (tmp_path / "october.txt").read_text(encoding="utf-8")
    assert "MRN123" in written
    assert "3 read, 3 counted" in written


def test_a_line_changed_behind_the_programs_back_is_found(cocm: Run, tmp_path: Path) -> None:
    """A line that is not as it was written is named by month, revision and handle, never by MRN."""
    imported(cocm, tmp_path)
    cocm("close", "2026-10", "--by", "U0ADMIN")
    with sqlite3.connect(tmp_path / "cocm.db") as connection:
        (packed,) = connection.execute("SELECT line FROM frozen_line").fetchone()
        line = zlib.decompress(packed).replace(b'"counted_seconds":4500', b'"counted_seconds":9500')
        connection.execute("DROP TRIGGER frozen_line_no_update")
        connection.execute("UPDATE frozen_line SET line = ?", (zlib.compress(line),))
    connection.close()
    said = cocm("audit", "verify", code=1).stderr.decode()
    assert "Closed month 2026-10, revision 1: the line of patient P-" in said
    # The line, and the trigger that would have refused it.
    assert "2 changes found that this program did not make" in said
    assert "MRN123" not in said


def test_totals_are_not_rebuilt_from_a_changed_ledger(cocm: Run, tmp_path: Path) -> None:
    """The command refuses, and says where to look."""
    imported(cocm, tmp_path)
    with sqlite3.connect(tmp_path / "cocm.db") as connection:
        connection.execute("DROP TRIGGER entry_version_no_update")
        connection.execute("UPDATE entry_version SET seconds = 7200 WHERE entry_id = 1")
    connection.close()
    assert b"cocm audit verify" in cocm("audit", "rebuild", code=1).stderr
    said = cocm("audit", "verify", code=1).stderr.decode()
    assert "Ledger: entry e-" in said
    assert "Totals: entry e-" in said


def test_what_would_be_judged_otherwise_is_news(
    cocm: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rule that came after the close is told on standard output, with exit code 0; nothing is to be restored."""
    imported(cocm, tmp_path)
    cocm("close", "2026-10", "--by", "U0ADMIN")
    found = Finding(code="moon_phase", severity=Severity.NOTE)
    monkeypatch.setattr(registry, "_rules_of", lambda _kind, _there: (*registry.RULES, lambda _: found))
    said = cocm("audit", "verify")
    assert said.stderr == b""
    assert "Today's program would judge 1 line otherwise: 2026-10 revision 1, P-" in said.stdout.decode()
    assert "(findings). What was closed stands as it was closed." in said.stdout.decode()
    assert b"Everything stands as it was written" in said.stdout


def test_money_that_may_have_to_go_back_is_told(cocm: Run, tmp_path: Path) -> None:
    """Closing again below what was submitted says so, with the revision it is compared with."""
    imported(cocm, tmp_path)
    cocm("close", "2026-10", "--by", "U0ADMIN")
    with sqlite3.connect(tmp_path / "cocm.db") as connection:
        connection.execute(
            "INSERT INTO month_submission SELECT tenant_id, month, revision, closed_by, closed_at FROM month_close"
        )
        connection.execute("DELETE FROM current_entry WHERE entry_id = 1")
    connection.close()
    opened = cocm("reopen", "2026-10", "--by", "U0ADMIN", "--reason", "an entry was lost").stdout.decode()
    assert "As it stands 1 line differs" in opened
    said = cocm("close", "2026-10", "--by", "U0ADMIN").stdout.decode()
    assert "Against revision 1: 1 line differs." in said
    assert "Overpayment: 1 line bills less" in said
    for told in (opened, said):
        assert "Minutes before" in told
        assert "99493" in told


def test_lines_are_submitted_and_overpayments_listed(cocm: Run, tmp_path: Path) -> None:
    """All or by MRN, taken back, refused kindly; what comes to bill less is listed and recorded."""
    imported(cocm, tmp_path)
    never = cocm("submitted", "2026-10", "--by", "U0ADMIN", code=1).stderr
    assert b"October 2026 was never closed" in never
    cocm("close", "2026-10", "--by", "U0ADMIN")
    said = cocm("submitted", "2026-10", "--by", "U0ADMIN", "--mrn", "MRN123").stdout.decode()
    assert said == "2026-10, revision 1: 1 line marked as submitted. 1 of 1 billable line submitted.\n"
    assert b"is marked as submitted already" in cocm("submitted", "2026-10", "--by", "U0ADMIN", code=1).stderr
    back = cocm("submitted", "2026-10", "--by", "U0ADMIN", "--take-back").stdout.decode()
    assert "1 line not submitted any more. 0 of 1 billable line submitted." in back
    cocm("submitted", "2026-10", "--by", "U0ADMIN")
    assert b"No line bills less" in cocm("overpaid").stdout
    with sqlite3.connect(tmp_path / "cocm.db") as connection:
        connection.execute("DELETE FROM current_entry WHERE entry_id = 1")
    connection.close()
    listed = cocm("overpaid", "2026-10").stdout.decode()
    assert "MRN123 · 2026-10 · submitted 1×99493, bills nothing now" in listed
    assert "no legal advice" in listed
    record = ("overpaid", "2026-10", "--mrn", "MRN123", "--by", "U0ADMIN", "--record")
    assert b"return by contract" in cocm(*record, "identified").stdout
    assert b"settled on" in cocm(*record, "returned").stdout
    assert b"No line bills less" in cocm("overpaid").stdout
    assert b"is still to come" in cocm(*record, "identified", "--on", "2099-01-01", code=1).stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("overpaid", "2026-10", "--mrn", "MRN123"),
        ("overpaid", "--record", "returned", "--mrn", "MRN123", "--by", "U0ADMIN"),
        ("overpaid", "2026-10", "--record", "returned", "--by", "U0ADMIN"),
        ("overpaid", "2026-10", "--record", "returned", "--mrn", "MRN123"),
        ("submitted", "2026-10"),
    ],
)
def test_half_a_word_about_an_overpayment_is_a_wrong_call(cocm: Run, arguments: tuple[str, ...]) -> None:
    """What is missing is named; nothing is stored."""
    assert b"--" in cocm(*arguments, code=2).stderr
