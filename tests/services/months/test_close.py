"""Closing freezes a month; what comes later is an addendum until somebody closes again and says why."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from billing.closing import Change, MonthStatus
from billing.people import MemberRole
from services.checks import verify
from services.context import Context
from services.errors import CannotChangeMonth, NotAllowed
from services.exports.columns import FileReaders
from services.exports.csv_file import csv_file
from services.messages.revisions import close_month
from services.months.addenda import AddendumKind
from services.months.claims import submit
from services.months.close import changes_since_close, reopen_month
from storage import Database
from tests.support.reporting import NOVEMBER, OCTOBER, ReportedPractice


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def practice(request: pytest.FixtureRequest) -> Iterator[ReportedPractice]:
    """The same practice on each of the two databases."""
    database = Database.open(request.getfixturevalue(f"{request.param}_url"))
    yield ReportedPractice(database)
    database.close()


def frozen(practice: ReportedPractice, revision: int) -> list[tuple[int, bytes]]:
    return practice.see(lambda context: list(context.uow.closes.line_bytes(OCTOBER, revision)))


def test_a_closed_month_reports_as_it_was_frozen(practice: ReportedPractice) -> None:
    """Entries, corrections and removals after the close change no line, and are shown apart."""
    patient = practice.billable("1", minutes=62)
    kept = practice.works(patient, 10, date(2026, 10, 20))
    gone = practice.works(patient, 5, date(2026, 10, 21))
    closed = practice.do(close_month, practice.sam, OCTOBER)
    assert (closed.close.revision, closed.lines, closed.differences) == (1, 1, ())
    before = csv_file(practice.report(), FileReaders(names=True))
    practice.clock.pass_(minutes=5)
    added = practice.works(patient, 45, date(2026, 10, 22))

    def change(context: Context) -> None:
        context.uow.ledger.correct(
            kept.entry_id, 1, {"seconds": 60}, by=practice.ana.member_id, at=context.now, reason="slip"
        )
        context.uow.ledger.void([gone.entry_id], by=practice.ana.member_id, at=context.now, reason="slip")
        context.uow.commit()

    practice.do(change)
    report = practice.report()
    assert report.months[0].status is MonthStatus.CLOSED
    assert report.lines[0].result.counted_seconds == 77 * 60
    assert (report.lines[0].revision, report.completeness.entries_read) == (1, 4)
    assert csv_file(report, FileReaders(names=True)) == before
    assert [(one.kind, one.entry_id, one.seconds_before, one.seconds_after) for one in report.addenda] == [
        (AddendumKind.CORRECTED, kept.entry_id, 600, 60),
        (AddendumKind.WITHDRAWN, gone.entry_id, 300, 0),
        (AddendumKind.ADDED, added.entry_id, 0, 2700),
    ]


def test_closing_again_makes_a_revision_and_names_what_changed(practice: ReportedPractice) -> None:
    """The reopening's reason stands; the first revision keeps its bytes; the difference names the line."""
    patient = practice.billable("1", minutes=62)
    practice.billable("2", minutes=62)
    practice.do(close_month, practice.sam, OCTOBER)
    first = frozen(practice, 1)
    practice.clock.pass_(hours=1)
    practice.works(patient, 30, date(2026, 10, 22))
    (coming,) = practice.see(changes_since_close, OCTOBER)
    assert coming.patient_id == patient.patient_id
    practice.do(reopen_month, practice.sam, OCTOBER, "a call was forgotten")
    assert practice.report().months[0].status is MonthStatus.REOPENED
    assert practice.report().lines[0].result.counted_seconds == 92 * 60
    practice.clock.pass_(hours=1)
    again = practice.do(close_month, practice.sam, OCTOBER)
    assert (again.close.revision, again.close.reason) == (2, "a call was forgotten")
    (found,) = again.differences
    assert (found.change, found.seconds_before, found.seconds_after) == (Change.CHANGED, 3720, 5520)
    assert again.overpaid == ()
    assert frozen(practice, 1) == first
    assert practice.report().lines[0].revision == 2


@pytest.mark.parametrize("seconds", [0, -30], ids=["same instant", "clock set back"])
def test_what_was_done_later_stands_whatever_the_clock_says(practice: ReportedPractice, seconds: int) -> None:
    """A reopening right after the close reopens, and the close after it closes, by a clock that stands or goes back."""
    practice.billable("1", minutes=62)
    practice.do(close_month, practice.sam, OCTOBER)
    for revision in (2, 3):
        practice.clock.pass_(seconds=seconds)
        practice.do(reopen_month, practice.sam, OCTOBER, "a call was forgotten")
        assert practice.report().months[0].status is MonthStatus.REOPENED
        practice.clock.pass_(seconds=seconds)
        again = practice.do(close_month, practice.sam, OCTOBER)
        assert again.close.revision == revision
        assert practice.report().months[0].status is MonthStatus.CLOSED


def test_billing_less_than_was_submitted_is_an_overpayment(practice: ReportedPractice) -> None:
    """A decrease after submission opens a note, in the answer and in the audit chain."""
    patient = practice.enrolled()
    practice.works(patient, 40, date(2026, 10, 5))
    later = practice.works(patient, 25, date(2026, 10, 6))
    practice.reviews(patient, date(2026, 10, 7))
    practice.do(close_month, practice.sam, OCTOBER)
    practice.do(submit, practice.sam, OCTOBER)
    with pytest.raises(CannotChangeMonth, match="already"):
        practice.do(submit, practice.sam, OCTOBER)

    def void(context: Context) -> None:
        context.uow.ledger.void([later.entry_id], by=practice.ana.member_id, at=context.now, reason="twice")
        context.uow.commit()

    practice.do(void)
    practice.clock.pass_(hours=1)
    practice.do(reopen_month, practice.sam, OCTOBER, "an entry stood twice")
    practice.clock.pass_(hours=1)
    again = practice.do(close_month, practice.sam, OCTOBER)
    assert [one.patient_id for one in again.overpaid] == [patient.patient_id]


def test_only_billers_and_administrators_close(practice: ReportedPractice) -> None:
    """Care managers and supervisors are refused, and nothing changes; an administrator by setting may."""
    practice.billable()
    chloe = practice.member("Chloe", MemberRole.SUPERVISOR)
    for actor in (practice.ana, chloe):
        with pytest.raises(NotAllowed):
            practice.do(close_month, actor, OCTOBER)
        with pytest.raises(NotAllowed):
            practice.do(reopen_month, actor, OCTOBER, "why not")
    practice.set(admins=frozenset({practice.ana.slack_user_id}))
    practice.do(close_month, practice.ana, OCTOBER)


def test_a_month_is_closed_only_when_it_can_be(practice: ReportedPractice) -> None:
    """Not while it runs, not twice, not without attestation; reopened only when closed and with a reason."""
    practice.billable()
    for month, words, said in (
        (NOVEMBER, "I looked.", "is not over"),
        (OCTOBER, " ", "attestation"),
    ):
        with pytest.raises(CannotChangeMonth, match=said):
            practice.do(close_month, practice.sam, month, words)
    with pytest.raises(CannotChangeMonth, match="not closed"):
        practice.do(reopen_month, practice.sam, OCTOBER, "why not")
    with pytest.raises(CannotChangeMonth, match="never closed"):
        practice.do(submit, practice.sam, OCTOBER)
    practice.do(close_month, practice.sam, OCTOBER)
    with pytest.raises(CannotChangeMonth, match="is closed"):
        practice.do(close_month, practice.sam, OCTOBER)
    with pytest.raises(CannotChangeMonth, match="reason"):
        practice.do(reopen_month, practice.sam, OCTOBER, "  ")


def test_frozen_lines_are_judged_alike_again(practice: ReportedPractice) -> None:
    """Everything written stands: the audit chain, the ledger, and each frozen line."""
    practice.billable("1")
    practice.works(practice.enrolled("2"), 20, date(2026, 10, 6))
    practice.at(datetime(2026, 11, 2, 15, tzinfo=UTC))
    practice.do(close_month, practice.sam, OCTOBER)
    found = practice.see(verify)
    assert (found.revisions, found.lines) == (1, 2)
    assert (found.changed, found.totals, found.judged_otherwise) == ((), (), ())


def test_closed_and_open_months_stand_in_one_report(practice: ReportedPractice) -> None:
    """Each line says which revision it is of, if any; both count in the totals."""
    patient = practice.billable()
    practice.works(patient, 15, date(2026, 11, 3))
    practice.do(close_month, practice.sam, OCTOBER)
    report = practice.report(OCTOBER, NOVEMBER)
    assert [(str(line.month), line.revision) for line in report.lines] == [("2026-11", None), ("2026-10", 1)]
    assert report.completeness.entries_read == 3
