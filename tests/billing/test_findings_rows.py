"""What is asked of a finding's row beside its sentence."""

import importlib
import sys
from pathlib import Path

import pytest

from billing import findings
from billing.clinical import AttestationKind
from billing.findings.finding import Finding, Severity
from billing.findings.late_entries import late_count
from billing.findings.registry import ROWS, answered_by, open_to_all, row_of, rows_in, title_of
from billing.findings.row import About, Row
from tests.support.findings import result
from tests.support.months import NOVEMBER, a_month, an_entry

GONE = Finding(code="a_rule_of_old", severity=Severity.WARNING)


def test_a_finding_that_is_not_found_any_more_is_told_by_its_code() -> None:
    """A line closed by a version with more rules says what is known: supervisors alone see it."""
    row = row_of(GONE)
    assert (row.code, row.rule, row.place, row.severities) == ("a_rule_of_old", "", 0, (Severity.WARNING,))
    assert title_of(GONE) == "a rule of old"
    assert row.message(GONE) == (
        'Found by the version that closed the month: "a rule of old". This version has no words for it.'
    )
    assert row.about is About.CLAIM
    assert not open_to_all(GONE)
    assert row_of(Finding(code="consent_missing", severity=Severity.BLOCKER)).code == "consent_missing"


def test_titles_are_those_of_the_rows() -> None:
    """A few words for a list."""
    bare = Finding(code="late_entries", severity=Severity.NOTE)
    assert title_of(bare) == "late entries"
    assert row_of(bare).message(bare) == "Late entries."


@pytest.mark.parametrize("kind", [row.answered_by for row in ROWS if row.answered_by is not None])
def test_an_attestation_answers_one_finding(kind: AttestationKind) -> None:
    """The row that names it."""
    assert [row for row in ROWS if row.answered_by is kind] == [answered_by(kind)]


def test_what_to_do_names_the_patient() -> None:
    """The example's MRN gives way to the patient's own."""
    row = row_of(Finding(code="consent_missing", severity=Severity.BLOCKER))
    assert "MRN123" in row.to_do
    assert row.to_do_for("MRN7", NOVEMBER) == row.to_do.replace("MRN123", "MRN7")


def test_late_entries_are_counted_by_what_was_found() -> None:
    """Two of three were written late; other findings' entries are not counted."""
    late = {"recorded_on": NOVEMBER.last_day, "note_digest": ""}
    made = (an_entry(1, 30, **late), an_entry(2, 30, **late), an_entry(3, 30, note_digest=""))
    found = result(a_month(entries=made)).findings
    assert {each.code for each in found if each.entries} >= {"late_entries", "undocumented"}
    assert late_count(found) == 2
    assert late_count(()) == 0


def test_the_folder_is_the_list() -> None:
    """Every file's row, in the order of their places."""
    rows = rows_in(findings)
    assert rows == ROWS
    assert [row.place for row in rows] == sorted(row.place for row in rows)


def test_two_findings_have_no_place_in_common(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A biller reads one before the other."""
    made = (
        "from billing.findings.row import About, Row\nROW = Row(code={!r}, rule='', place={}, severities=(), "
    )
    made += "title='', sentence='', about=About.TIME)\n"
    monkeypatch.syspath_prepend(tmp_path)

    def rows_of(*places: int) -> tuple[Row, ...]:
        package = tmp_path / f"findings_at_{'_'.join(map(str, places))}"
        package.mkdir()
        (package / "__init__.py").write_text("")
        for number, place in enumerate(places):
            (package / f"file_{number}.py").write_text(made.format(f"code_{number}", place))
        importlib.invalidate_caches()
        for name in [name for name in sys.modules if name.startswith(package.name)]:
            monkeypatch.delitem(sys.modules, name)
        return rows_in(importlib.import_module(package.name))

    assert [row.code for row in rows_of(2, 1)] == ["code_1", "code_0"]
    with pytest.raises(ValueError, match=r"^Two findings have the same place\.$"):
        rows_of(2, 1, 2)


def test_a_row_takes_the_parameters_that_it_has() -> None:
    """All of them, and no other; a finding of which there is nothing more to say is one and the same."""
    bare = row_of(Finding(code="consent_missing", severity=Severity.BLOCKER))
    assert bare.finding() is bare.finding()
    with pytest.raises(AssertionError):
        bare.finding(days="1")
    with pytest.raises(AssertionError):
        row_of(Finding(code="late_entries", severity=Severity.NOTE)).finding()
