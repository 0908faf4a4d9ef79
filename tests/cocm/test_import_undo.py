"""`cocm import` prints its number, `cocm import undo` takes it back, `cocm imports` lists."""

import json
from pathlib import Path

import pytest

from tests.support.commands import Run
from tests.support.files import entries_csv


@pytest.fixture
def entries(tmp_path: Path) -> str:
    """The name of a file with two entries."""
    (tmp_path / "entries.csv").write_bytes(entries_csv({}, {"service_date": "2026-11-04", "note": "a talk"}))
    return "entries.csv"


def test_an_import_is_taken_back_by_the_number_it_printed(cocm: Run, entries: str) -> None:
    """Dry first; the file that comes again is named, and new once it was taken back."""
    said = cocm("import", "entries", entries, "--new-patient", "all").stdout.decode()
    assert "This is import 1; `cocm import undo 1` takes it back." in said
    again = cocm("import", "entries", entries)
    assert "already: it is import 1." in again.stderr.decode()
    assert "This is import" not in again.stdout.decode()
    before = cocm("report", "2026-11", "--format", "csv").stdout
    would = cocm("import", "undo", "1", "--dry-run").stdout.decode()
    gone = "No longer on file: 2 entries, 1 patient, 1 member.\nDry run, nothing was changed."
    assert f"would be taken back.\n{gone}" in would
    assert cocm("report", "2026-11", "--format", "csv").stdout == before
    done = cocm("import", "undo", "1", "--by", "U0ADMIN").stdout.decode()
    assert "Import 1 (2 rows of entries) was taken back." in done
    assert cocm("report", "2026-11", "--format", "csv").stdout.count(b"\n") == 1
    assert "taken back already" in cocm("import", "undo", "1", code=1).stderr.decode()
    assert "There is no import 7." in cocm("import", "undo", "7", code=1).stderr.decode()
    assert "2 new" in cocm("import", "entries", entries).stdout.decode()
    cocm("audit", "verify")


def test_imports_are_listed(cocm: Run, entries: str) -> None:
    """By number, without the name of the file; those taken back with when and by whom."""
    assert "Nothing was imported yet" in cocm("imports").stdout.decode()
    cocm("import", "entries", entries)
    cocm("import", "undo", "1", "--by", "U0ADMIN")
    cocm("import", "entries", entries)
    table = cocm("imports").stdout.decode()
    assert "entries.csv" not in table
    assert "U0ADMIN" in table
    second, first = json.loads(cocm("imports", "--json").stdout)["imports"][::-1]
    assert (first["number"], first["kind"], first["rows"], first["undone_by"]) == (1, "entries", 2, "U0ADMIN")
    assert (second["number"], second["added"], second["undone_at"]) == (2, 2, None)
    assert first["sha256"] == second["sha256"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("undo", "last"), "is not the number of an import"),
        (("undo", "-1"), "No such option"),
        (("entries", "missing.csv"), "does not exist"),
        (("entries", "entries.csv", "--by", "U0ADMIN"), "goes with undo"),
    ],
)
def test_what_is_no_import_is_said(cocm: Run, entries: str, words: tuple[str, ...], said: str) -> None:
    """Usage, and nothing is stored."""
    assert entries == "entries.csv"
    assert said in " ".join(cocm("import", *words, code=2).stderr.decode().replace("│", " ").split())
    assert json.loads(cocm("imports", "--json").stdout) == {"imports": []}
