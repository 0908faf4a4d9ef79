"""Builds the caseloads that scheduled messages are about."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from billing.activities import Activity, ActivitySource
from billing.episodes import Consent, ConsentKind, Episode
from billing.months import BillingMonth
from billing.people import Member, Patient, Role
from services.context import Context
from storage import NewEntry
from tests.support.practice import NEW_YORK, TryPractice

CONSENTED = Consent(given_on=date(2026, 9, 1), kind=ConsentKind.VERBAL)


def month_last_due(now: datetime) -> BillingMonth:
    """The month whose end was told last, in New York at 08:00 on the 1st, at an instant."""
    eight_hours_before = (now.astimezone(NEW_YORK).replace(tzinfo=None) - timedelta(hours=8)).date()
    return BillingMonth.of(eight_hours_before).plus(-1)


def in_care(practice: TryPractice, manager: Member, identity: str, **facts: Any) -> Patient:
    """A patient of a care manager, in care with consent and assessment since September, but for the facts given."""

    def add(context: Context) -> Patient:
        patient = context.uow.patients.add(mrn=f"MRN{identity}", identity=identity, on_roster=True)
        episode = {
            "episode_id": 0,
            "patient_id": patient.patient_id,
            "enrolled_on": date(2026, 9, 1),
            "initial_assessment_on": date(2026, 9, 1),
            "consent": CONSENTED,
            "care_manager": manager.member_id,
            **facts,
        }
        context.uow.episodes.add(Episode(**episode))
        context.uow.commit()
        return patient

    return practice.do(add)


def worked(
    practice: TryPractice, who: Member, patient: Patient, minutes: int, day: date, **facts: Any
) -> None:
    """Minutes on the phone on a day, keyed that day at noon in UTC, but for the facts given."""

    def append(context: Context) -> None:
        at = facts.pop("at", datetime(day.year, day.month, day.day, 16, tzinfo=UTC))
        entry = {
            "patient_id": patient.patient_id,
            "seconds": minutes * 60,
            "service_date": day,
            "activity": Activity.PHONE,
            "activity_source": ActivitySource.STATED,
            "role": Role.CARE_MANAGER,
            "performed_by": who.member_id,
            "note": "phone check-in",
            **facts,
        }
        context.uow.ledger.append([NewEntry(**entry)], by=who.member_id, at=at, source="chat")
        context.uow.commit()

    practice.do(append)
