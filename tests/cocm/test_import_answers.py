"""Answers to what an import asks: from a file, or at the terminal."""

import io
import sys
from pathlib import Path

import pytest

from tests.support.commands import Run
from tests.support.files import entries_csv, patients_csv

ASKED = "roster.csv:2 mrn: 417 is new, and MRN00417 is much like it: they differ by leading zeros."


class Terminal(io.StringIO):
    """Somebody who types."""

    def isatty(self) -> bool:
        return True


def at_a_terminal(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    """Let somebody sit before the program."""
    monkeypatch.setattr(sys, "stdin", Terminal(typed))
    monkeypatch.setattr("cocm.import_runs.can_ask", lambda: True)


@pytest.fixture
def with_a_patient(cocm: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A practice of one patient and nobody else, which asks; a roster has lost the zeros of the MRN."""
    Path("first.csv").write_bytes(patients_csv({"mrn": "MRN00417", "first_name": "Bo"}))
    cocm("import", "patients", "first.csv")
    monkeypatch.setenv("COCM_UNKNOWN_MEMBER", "ask")
    Path("roster.csv").write_bytes(patients_csv({"mrn": "417", "payer": "Cigna", "care_manager": "Kim Lee"}))
    return cocm


def test_a_file_of_answers_settles_what_is_asked(with_a_patient: Run) -> None:
    """Refused with the lines that settle it; those lines in a file, it is taken, as often as one likes."""
    cocm = with_a_patient
    said = cocm("import", "patients", "roster.csv", code=1).stderr.decode()
    assert ASKED in said
    assert "patient 417 = MRN00417 (the same patient)" in said
    Path("answers.txt").write_text(
        'patient 417 = MRN00417\nperson "Kim Lee" = care_manager\n', encoding="utf-8"
    )
    dry = cocm("import", "patients", "roster.csv", "--answers", "answers.txt", "--dry-run").stderr.decode()
    assert "New member: Kim Lee, a care manager (line 2, 1 row)." in dry
    done = cocm("import", "patients", "roster.csv", "--answers", "answers.txt")
    assert b"1 row of patients: 0 new, 1 changed" in done.stdout
    again = cocm("import", "patients", "roster.csv", "--answers", "answers.txt")
    assert b"1 as they were" in again.stdout
    Path("answers.txt").write_text("patient 417 = 1\npatient 417 = 2\nwho knows\n", encoding="utf-8")
    wrong = cocm("import", "patients", "roster.csv", "--answers", "answers.txt", code=1).stderr.decode()
    assert "answers.txt:2: Line 1 answers 417 otherwise." in wrong
    assert "answers.txt:3: 'who knows' is not an answer." in wrong


def test_at_a_terminal_the_same_is_asked(with_a_patient: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """By number; Enter alone stops, and what was answered can be kept. A dry run asks nothing."""
    cocm = with_a_patient
    at_a_terminal(monkeypatch, "7\n1\n\n")
    stopped = cocm("import", "patients", "roster.csv", code=1).stderr.decode()
    assert "1 of 2, care_manager of line 2: Kim Lee is not a member here." in stopped
    assert "Type a number from 1 to 4, or nothing to stop." in stopped
    at_a_terminal(monkeypatch, "1\n1\n")
    done = cocm("import", "patients", "roster.csv")
    assert 'person "Kim Lee" = care_manager\npatient 417 = MRN00417' in done.stdout.decode()
    assert b"0 new, 1 changed" in done.stdout
    Path("entries.csv").write_bytes(
        entries_csv({"performed_by": "Di Young"}, {"minutes": "?", "mrn": "5500"})
    )
    at_a_terminal(monkeypatch, "")
    for more in (["--dry-run"], []):
        assert b"1 of " not in cocm("import", "entries", "entries.csv", *more, code=1).stderr
