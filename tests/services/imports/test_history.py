"""What was written down before this program was there comes in: reviews, statements, stays, attestations."""

from collections.abc import Mapping
from datetime import date

import pytest

from billing.clinical import AttestationKind
from billing.people import MemberRole
from services.imports.outcome import ImportOutcome
from services.messages.revisions import close_month
from storage import Database
from tests.support.files import csv_of, load, loaded
from tests.support.imports_undone import figures, peopled, undone
from tests.support.reporting import OCTOBER, ReportedPractice

ROWS: Mapping[str, list[dict[str, str]]] = {
    "reviews": [
        {
            "mrn": "124",
            "reviewed_on": "11/4/2026",
            "consultant": "Dr. Cho",
            "recommendation": "raise the dose",
        },
        {"mrn": "124", "reviewed_on": "2026-10-14", "consultant": "Dr. Cho", "sent_on": "2026-10-15"},
        {"mrn": "123", "reviewed_on": "2026-10-15", "consultant": "Dr. Cho", "sent_on": "2026-10-16"},
    ],
    "statements": [
        {"mrn": "123", "kind": "necessity", "on": "2026-10-02", "by": "Ana Flores", "until": "2027-04-02"},
        {"mrn": "124", "kind": "non duplication", "on": "2026-08-03", "by": "Ana Flores"},
    ],
    "stays": [
        {"mrn": "123", "admitted_on": "2026-10-06", "left_on": "2026-10-09"},
        {"mrn": "124", "admitted_on": "2026-11-01"},
    ],
}
COLUMNS = {
    "reviews": ("mrn", "reviewed_on", "consultant", "recommendation", "sent_on", "recorded_on"),
    "statements": ("mrn", "kind", "on", "by", "until"),
    "stays": ("mrn", "admitted_on", "left_on"),
    "attestations": ("mrn", "month", "kind", "by", "on"),
}


@pytest.fixture
def practice(database: Database) -> ReportedPractice:
    return peopled(ReportedPractice(database))


def written(kind: str, *rows: dict[str, str]) -> bytes:
    return csv_of(COLUMNS[kind], rows)


def said(outcome: ImportOutcome) -> list[str]:
    """What stands in the way, by line and column."""
    assert not outcome.stored
    return [f"{one.line} {one.column}: {one.message}" for one in outcome.problems]


@pytest.mark.parametrize("kind", list(ROWS))
def test_history_counts_is_harmless_twice_and_goes_again(practice: ReportedPractice, kind: str) -> None:
    """The report takes it in, the same rows again change nothing, and taken back it is as before."""
    before = figures(practice)
    data = written(kind, *ROWS[kind])
    first = loaded(practice, kind, data)
    changes = 1 if kind == "reviews" else 0
    assert (first.added, first.changed) == (len(ROWS[kind]) - changes, changes)
    after = figures(practice)
    assert (after != before) == (kind != "statements")
    again = loaded(practice, kind, data)
    assert (again.added, again.changed, again.unchanged) == (0, 0, len(ROWS[kind]))
    assert figures(practice) == after
    undone(practice, 1)
    assert figures(practice) == before
    assert loaded(practice, kind, data).added == first.added
    assert figures(practice) == after


def test_an_attestation_needs_what_it_answers(practice: ReportedPractice) -> None:
    """Late time is attested by who may; a month without it has nothing to attest."""
    late = practice.enrolled("300")
    practice.works(late, 65, date(2026, 10, 20), recorded_on=date(2026, 11, 12))
    sue = practice.member("Sue Park", MemberRole.SUPERVISOR)
    row = {"mrn": "300", "month": "2026-10", "kind": "late_record", "by": "Sue Park", "on": "2026-11-13"}
    kind = next(
        one.value
        for one in AttestationKind
        if load(
            practice, "attestations", written("attestations", {**row, "kind": one.value}), dry_run=True
        ).added
    )
    before = figures(practice)
    data = written("attestations", {**row, "kind": kind})
    assert loaded(practice, "attestations", data).added == 1
    found = practice.see(lambda context: context.uow.attestations.of_patients((late.patient_id,), OCTOBER))
    ((attested,),) = found.values()
    assert (attested.kind.value, attested.attested_by) == (kind, sue.member_id)
    assert loaded(practice, "attestations", data).unchanged == 1
    assert figures(practice) != before
    undone(practice, 1)
    assert figures(practice) == before
    wrong = written(
        "attestations", {**row, "mrn": "124", "kind": kind}, {**row, "kind": kind, "by": "Ana Flores"}
    )
    first, second = said(load(practice, "attestations", wrong))
    assert f"2 kind: October 2026 of this patient does not depend on {kind}" in first
    assert f"3 by: Ana Flores cannot attest {kind}: only" in second


@pytest.mark.parametrize(
    ("kind", "row", "problem"),
    [
        (
            "reviews",
            {"consultant": "Ana Flores"},
            "consultant: Ana Flores is not a psychiatric consultant here.",
        ),
        ("reviews", {"consultant": "Dr. Who"}, "consultant: No member goes by Dr. Who."),
        ("reviews", {"reviewed_on": "2026-11-19"}, "reviewed_on: '2026-11-19' has not come yet."),
        ("reviews", {"sent_on": "2026-10-01"}, "sent_on: 2026-10-01 is before 2026-10-15."),
        ("reviews", {"recorded_on": "2026-10-01"}, "recorded_on: 2026-10-01 is before the day itself"),
        ("statements", {"kind": "opinion"}, "kind: 'opinion' is not known."),
        ("statements", {"by": ""}, "by: The cell is empty"),
        ("statements", {"until": "2026-01-01"}, "until: 2026-01-01 is before 2026-10-02."),
        ("stays", {"left_on": "2026-10-01"}, "left_on: 2026-10-01 is before 2026-10-06."),
        ("stays", {"left_on": "2027-01-01"}, "left_on: '2027-01-01' has not come yet."),
    ],
)
def test_a_wrong_cell_is_named(
    practice: ReportedPractice, kind: str, row: dict[str, str], problem: str
) -> None:
    """Line, column and what to do; nothing is stored."""
    usual = next(one for one in ROWS[kind] if one["mrn"] == "123")
    before = figures(practice)
    (only,) = said(load(practice, kind, written(kind, {**usual, **row})))
    assert only.startswith(f"2 {problem}")
    assert figures(practice) == before


def test_what_is_on_file_otherwise_is_refused(practice: ReportedPractice) -> None:
    """A row never overwrites in silence: of a fact that is known it may say what is missing, and no more."""
    for kind, rows in ROWS.items():
        loaded(practice, kind, written(kind, *rows))
    assert said(
        load(
            practice,
            "reviews",
            written(
                "reviews",
                {**ROWS["reviews"][0], "recommendation": "lower the dose"},
                {**ROWS["reviews"][1], "sent_on": "2026-10-17", "recorded_on": "2026-11-02"},
            ),
        )
    ) == [
        "2 recommendation: That review is known with another recommendation. Leave the cell empty.",
        "3 recorded_on: That review is known as written down on 2026-10-14. Leave the cell empty.",
        "3 sent_on: That review is known as sent on 2026-10-15. Give one of the two.",
    ]
    (other,) = said(
        load(practice, "statements", written("statements", {**ROWS["statements"][0], "until": ""}))
    )
    assert other.startswith("2 until: That statement is known up to 2027-04-02.")
    ended = {"mrn": "124", "admitted_on": "2026-11-01", "left_on": "2026-11-05"}
    within = {"mrn": "123", "admitted_on": "2026-10-07", "left_on": "2026-10-08"}
    assert said(load(practice, "stays", written("stays", ended, within))) == [
        "3 admitted_on: Another stay goes from 2026-10-06 to 2026-10-09. Correct one of the two."
    ]
    assert loaded(practice, "stays", written("stays", ended)).changed == 1


def test_the_day_of_a_statement_tells_the_order_of_dates(practice: ReportedPractice) -> None:
    """Columns called `on` and `until` decide it as those called `_on` do, and are asked about as they are."""
    row = {"mrn": "123", "kind": "necessity", "by": "Ana Flores"}
    outcome = loaded(practice, "statements", written("statements", {**row, "on": "13/10/2026"}))
    assert outcome.preview is not None
    assert "2026-10-13" in outcome.preview.rows[0]
    asked = load(practice, "statements", written("statements", {**row, "on": "3.11.2026"}))
    assert said(asked)[0].startswith("2 on: '3.11.2026' may be March 11, 2026 or November 3, 2026")


@pytest.mark.parametrize(
    ("kind", "row"),
    [
        ("stays", {"admitted_on": "2026-09-20", "left_on": "2026-10-05"}),
        ("stays", {"admitted_on": "2026-09-20"}),
        ("statements", {"kind": "necessity", "on": "2026-09-20", "by": "Ana Flores"}),
    ],
)
def test_each_closed_month_that_a_fact_reaches_into_is_said(
    practice: ReportedPractice, kind: str, row: dict[str, str]
) -> None:
    """Not only the month in which a stay or a statement began."""
    practice.do(close_month, practice.sam, OCTOBER)
    remarks = loaded(practice, kind, written(kind, {"mrn": "123", **row})).remarks
    assert sum(one.startswith("October 2026 is closed") for one in remarks) == 1
