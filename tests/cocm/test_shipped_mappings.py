"""From another system's download to the month's report: each shipped mapping on a made-up file with the real header."""

import csv
import io
import shutil
from pathlib import Path

import pytest

from tests.support.commands import Run
from tests.support.sheets import lines

FILES = Path(__file__).parents[1] / "data" / "imports"
MEMBERS = lines(
    ("Name", "Role", "Email"),
    ("Ana Flores", "care_manager", "ana@clinic.example"),
    ("Sam Ortiz", "care_manager", "sam@clinic.example"),
)
#: Of trackers with clock forms, and of those with hours in two decimals.
EXACT = [("MRN1001", "89.5", "Medicare"), ("MRN1002", "45", "Cigna")]
DECIMAL = [("MRN1001", "87", "Medicare"), ("MRN1002", "45", "Cigna")]
REPORTED = {"clockify": EXACT, "toggl": EXACT, "harvest": DECIMAL, "kimai": DECIMAL, "tempo": DECIMAL}


@pytest.fixture
def enrolled(cocm: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A practice whose members are known by their email, its roster and scores from two other systems."""
    for file in FILES.glob("*.csv"):
        shutil.copy(file, tmp_path)
    (tmp_path / "members.csv").write_text(MEMBERS)
    monkeypatch.setenv("COCM_DATABASE_URL", "sqlite:///practice.db")
    cocm("import", "members", "members.csv")
    assert b"2 new" in cocm("import", "patients", "aims.csv", "--as", "aims").stdout
    assert b"5 new" in cocm("import", "scores", "redcap.csv", "--as", "redcap").stdout
    return cocm


def test_a_download_becomes_a_report(enrolled: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every minute of the file is in the report, of the patient, under the payer; the second time nothing is new."""
    for name, reported in REPORTED.items():
        shutil.copy("practice.db", f"{name}.db")
        monkeypatch.setenv("COCM_DATABASE_URL", f"sqlite:///{name}.db")
        said = enrolled("import", "entries", f"{name}.csv", "--as", name)
        assert b"Imported 3 rows of entries: 3 new" in said.stdout, name
        assert b"Added as members" not in said.stderr, name
        assert b"0 new" in enrolled("import", "entries", f"{name}.csv", "--as", name).stdout, name
        rows = list(
            csv.DictReader(io.StringIO(enrolled("report", "2026-11", "--format", "csv").stdout.decode()))
        )
        assert [(row["MRN"], row["Minutes"], row["Payer"]) for row in rows] == reported, name
