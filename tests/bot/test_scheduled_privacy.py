"""What the billing channel sees of a real month: figures, and nothing by which anybody could be told."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from billing.months import BillingMonth
from billing.people import MemberRole
from bot.composer import shown
from bot.replies import Reply, Viewer
from services.context import Context
from services.messages.compose import compose
from services.messages.deliveries import BILLING, Delivery, DueDelivery, deliveries_for
from services.messages.revisions import close_month
from services.months.close import reopen_month
from storage import Database
from tests.support.caseloads import in_care, worked
from tests.support.practice import NEW_YORK, NOW, TryPractice

OCTOBER = BillingMonth(2026, 10)
#: All that could tell who is meant.
TELLING = ("4471993", "Quentin", "Zweig", "melancholia", "Ana Flores", "Bea Biller", "gardening", "P-")


@pytest.fixture
def practice(database: Database) -> TryPractice:
    """A patient with a name, a problem and a note, whose October is blocked, closed, opened again and closed again."""
    practice = TryPractice(database)
    ana, bea = practice.member("Ana Flores"), practice.member("Bea Biller", MemberRole.BILLER)
    patient = in_care(practice, ana, "4471993", consent=None)
    worked(practice, ana, patient, 65, date(2026, 10, 12))

    def name(context: Context) -> None:
        named = replace(patient, first_name="Quentin", last_name="Zweig", problems="melancholia")
        context.uow.patients.update(named)
        context.uow.commit()

    practice.do(name)
    practice.do(close_month, bea, OCTOBER)
    practice.clock.pass_(minutes=1)
    practice.do(reopen_month, bea, OCTOBER, "Quentin Zweig's gardening")
    return practice


def told(practice: TryPractice, period: str) -> Reply:
    """The message of a period, as Slack would be given it."""
    kind = period.partition(":")[0]
    owed = DueDelivery(
        kind=kind, period=period, recipient=BILLING, due_at=NOW, useful_until=NOW + timedelta(days=9)
    )
    part: Delivery = deliveries_for(owed, NOW, lambda: "id")[0]
    content = practice.see(compose, part, names_in_files=True)
    return shown(content, Viewer(now=NOW, zone=NEW_YORK, late=True))


@pytest.mark.parametrize("period", ["month_end:2026-10", "preview:2026-10", "close_reminder:2026-10"])
def test_the_billing_channel_sees_no_identifier(practice: TryPractice, period: str) -> None:
    """Neither in the words nor in any id or value, of patients or of the team; figures are there."""
    given = json.dumps([told(practice, period).text, *told(practice, period).blocks])
    assert [word for word in TELLING if word in given] == []
    assert "October 2026" in given


def test_a_first_close_is_told_as_final(practice: TryPractice) -> None:
    """Its figures are those to bill from, and the button promises no close."""
    found = told(practice, "revision:2026-10:1")
    given = json.dumps([found.text, *found.blocks])
    assert [word for word in TELLING if word in given] == []
    assert "These are the final figures" in given
    assert "Review and close" not in given


def test_a_revision_sees_no_identifier_and_no_reason(practice: TryPractice) -> None:
    """Why a month was opened again may name somebody, and stays with those who look at the month."""
    bea = practice.member("Bo Biller", MemberRole.BILLER)
    practice.clock.pass_(minutes=1)
    practice.do(close_month, bea, OCTOBER)
    found = told(practice, "revision:2026-10:2")
    given = json.dumps([found.text, *found.blocks])
    assert [word for word in (*TELLING, "Bo Biller") if word in given] == []
    assert "revision 2" in given
