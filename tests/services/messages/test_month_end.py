"""The month end's content: its figures, its close, its revisions; and each part from its period."""

from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import Any

import pytest

from billing.months import BillingMonth
from billing.people import Member, MemberRole
from services.messages.compose import compose
from services.messages.deliveries import BILLING, Delivery, DueDelivery, Recipient, State, deliveries_for
from services.messages.files import FileContent
from services.messages.kind import Part
from services.messages.month_end import (
    CloseReminder,
    MonthPreview,
    MonthRevision,
    MonthSummary,
    close_reminder,
    month_revision,
    month_summary,
)
from services.messages.morning import Morning
from services.messages.revisions import close_month
from services.messages.trouble import Stuck
from services.months.close import reopen_month
from storage import Database
from storage.deliveries import StoredDelivery
from tests.support.caseloads import in_care, worked
from tests.support.practice import NOW, TryPractice

NOVEMBER = BillingMonth(2026, 11)
OCTOBER = BillingMonth(2026, 10)


@pytest.fixture
def practice(database: Database) -> TryPractice:
    """A practice on Wednesday 18 November, 10:00."""
    return TryPractice(database)


@pytest.fixture
def ana(practice: TryPractice) -> Member:
    """A care manager."""
    return practice.member("Ana Flores")


def owed(period: str, recipient: Recipient = BILLING) -> tuple[Delivery, ...]:
    """The parts of what is owed for a period."""
    numbers = iter(range(9))
    what = DueDelivery(
        kind=period.partition(":")[0],
        period=period,
        recipient=recipient,
        due_at=NOW,
        useful_until=NOW + timedelta(days=1),
    )
    return deliveries_for(what, NOW, lambda: f"d{next(numbers)}")


# -- the digest


@pytest.fixture
def october(practice: TryPractice, ana: Member) -> TryPractice:
    """October with one line ready but for its review, and one below the threshold."""
    worked(practice, ana, in_care(practice, ana, "1"), 65, date(2026, 10, 6))
    worked(practice, ana, in_care(practice, ana, "2"), 20, date(2026, 10, 7))
    return practice


def test_the_month_end_is_told_in_figures(october: TryPractice) -> None:
    """Lines by status, blockers by kind, late and corrected entries, and whether it may still change."""

    def correct(context: Any) -> None:
        entry = next(iter(context.uow.ledger.month(OCTOBER.first_day, OCTOBER.last_day)))
        context.uow.ledger.correct(entry.entry_id, 1, {"seconds": 4000}, by=1, at=NOW, reason="was longer")
        context.uow.commit()

    october.do(correct)
    found = october.see(month_summary, OCTOBER)
    assert found is not None
    assert october.see(month_summary, BillingMonth(2026, 9)) is None
    assert (found.totals.lines, found.is_provisional, found.corrected_entries) == (2, True, 1)
    # Of the two lines without a review and an NPI, only the one that reaches a code is held up by them.
    assert {one.lines for one in found.blockers} == {1}
    assert "review_missing" in {one.row.code for one in found.blockers}
    assert "MRN" not in repr(found)


def test_a_closed_month_is_reminded_of_no_more(october: TryPractice) -> None:
    """A month that is over and open is reminded of; a closed or an empty one is not."""
    biller = october.member("Bea", MemberRole.BILLER)
    found = october.see(close_reminder, OCTOBER)
    assert isinstance(found, CloseReminder)
    assert found.blocked_lines == 1
    assert october.see(close_reminder, BillingMonth(2026, 9)) is None
    october.do(close_month, biller, OCTOBER)
    assert october.see(close_reminder, OCTOBER) is None


def test_a_revision_tells_what_changed(october: TryPractice, ana: Member) -> None:
    """The lines that differ from the revision before."""
    biller = october.member("Bea", MemberRole.BILLER)
    october.do(close_month, biller, OCTOBER)
    october.clock.pass_(minutes=1)
    october.do(reopen_month, biller, OCTOBER, "a call was forgotten")
    worked(october, ana, in_care(october, ana, "3"), 15, date(2026, 10, 8))
    october.clock.pass_(minutes=1)
    october.do(close_month, biller, OCTOBER)

    found = october.see(month_revision, OCTOBER, 2)
    assert (found.revision, found.changed_lines, found.overpaid_lines) == (2, 1, 0)
    assert not found.summary.is_provisional


def test_each_part_is_composed_from_its_period(october: TryPractice, ana: Member) -> None:
    """The period says it all: which month, week or day; files name nobody unless the practice wants it."""
    message, xlsx, csv = owed("month_end:2026-10")
    assert isinstance(october.see(compose, message, names_in_files=False), MonthSummary)
    book = october.see(compose, xlsx, names_in_files=False)
    lines = october.see(compose, csv, names_in_files=False)
    assert isinstance(book, FileContent)
    assert isinstance(lines, FileContent)
    assert (book.name, lines.name) == ("cocm-2026-10-draft.xlsx", "cocm-2026-10-draft.csv")
    assert book.data.startswith(b"PK")
    assert b"MRN1" in lines.data
    assert isinstance(october.see(compose, owed("preview:2026-10")[0], names_in_files=False), MonthPreview)
    mine = Recipient(ana.member_id)
    assert isinstance(october.see(compose, owed("digest:2026-11-18", mine)[0], names_in_files=False), Morning)
    assert october.see(compose, owed("audit:2026-W46", mine)[0], names_in_files=False) is None
    assert csv.part is Part.CSV


def test_who_has_left_is_told_nothing(october: TryPractice, ana: Member) -> None:
    """A member whose membership ended meanwhile gets no digest."""

    def leave(context: Any) -> None:
        context.uow.members.update(replace(ana, active=False))
        context.uow.commit()

    october.do(leave)
    part = owed("digest:2026-11-18", Recipient(ana.member_id))[0]
    assert october.see(compose, part, names_in_files=False) is None


def test_administrators_are_told_what_waits_and_why(practice: TryPractice, ana: Member) -> None:
    """A notice counts what one reason keeps back; once it was fixed, there is nothing to say."""
    sam = practice.member("Sam Whitfield", MemberRole.ADMIN)
    notice = owed("trouble:not_in_channel:2026-11-18", Recipient(sam.member_id))[0]
    assert practice.see(compose, notice, names_in_files=False) is None

    def fail(context: Any) -> None:
        for part in owed("month_end:2026-10")[:1]:
            facts = asdict(part)
            facts |= {
                "job": facts.pop("kind"),
                "recipient": str(part.recipient),
                "part": part.part.value,
                "state": State.FAILED.value,
                "code": "not_in_channel",
            }
            context.uow.deliveries.add([StoredDelivery(**facts)])
        context.uow.commit()

    practice.do(fail)
    assert practice.see(compose, notice, names_in_files=False) == Stuck(
        code="not_in_channel", kinds=(("month_end", 1),)
    )
    for_ana = replace(notice, recipient=Recipient(ana.member_id))
    assert practice.see(compose, for_ana, names_in_files=False) is None, "she administrates nothing"


def test_revision_is_composed_from_its_number(october: TryPractice) -> None:
    """`revision:2026-10:2` is the second revision of October."""
    biller = october.member("Bea", MemberRole.BILLER)
    october.do(close_month, biller, OCTOBER)
    october.clock.pass_(minutes=1)
    october.do(reopen_month, biller, OCTOBER, "to look again")
    october.clock.pass_(minutes=1)
    october.do(close_month, biller, OCTOBER)
    found = october.see(compose, owed("revision:2026-10:2")[0], names_in_files=False)
    assert isinstance(found, MonthRevision)
    assert found.revision == 2
