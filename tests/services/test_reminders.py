"""What a member decides about reminders, and how the scheduler sees it."""

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest

from billing.months import BillingMonth
from billing.people import MemberRole
from services import reminders
from services.audience import Person
from services.delivery_store import audience
from services.errors import UnknownPatient
from services.month_close import close_month, reopen_month
from storage import Database
from tests.support.caseloads import in_care
from tests.support.practice import NOW, TryPractice


@pytest.fixture
def practice(database: Database) -> TryPractice:
    return TryPractice(database)


def person(practice: TryPractice) -> Person:
    """The only member, as the scheduler sees them."""
    (found,) = practice.see(audience).people
    return found


def test_nothing_chosen_is_half_past_eight(practice: TryPractice) -> None:
    """A new member is reminded in the morning."""
    ana = practice.member()
    set_ = practice.see(reminders.standing, ana)
    assert (set_.at, set_.is_on, set_.snoozed_until) == (time(8, 30), True, None)
    assert (person(practice).digest_at, person(practice).off) == (None, frozenset())


def test_a_time_is_kept_and_switches_on(practice: TryPractice) -> None:
    """Choosing a time after switching off means on, at that time."""
    ana = practice.member()
    practice.do(reminders.switch, ana, on=False)
    assert person(practice).off == reminders.PERSONAL
    set_ = practice.do(reminders.set_time, ana, time(7, 15))
    assert (set_.at, set_.is_on) == (time(7, 15), True)
    assert (person(practice).digest_at, person(practice).off) == (time(7, 15), frozenset())


def test_an_administrator_by_setting_does_not_become_one_on_record(practice: TryPractice) -> None:
    """Choosing a time stores the time, and no role that only the settings give."""
    ana = practice.member()
    practice.do(reminders.set_time, replace(ana, roles=ana.roles | {MemberRole.ADMIN}), time(7))
    assert person(practice).roles == {MemberRole.CARE_MANAGER}


def test_off_and_on_keep_the_time(practice: TryPractice) -> None:
    """Switching back on remembers when."""
    ana = practice.member()
    practice.do(reminders.set_time, ana, time(7))
    assert not practice.do(reminders.switch, replace(ana, digest_at=time(7)), on=False).is_on
    practice.do(reminders.switch, ana, on=True)
    assert person(practice).digest_at == time(7)


def test_a_snooze_ends_by_itself(practice: TryPractice) -> None:
    """Put off for an hour, and then as before."""
    ana = practice.member()
    until = practice.do(reminders.snooze, ana, 3600).snoozed_until
    assert until == NOW + timedelta(hours=1)
    assert person(practice).snoozed_until == until
    practice.clock.pass_(minutes=61)
    assert practice.see(reminders.standing, ana).snoozed_until is None


def test_setting_a_patient_aside_is_on_record(practice: TryPractice) -> None:
    """Who said so, of whom, for which month; an unknown handle changes nothing."""
    ana = practice.member()
    patient = in_care(practice, ana, "1")
    november = BillingMonth(2026, 11)
    assert practice.do(reminders.set_aside, ana, patient.handle, november) == patient
    assert practice.see(_aside, november) == {patient.patient_id}
    with pytest.raises(UnknownPatient):
        practice.do(reminders.set_aside, ana, "P-0000", november)


def _aside(desk: Any, month: BillingMonth) -> frozenset[int]:
    return desk.uow.set_aside.of(month)  # type: ignore[no-any-return]


def test_a_month_closed_again_owes_a_revision_once(practice: TryPractice) -> None:
    """The close and its post are one transaction; a first close owes nothing, nor does a practice without channel."""
    biller = practice.member("Bea", MemberRole.BILLER)
    october = BillingMonth(2026, 10)
    practice.do(close_month, biller, october)
    for channel in (False, True):
        practice.set(has_billing_channel=channel)
        practice.clock.pass_(minutes=1)
        practice.do(reopen_month, biller, october, "to look again")
        practice.clock.pass_(minutes=1)
        practice.do(close_month, biller, october)
    owed = practice.see(lambda desk: desk.uow.deliveries.open())
    assert {each.period for each in owed} == {"revision:2026-10:3"}
    assert {each.part for each in owed} == {"message", "xlsx", "csv"}
