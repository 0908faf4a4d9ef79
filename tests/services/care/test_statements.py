"""Stays, statements and attestations: what findings ask of people."""

from datetime import date

import pytest

from billing.clinical import AttestationKind, StatementKind
from billing.counting import Exclusion
from billing.months import BillingMonth
from billing.people import Member, MemberRole
from services.care.episodes import DatesOutOfOrder
from services.care.receipts import Attested, Stated, Stayed
from services.care.requests import Admit, Attest, MakeStatement
from services.care.statements import NothingToAttest
from services.care.stays import NoStay, StayOnFile
from services.entries import log
from services.errors import NotAllowed
from services.messages import revisions
from storage import Database
from tests.support.care import audited, done, record, ref
from tests.support.practice import TryPractice, asked, draft

OCTOBER, NOVEMBER = BillingMonth(2026, 10), BillingMonth(2026, 11)


@pytest.fixture
def practice(database: Database) -> TryPractice:
    return TryPractice(database)


def test_inpatient_days_do_not_count(practice: TryPractice) -> None:
    """The day of admission is one, the day of leaving is not."""
    ana = practice.member()
    practice.patient()
    for day in (8, 9, 12):
        practice.do(log.log, ana, draft(asked(service_date=date(2026, 11, day))))
    since = record(practice, ana, Admit(patient=ref(), admitted_on=date(2026, 11, 9)))
    assert dict(since.standings[0].result.excluded) == {Exclusion.INPATIENT: 1800}
    left = record(practice, ana, Admit(patient=ref(), admitted_on=None, left_on=date(2026, 11, 12)))
    assert dict(left.standings[0].result.excluded) == {Exclusion.INPATIENT: 900}
    assert audited(practice) == ["stay.recorded", "stay.changed"]


def test_a_stay_is_on_record_once(practice: TryPractice) -> None:
    """The same again is said; days of another stay are refused; leaving without admission is refused."""
    ana = practice.member()
    practice.patient()
    with pytest.raises(NoStay, match="Give both days"):
        record(practice, ana, Admit(patient=ref(), admitted_on=None, left_on=date(2026, 11, 9)))
    stay = Admit(patient=ref(), admitted_on=date(2026, 11, 3), left_on=date(2026, 11, 9))
    assert not done(practice, ana, stay, Stayed).already
    assert done(practice, ana, stay, Stayed).already
    with pytest.raises(StayOnFile, match="from Nov 3, 2026 to Nov 9, 2026"):
        record(practice, ana, Admit(patient=ref(), admitted_on=date(2026, 11, 5)))
    record(practice, ana, Admit(patient=ref(), admitted_on=date(2026, 11, 9)))
    with pytest.raises(DatesOutOfOrder):
        record(practice, ana, Admit(patient=ref(), admitted_on=None, left_on=date(2026, 11, 8)))


def test_the_day_of_leaving_can_be_put_right(practice: TryPractice) -> None:
    """Said again with another day, it is that day."""
    ana = practice.member()
    practice.patient()
    record(practice, ana, Admit(patient=ref(), admitted_on=date(2026, 11, 3), left_on=date(2026, 11, 9)))
    again = Admit(patient=ref(), admitted_on=date(2026, 11, 3), left_on=date(2026, 11, 11))
    assert done(practice, ana, again, Stayed).admission.left_on == date(2026, 11, 11)


def test_a_statement_answers_the_finding_that_asked_for_it(practice: TryPractice) -> None:
    """Necessity of long care: the warning goes with the statement."""
    ana = practice.member()
    practice.patient(assessed_on=date(2025, 1, 6))
    practice.do(log.log, ana, draft(asked(minutes=70)))
    asks = MakeStatement(patient=ref(), kind=StatementKind.PRIOR_AUTHORIZATION, on=date(2026, 11, 18))
    before = record(practice, ana, asks)
    assert "necessity" in {finding.code for finding in before.standings[0].result.findings}
    stated = MakeStatement(
        patient=ref(), kind=StatementKind.NECESSITY, on=date(2026, 11, 18), until=date(2027, 2, 1)
    )
    after = record(practice, ana, stated)
    assert isinstance(after.outcome, Stated)
    assert (after.outcome.statement.made_by, after.outcome.statement.valid_until) == (
        ana.member_id,
        date(2027, 2, 1),
    )
    assert "necessity" not in {finding.code for finding in after.standings[0].result.findings}
    assert audited(practice) == ["statement.made"] * 2


def late_october(practice: TryPractice) -> Member:
    """A month that only late entries carry over 70 minutes."""
    ana = practice.member()
    practice.patient()
    practice.do(log.log, ana, draft(asked(minutes=75, service_date=date(2026, 10, 20))))
    return ana


def test_a_supervisor_attests_late_time_once(practice: TryPractice) -> None:
    """The finding that held the line goes; there is nothing left to attest."""
    late_october(practice)
    boss = practice.member("Chloe Lindqvist", MemberRole.SUPERVISOR, slack="U0BOSS")
    word = Attest(patient=ref(), month=OCTOBER, kind=AttestationKind.LATE_TIME)
    receipt = record(practice, boss, word)
    assert receipt.outcome == Attested(month=OCTOBER, kind=AttestationKind.LATE_TIME)
    assert receipt.standings[0].month == OCTOBER
    assert "late_decisive" not in {finding.code for finding in receipt.standings[0].result.findings}
    with pytest.raises(NothingToAttest, match="already attested"):
        record(practice, boss, word)
    assert audited(practice) == ["month.attested"]


def test_who_may_attest_what(practice: TryPractice) -> None:
    """Care managers nothing; billers the consultant's time, and not late time."""
    ana = late_october(practice)
    biller = practice.member("Sam Whitfield", MemberRole.BILLER, slack="U0SAM")
    late = Attest(patient=ref(), month=OCTOBER, kind=AttestationKind.LATE_TIME)
    for who in (ana, biller):
        with pytest.raises(NotAllowed, match="Only supervisors and administrators can attest late"):
            record(practice, who, late)
    consultants = Attest(patient=ref(), month=OCTOBER, kind=AttestationKind.CONSULTANT_TIME)
    with pytest.raises(
        NotAllowed, match="Only supervisors, billers and administrators can attest consultant time"
    ):
        record(practice, ana, consultants)
    with pytest.raises(NothingToAttest):
        record(practice, biller, consultants)


def test_a_biller_attests_the_consultants_time(practice: TryPractice) -> None:
    """A line that only the consultant's minutes carry is billable once a biller vouches for them."""
    ana, doc = practice.member(), practice.member("Dr. Raman", MemberRole.CONSULTANT, slack="U0DOC")
    practice.patient(assessed_on=date(2026, 11, 2))
    practice.do(log.log, ana, draft(asked(minutes=60)))
    practice.do(log.log, doc, draft(asked(minutes=15, note="reviewed the case")))
    biller = practice.member("Sam Whitfield", MemberRole.BILLER, slack="U0SAM")
    receipt = record(
        practice, biller, Attest(patient=ref(), month=NOVEMBER, kind=AttestationKind.CONSULTANT_TIME)
    )
    assert "consultant_decisive" not in {finding.code for finding in receipt.standings[0].result.findings}


def test_a_closed_month_says_that_its_frozen_result_stands(practice: TryPractice) -> None:
    """What is recorded about it is kept, and named as an addendum."""
    ana = late_october(practice)
    biller = practice.member("Sam Whitfield", MemberRole.BILLER, slack="U0SAM")
    practice.do(revisions.close_month, biller, OCTOBER)
    receipt = record(practice, ana, Admit(patient=ref(), admitted_on=date(2026, 10, 20)))
    assert ["October 2026 is closed" in remark for remark in receipt.remarks] == [True]
    assert [standing.month for standing in receipt.standings] == [OCTOBER, NOVEMBER]
