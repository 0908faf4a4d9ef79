"""What earlier releases wrote, made by their very code, which is taken from the history into a temporary folder.

    python -m tests.support.made_by_releases

writes `tests/data/lived_by_0_1_0.sql` anew: a small practice that imported its people, roster, payers and time, closed
October, reopened it for a late entry and closed it again, and went on in November. Needs the history, which
`git fetch --unshallow` brings.
"""

import os
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
#: The last commit of each release.
RELEASES = {"0.1.0": "6703437", "0.2.0": "a5f8e0e"}
LIVED_BY_0_1_0 = ROOT / "tests" / "data" / "lived_by_0_1_0.sql"

MEMBERS = """slack_user_id,display_name,roles,time_zone,digest_at
U0ANA,Ana Flores,care_manager,America/New_York,08:30
U0BEN,Ben Ortiz,care_manager supervisor,America/Chicago,
U0CHO,Dr. Grace Cho,consultant,America/New_York,
U0SAM,Sam Whitfield,biller admin,America/New_York,
"""
PATIENTS = """\
mrn,first_name,last_name,program,payer,referring_npi,care_manager,enrolled_on,consent_on,consent_kind,\
initial_assessment_on,problems,discharged_on
1001,Maria,Lopez,CoCM,Medicare,1234567893,Ana Flores,2026-10-01,2026-10-01,verbal,2026-10-02,F33.1,
1002,José,Núñez,CoCM,Oak Plan,1234567893,Ana Flores,2026-09-01,2026-09-01,written,2026-09-03,F41.1,
00123,Lee,Park,CoCM,Medicare,1234567893,Ben Ortiz,2026-10-05,2026-10-05,verbal,2026-10-06,F32.9,2026-11-10
1004,Tom,"O'Brien, Jr.",BHI,Medicare,,Ben Ortiz,2026-10-07,,,,,
"""
PAYERS = "name,covered_codes,max_99494,source\nOak Plan,99492 99493 99494 G2214,4,letter of 2026\n"
OCTOBER = """entry_key,mrn,service_date,minutes,started_at,activity,performed_by,role,note
o1,1001,2026-10-05,45,09:00,phone,Ana Flores,care_manager,"called, left word with ""mom"" today"
o2,1001,2026-10-19,31.5,,chart_review,Ana Flores,care_manager,chart review
o3,1002,2026-10-06,62,,phone,Ana Flores,care_manager,llamó a José – teléfono
o4,00123,2026-10-07,80,13:00,in_person,Ben Ortiz,care_manager,first visit
o5,1001,2026-10-21,20,,case_review,Dr. Grace Cho,consultant,case review
o6,1004,2026-10-22,25,,care_coordination,Ben Ortiz,care_manager,
"""
LATE = """entry_key,mrn,service_date,minutes,started_at,activity,performed_by,role,note
o7,1002,2026-10-30,16,,phone,Ana Flores,care_manager,found later
"""
NOVEMBER = """entry_key,mrn,service_date,minutes,started_at,activity,performed_by,role,note
n1,1001,2026-11-03,15,,phone,Ana Flores,care_manager,phone check-in
n2,1002,2026-11-04,61,,telehealth,Ana Flores,care_manager,video visit
n3,00123,2026-11-05,9,,outreach,Ben Ortiz,care_manager,no answer
"""
#: What the practice did, in order: words of `cocm`, and the file that they read.
LIFE = (
    (("import", "members"), MEMBERS),
    (("import", "payers"), PAYERS),
    (("import", "patients"), PATIENTS),
    (("import", "entries"), OCTOBER),
    (("close", "2026-10", "--by", "Sam Whitfield"), None),
    (("reopen", "2026-10", "--by", "Sam Whitfield", "--reason", "an entry was found"), None),
    (("import", "entries"), LATE),
    (("close", "2026-10", "--by", "Sam Whitfield"), None),
    (("import", "entries"), NOVEMBER),
)


class NotInHistoryError(Exception):
    """This clone has no such commit. Fetch the whole history: git fetch --unshallow."""


@contextmanager
def release(version: str) -> Iterator[Path]:
    """The tree of a release, for as long as the block runs.

    Raises:
        NotInHistoryError: in a clone without it.
    """
    with tempfile.TemporaryDirectory(prefix="cocm-release-") as folder:
        archive = Path(folder) / "tree.tar"
        command = ["git", "archive", "--output", archive, RELEASES[version]]
        if subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode:
            raise NotInHistoryError
        with tarfile.open(archive) as files:
            files.extractall(Path(folder) / "tree", filter="data")
        yield Path(folder).resolve() / "tree"


def its_environment(tree: Path, database_url: str, **settings: str) -> dict[str, str]:
    """The variables that make Python run a release's tree."""
    own = ("COCM_", "SLACK_", "PYTHON")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    return {**kept, "PYTHONPATH": str(tree), "COCM_DATABASE_URL": database_url, **settings}


def lived(tree: Path, folder: Path) -> str:
    """The SQL of the practice whose life a release's code has led."""
    environment = its_environment(tree, f"sqlite:///{folder / 'cocm.db'}", COCM_UNKNOWN_MEMBER="welcome")
    for words, content in LIFE:
        command = [sys.executable, "-m", "cocm", *words]
        if content is not None:
            file = folder / "rows.csv"
            file.write_text(content, encoding="utf-8")
            command.append(str(file))
        done = subprocess.run(
            command, cwd=folder, env=environment, input="y\n", capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(f"cocm {' '.join(words)}: {done.stdout}{done.stderr}")
    connection = sqlite3.connect(folder / "cocm.db")
    try:
        return "\n".join(connection.iterdump()) + "\n"
    finally:
        connection.close()


def main() -> None:
    """Write the file anew."""
    with release("0.1.0") as tree, tempfile.TemporaryDirectory() as folder:
        sql = lived(tree, Path(folder))
    first = (
        "-- A practice of invented people, as version 0.1.0 left it. "
        f"Made by its own code (commit {RELEASES['0.1.0']}): python -m tests.support.made_by_releases\n"
    )
    LIVED_BY_0_1_0.write_text(first + sql, encoding="utf-8")
    sys.stdout.write(f"{LIVED_BY_0_1_0}: {len(sql):,} characters\n")


if __name__ == "__main__":
    main()
