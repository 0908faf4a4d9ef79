"""The table of docs/imports.md is tried as it stands there: what is refused stores nothing, what is read is stored."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from services.context import Context
from storage import Database
from tests.support.files import csv_of, load, loaded, patients_csv
from tests.support.practice import TryPractice

DOCUMENT = (Path(__file__).parents[3] / "docs/imports.md").read_text(encoding="utf-8")
_ROW = re.compile(r"^\| (\w+) \| `(\w+)` \| `([^`]+)` \| (.+) \|$", re.MULTILINE)
_READ = re.compile(r"read as `([^`]+)`(?:, named: (.+))?")

#: An otherwise good row of each kind of file.
GOOD: Mapping[str, Mapping[str, str]] = {
    "patients": {
        "mrn": "MRN70417",
        "payer": "Cigna",
        "initial_assessment_on": "2026-11-03",
        "consent_on": "",
    },
    "entries": {
        "entry_key": "k1",
        "mrn": "MRN9",
        "service_date": "2026-11-03",
        "minutes": "15",
        "performed_by": "Ana Flores",
    },
    "scores": {"mrn": "MRN9", "scale": "PHQ-9", "value": "14", "measured_on": "2026-11-03"},
    "services": {"mrn": "MRN9", "code": "96127", "service_on": "2026-11-03"},
    "coverage": {"mrn": "MRN9", "payer": "Cigna", "from": "2026-11-03", "to": ""},
    "payers": {"name": "Lakeside Health", "from": "2026-11-03"},
    "fees": {"code": "99492", "from": "2026-11-03", "to": "", "usd": "150.00"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Documented:
    """A row of the table."""

    kind: str
    column: str
    cell: str
    gets: str

    @property
    def file(self) -> bytes:
        """A good file but for the cell."""
        row = {**GOOD[self.kind], self.column: self.cell}
        if self.column == "enrolled_on":
            row["initial_assessment_on"] = ""
        # A total at the end would be taken for the file's own.
        rows = [row, {**GOOD[self.kind], "mrn": "MRN9"}] if self.column == "mrn" else [row]
        return csv_of(tuple(row), rows)


TABLE = [
    _Documented(kind=kind, column=column, cell=cell, gets=gets)
    for kind, column, cell, gets in _ROW.findall(DOCUMENT)
]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def practice(request: pytest.FixtureRequest) -> Iterator[TryPractice]:
    """The same practice on each of the two databases, with one patient in care."""
    database = Database.open(request.getfixturevalue(f"{request.param}_url"))
    practice = TryPractice(database)
    loaded(practice, "patients", patients_csv({"mrn": "MRN9", "enrolled_on": "2026-08-03"}))
    yield practice
    database.close()


def everything(context: Context) -> tuple[object, ...]:
    """All that an import may store."""
    patients = context.uow.patients.all()
    ids = {patient.patient_id for patient in patients}
    return (
        patients,
        context.uow.members.all(),
        context.uow.episodes.of_patients(ids),
        context.uow.claim_facts.of_patients(ids, date.min, date.max),
        tuple(context.uow.ledger.month(date.min, date.max)),
        context.uow.scores.of_patients(ids, date.min, date.max),
        context.uow.other_services.of_patients(ids, date.min, date.max),
        context.uow.payers.all(),
        context.uow.fee_schedules.all(),
        context.uow.chain.findings(),
    )


def _of_patient(read: Callable[[Context, int], object]) -> Callable[[Context], object]:
    def of(context: Context) -> object:
        newest = max(patient.patient_id for patient in context.uow.patients.all())
        return read(context, newest)

    return of


#: What is stored of a column, of the patient or entry that came last.
STORED: Mapping[str, Callable[[Context], object]] = {
    "mrn": lambda context: max(context.uow.patients.all(), key=lambda one: one.patient_id).identity,
    "referring_npi": lambda context: (
        max(context.uow.patients.all(), key=lambda one: one.patient_id).referring_npi
    ),
    "minutes": lambda context: (
        f"{max(context.uow.ledger.month(date.min, date.max), key=lambda one: one.entry_id).seconds} s"
    ),
    **{
        column: _of_patient(
            lambda context, patient_id, column=column: getattr(  # type: ignore[misc]
                context.uow.episodes.of_patient(patient_id)[-1], column
            )
        )
        for column in ("enrolled_on", "diagnosis_codes", "place_of_service", "billing_npi", "payer")
    },
}


def test_the_table_is_tried_as_it_is_written(practice: TryPractice) -> None:
    """Each refused cell is named by line, column and reason, and leaves everything as it was."""
    before = practice.see(everything)
    for one in TABLE:
        if not one.gets.startswith("refused: "):
            continue
        outcome = load(practice, one.kind, one.file)
        told = {(problem.line, problem.column) for problem in outcome.problems}
        assert told == {(2, one.column)}, (one, outcome.problems)
        why = one.gets.removeprefix("refused: ")
        assert any(why in problem.message for problem in outcome.problems), (one, outcome.problems)
        assert not outcome.stored
    assert practice.see(everything) == before


def test_what_the_table_says_is_read_is_stored(practice: TryPractice) -> None:
    """In its form, with what is worth a look named by line."""
    for number, one in enumerate(TABLE):
        match = _READ.fullmatch(one.gets)
        if match is None:
            assert one.gets.startswith("refused: "), one
            continue
        file = one.file.replace(b"MRN70417", b"MRN%d" % (70_000 + 37 * number))
        outcome = loaded(practice, one.kind, file.replace(b"k1,", b"k%d," % number), new_patients=["all"])
        stored = practice.see(STORED[one.column])
        said = " ".join(stored) if isinstance(stored, tuple) else f"{stored}"
        assert said == match[1], one
        named = [warning.message for warning in outcome.warnings if warning.column == one.column]
        assert [match[2] in message for message in named] == [True] if match[2] else not named, (one, named)


def test_the_table_has_the_cells_that_were_promised() -> None:
    """At least forty, most of them wrong."""
    assert len(TABLE) == DOCUMENT.partition("| file | column |")[2].partition("\n\n")[0].count("\n") - 1
    assert sum(one.gets.startswith("refused: ") for one in TABLE) >= 40
