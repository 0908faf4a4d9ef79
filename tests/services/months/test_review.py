"""A month as it is reviewed in chat, and closed exactly as it was seen."""

from datetime import UTC, date, datetime

import pytest

from billing.closing import MonthStatus
from billing.evaluate import LineStatus
from billing.months import BillingMonth
from billing.people import Member, MemberRole
from services.entries import log as time_log
from services.errors import CannotChangeMonth, NotAllowed
from services.messages import revisions
from services.months import close
from services.months import review as month_review
from storage import Database
from tests.support.practice import TryPractice, asked, draft
from tests.support.reporting import ReportedPractice

OCTOBER = BillingMonth(2026, 10)


@pytest.fixture
def practice(database: Database) -> TryPractice:
    return TryPractice(database)


@pytest.fixture
def ana(practice: TryPractice) -> Member:
    return practice.member("Ana Flores")


@pytest.fixture
def sam(practice: TryPractice) -> Member:
    return practice.member("Sam Whitfield", MemberRole.BILLER)


def log(practice: TryPractice, who: Member, identity: str, minutes: int, day: date) -> None:
    request = asked(identity, minutes, note=f"{identity} {minutes} {day}", service_date=day)
    practice.do(time_log.log, who, draft(request))


def october(practice: TryPractice, ana: Member) -> None:
    """Two patients over the threshold, both without review and NPI; one below."""
    for identity, minutes in (("1", 75), ("2", 80), ("3", 10)):
        practice.patient(identity)
        log(practice, ana, identity, minutes, date(2026, 10, 20))


def test_the_report_is_for_those_who_bill_and_supervise(practice: TryPractice, ana: Member) -> None:
    """A care manager is told plainly where their own figures are."""
    with pytest.raises(
        NotAllowed, match="Only supervisors, billers and administrators can see the practice's report"
    ):
        practice.see(month_review.review, ana)
    for role in (MemberRole.BILLER, MemberRole.SUPERVISOR, MemberRole.ADMIN):
        practice.see(month_review.review, practice.member(role.value, role))


def test_only_supervisors_are_told_how_a_care_managers_time_clusters(database: Database) -> None:
    """A biller sees the same report without it."""
    practice = ReportedPractice(database)
    for number in range(5):
        practice.billable(str(number), minutes=61)
    sue = practice.member("Sue", MemberRole.SUPERVISOR)
    (told,) = practice.see(month_review.review, sue, OCTOBER).manager_findings
    assert told.member == practice.ana
    assert practice.see(month_review.review, practice.sam, OCTOBER).manager_findings == ()


def test_without_a_month_it_is_the_last_until_that_is_closed(practice: TryPractice, sam: Member) -> None:
    """October is due in November, and November once October is closed."""
    assert practice.see(month_review.review, sam).month == OCTOBER
    practice.do(revisions.close_month, sam, OCTOBER)
    assert practice.see(month_review.review, sam).month == BillingMonth(2026, 11)


def test_blockers_are_listed_by_kind_with_whose_months_they_hold(
    practice: TryPractice, ana: Member, sam: Member
) -> None:
    """Only months whose minutes earn a code: who is below has nothing to fix yet."""
    october(practice, ana)
    review = practice.see(month_review.review, sam, OCTOBER)
    held = {kind.row.code: [patient.identity for patient in kind.patients] for kind in review.to_fix}
    assert held["review_missing"] == ["1", "2"]
    assert held["npi_missing"] == ["1", "2"]
    assert review.blocked_lines == 2
    assert review.report.totals.by_status[LineStatus.BELOW] == 1


def test_a_month_is_closed_as_it_was_seen(practice: TryPractice, ana: Member, sam: Member) -> None:
    """What was shown is what is frozen; something logged in between stops it."""
    october(practice, ana)
    seen = practice.see(month_review.before_close, sam, OCTOBER).seen
    log(practice, ana, "3", 5, date(2026, 10, 21))
    with pytest.raises(CannotChangeMonth, match="changed since you looked"):
        practice.do(revisions.close_as_seen, sam, OCTOBER, seen)
    again = practice.see(month_review.before_close, sam, OCTOBER).seen
    done = practice.do(revisions.close_as_seen, sam, OCTOBER, again)
    assert (done.close.revision, done.lines) == (1, 3)
    assert done.close.attestation == close.ATTESTATION
    with pytest.raises(CannotChangeMonth, match="closed"):
        practice.do(revisions.close_as_seen, sam, OCTOBER, again)


def test_a_running_month_is_not_offered_for_closing(practice: TryPractice, sam: Member) -> None:
    """Neither by asking to close it nor on its report."""
    november = BillingMonth(2026, 11)
    with pytest.raises(CannotChangeMonth, match="not over"):
        practice.see(month_review.before_close, sam, november)
    assert not practice.see(month_review.review, sam, november).may_close


def test_only_billers_and_administrators_close(practice: TryPractice, ana: Member) -> None:
    """A supervisor reads the report without the button; a care manager is refused."""
    chloe = practice.member("Chloe", MemberRole.SUPERVISOR)
    assert not practice.see(month_review.review, chloe, OCTOBER).may_close
    for who in (chloe, ana):
        with pytest.raises(NotAllowed):
            practice.see(month_review.before_close, who, OCTOBER)


def test_a_reopened_month_says_which_lines_would_differ(
    practice: TryPractice, ana: Member, sam: Member
) -> None:
    """Against its last revision; closing it again needs no second reason."""
    october(practice, ana)
    practice.do(revisions.close_month, sam, OCTOBER)
    log(practice, ana, "3", 5, date(2026, 10, 21))
    assert len(practice.see(month_review.review, sam, OCTOBER).report.addenda) == 1
    practice.clock.at = datetime(2026, 11, 19, 15, tzinfo=UTC)
    practice.do(close.reopen_month, sam, OCTOBER, "a call was entered late")
    review = practice.see(month_review.review, sam, OCTOBER)
    assert review.state.status is MonthStatus.REOPENED
    (change,) = review.changes
    assert change.patient.mrn == "MRN3"
    assert change.difference.seconds_after - change.difference.seconds_before == 5 * 60
    done = practice.do(revisions.close_as_seen, sam, OCTOBER, review.seen)
    assert (done.close.revision, done.close.reason) == (2, "a call was entered late")
    assert len(done.differences) == 1
