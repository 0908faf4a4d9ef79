"""Files to import: rows as tests write them, and a sample billing report turned back into what it came from."""

import csv
import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from services.imports.answers import Answers, read_answers
from services.imports.load import LOADERS
from services.imports.outcome import ImportOutcome
from services.imports.request import DateOrder, ImportRequest, TimeUnit
from services.imports.running import run_import
from services.imports.storing import plan_only
from tests.support.practice import TryPractice

#: A report of 30 patient-months as another product prints it.
SAMPLE = Path(__file__).parents[1] / "data" / "akello_sample_billing_report.csv"
SEED_COLUMNS = (
    *("Date", "Initial Assessment", "MRN", "First name", "Last name", "Minutes", "Payer", "99492", "99493"),
    *("99494", "Referring Provider NPI", "Problems List"),
)
PATIENT_COLUMNS = (
    *("mrn", "first_name", "last_name", "program", "payer", "referring_npi", "care_manager", "enrolled_on"),
    *("consent_on", "consent_kind", "initial_assessment_on", "problems", "discharged_on"),
)
ENTRY_COLUMNS = (
    *("entry_key", "mrn", "service_date", "minutes", "started_at", "activity", "performed_by", "role"),
    "note",
)


def csv_of(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> bytes:
    """A CSV file; cells that a row leaves out are empty."""
    written = io.StringIO(newline="")
    writer = csv.DictWriter(written, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue().encode()


def rows_of(data: bytes) -> list[dict[str, str]]:
    """The rows of a CSV file by column."""
    return list(csv.DictReader(io.StringIO(data.decode())))


def patients_csv(*rows: Mapping[str, object]) -> bytes:
    """A roster."""
    return csv_of(PATIENT_COLUMNS, rows)


def entries_csv(*rows: Mapping[str, object]) -> bytes:
    """Entries: each by Ana on the phone, 15 minutes on 3 November for MRN 123, but for what a row says."""
    usual = {
        "mrn": "123",
        "service_date": "2026-11-03",
        "minutes": "15",
        "activity": "phone",
        "performed_by": "Ana Flores",
        "role": "care_manager",
        "note": "phone check-in",
    }
    return csv_of(
        ENTRY_COLUMNS, [{"entry_key": f"k{number}", **usual, **row} for number, row in enumerate(rows)]
    )


def load(
    practice: TryPractice,
    kind: str,
    data: bytes,
    *,
    dry_run: bool = False,
    new_patients: Collection[str] = (),
    answers: str = "",
    dates: DateOrder | None = None,
    unit: TimeUnit | None = None,
) -> ImportOutcome:
    """Import a file, with what was answered beforehand."""
    said = Answers(new_patients=tuple(new_patients), given=read_answers(answers.encode()))
    request = ImportRequest(data=data, answers=said, dates=dates, unit=unit)
    if dry_run:
        return practice.see(plan_only, LOADERS[kind], request)
    return run_import(practice.practice, LOADERS[kind], request, _silent)


def _silent(_done: int, _total: int) -> None:
    """Nobody watches."""


def loaded(
    practice: TryPractice,
    kind: str,
    data: bytes,
    *,
    new_patients: Collection[str] = (),
    answers: str = "",
    dates: DateOrder | None = None,
    unit: TimeUnit | None = None,
) -> ImportOutcome:
    """Import a file that has no problems."""
    outcome = load(practice, kind, data, new_patients=new_patients, answers=answers, dates=dates, unit=unit)
    assert outcome.stored, [(one.line, one.column, one.message) for one in outcome.problems]
    return outcome


def sample_rows() -> list[dict[str, str]]:
    """The sample report's rows."""
    return rows_of(SAMPLE.read_bytes())


def sample_patients() -> bytes:
    """The roster that the sample report was made from."""
    patients = {
        row["MRN"]: {
            "mrn": row["MRN"],
            "first_name": row["First name"],
            "last_name": row["Last name"],
            "program": "CoCM",
            "payer": row["Payer"],
            "referring_npi": row["Referring Provider NPI"],
            "initial_assessment_on": row["Initial Assessment"],
            "problems": row["Problems List"],
        }
        for row in sample_rows()
    }
    return patients_csv(*patients.values())


def sample_entries() -> bytes:
    """Entries that add up to the sample report: one a patient and month, on its 20th."""
    return entries_csv(
        *(
            {
                "mrn": row["MRN"],
                "service_date": row["Date"].replace("/1/", "/20/"),
                "minutes": row["Minutes"],
            }
            for row in sample_rows()
        )
    )
