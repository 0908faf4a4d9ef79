"""Builds what storage takes, with only the facts that a test is about."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from billing.activities import Activity, ActivitySource
from billing.people import Member, MemberRole, Patient, Role
from storage import NO_TENANT, Database, NewEntry, Tenant, UnitOfWork

#: The instant at which a test's practice lives, unless it says otherwise.
NOW = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)
TODAY = date(2026, 11, 18)


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallPractice:
    """A tenant with one care manager and one patient."""

    tenant: Tenant
    ana: Member
    patient: Patient

    @property
    def tenant_id(self) -> int:
        """The tenant, for `write` and `read`."""
        return self.tenant.tenant_id

    def entry(self, **facts: Any) -> NewEntry:
        """15 minutes on the phone by Ana for the patient today, but for the facts given."""
        return NewEntry(
            **{
                "patient_id": self.patient.patient_id,
                "seconds": 900,
                "service_date": TODAY,
                "activity": Activity.PHONE,
                "activity_source": ActivitySource.INFERRED,
                "role": Role.CARE_MANAGER,
                "performed_by": self.ana.member_id,
                "note": "phone check-in",
                **facts,
            }
        )


def small_practice(database: Database) -> SmallPractice:
    """Found the practice in a migrated database."""

    def open_door(uow: UnitOfWork) -> Tenant:
        tenant = uow.tenants.bind(None, "T0CLINIC")
        uow.commit()
        return tenant

    tenant = database.write(open_door, tenant_id=NO_TENANT).result()

    def move_in(uow: UnitOfWork) -> tuple[Member, Patient]:
        ana = uow.members.add(
            display_name="Ana Reyes", slack_user_id="U0ANA", roles=frozenset({MemberRole.CARE_MANAGER})
        )
        patient = uow.patients.add(mrn="MRN0042", identity="0042", on_roster=True)
        uow.commit()
        return ana, patient

    ana, patient = database.write(move_in, tenant_id=tenant.tenant_id).result()
    return SmallPractice(tenant=tenant, ana=ana, patient=patient)


def import_entries(uow: UnitOfWork, entries: Iterable[NewEntry], *, by: int, at: datetime) -> None:
    """Write entries by the thousand, as from a file, under keys of their own."""
    uow.imports.append({uuid4().hex: entry for entry in entries}, by=by, at=at)
