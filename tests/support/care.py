"""A practice in which care is recorded: who is who, and the shortest way to say what is recorded."""

from datetime import date
from typing import Any, TypeVar

from sqlalchemy import select

from billing.episodes import Episode
from billing.people import Member, MemberRole, Patient
from services.care.carry_out import carry_out
from services.care.receipts import CareReceipt
from services.care.requests import CareRequest, Enroll
from services.context import Context
from services.people.patient_ref import PatientRef
from storage.statements import PreparedStatement
from storage.tables import AuditEventRow, table_of
from tests.support.practice import TryPractice

T = TypeVar("T")


def ref(identity: str = "123") -> PatientRef:
    """A patient as typed."""
    return PatientRef(text=f"MRN{identity}", identity=identity)


def consultant(practice: TryPractice, name: str = "Dr. Raman") -> Member:
    """A psychiatric consultant of the practice."""
    return practice.member(name, MemberRole.CONSULTANT, slack="U0DOC")


def record(practice: TryPractice, actor: Member, asked: CareRequest, key: str | None = None) -> CareReceipt:
    """Carry out a request that raises no question."""
    receipt = practice.do(carry_out, actor, asked, request_key=key)
    assert isinstance(receipt, CareReceipt)
    return receipt


def done(practice: TryPractice, actor: Member, asked: CareRequest, kind: type[T]) -> T:
    """What a request that raises no question has recorded."""
    outcome = record(practice, actor, asked).outcome
    assert isinstance(outcome, kind)
    return outcome


def enrolled(practice: TryPractice, actor: Member, on: date = date(2026, 11, 2), **more: Any) -> Patient:
    """Patient 123, enrolled from chat."""
    return record(practice, actor, Enroll(patient=ref(), on=on, **more)).patients[0]


def episodes(practice: TryPractice, patient: Patient) -> tuple[Episode, ...]:
    """A patient's episodes as stored, oldest first."""

    def read(context: Context) -> tuple[Episode, ...]:
        return context.uow.episodes.of_patient(patient.patient_id)

    return practice.see(read)


def audited(practice: TryPractice) -> list[str]:
    """What people did by the audit trail, oldest first, without the logging of time; the chain holds."""

    def read(context: Context) -> list[str]:
        assert context.uow.chain.findings() == ()
        events = table_of(AuditEventRow)
        return [
            row[0]
            for row in context.uow.audit._wire.rows(
                PreparedStatement(select(events.c.action).order_by(events.c.seq))
            )
            if row[0] not in {"rows.kept", "entries.logged"}
        ]

    return practice.see(read)
