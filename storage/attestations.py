"""Stores attestations of single patient-months, and services billed beside Collaborative Care."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import bindparam, func, select, update

from billing.clinical import Attestation, AttestationKind, OtherService
from billing.months import BillingMonth
from storage import damage
from storage.audit import Audit
from storage.compiled import Values
from storage.expressions import among
from storage.facts import ATTESTATION_FACTS, Facts
from storage.hashes import ATTESTATIONS, OTHER_SERVICES
from storage.import_contents import SERVICE_CONTENT
from storage.import_log import ImportLog
from storage.patient_facts import by_patient
from storage.statements import PreparedStatement, Wire, inserting
from storage.tables import AttestationRow, OtherServiceRow, PatientRow, table_of

_ATTESTATION = table_of(AttestationRow)
_PATIENT = table_of(PatientRow)
#: Those who were merged into the patients asked about: what cannot be moved is read with the rest.
_MERGED = select(_PATIENT.c.patient_id).where(
    _PATIENT.c.tenant_id == bindparam("tenant_id"), among(_PATIENT.c.merged_into, "ids")
)
#: The same with the patients themselves: in one question, since an OR of two would be answered from a whole tenant.
_THEY_AND_MERGED = select(_PATIENT.c.patient_id).where(
    _PATIENT.c.tenant_id == bindparam("tenant_id"),
    among(_PATIENT.c.patient_id, "ids") | among(_PATIENT.c.merged_into, "ids"),
)
_ATTEST = PreparedStatement(
    inserting(AttestationRow, without=("attestation_id", "withdrawn_by", "withdrawn_at")).returning(
        *ATTESTATIONS.raw()
    )
)
_ATTESTED = PreparedStatement(
    select(
        func.coalesce(_PATIENT.c.merged_into, _PATIENT.c.patient_id).label("whose"),
        _ATTESTATION.c.kind,
        _ATTESTATION.c.attested_by,
        _ATTESTATION.c.attested_at,
    )
    .join_from(_ATTESTATION, _PATIENT, _ATTESTATION.c.patient_id == _PATIENT.c.patient_id)
    .where(
        _ATTESTATION.c.tenant_id == bindparam("tenant_id"),
        _ATTESTATION.c.withdrawn_at.is_(None),
        _ATTESTATION.c.month == bindparam("month"),
        among(_ATTESTATION.c.patient_id, "ids") | _ATTESTATION.c.patient_id.in_(_MERGED),
    )
    .order_by("whose", _ATTESTATION.c.attestation_id)
)
_SERVICE = table_of(OtherServiceRow)
_ADD_SERVICE = PreparedStatement(inserting(OtherServiceRow, without=("withdrawn_by", "withdrawn_at")))
_HAS_SERVICE = PreparedStatement(
    select(_SERVICE.c.performed_by, _SERVICE.c.withdrawn_at).where(
        _SERVICE.c.tenant_id == bindparam("tenant_id"),
        _SERVICE.c.patient_id == bindparam("patient_id"),
        _SERVICE.c.service_on == bindparam("service_on"),
        _SERVICE.c.code == bindparam("code"),
    )
)
_NAME_PERFORMER = PreparedStatement(
    update(_SERVICE)
    .where(
        _SERVICE.c.tenant_id == bindparam("tenant"),
        _SERVICE.c.patient_id == bindparam("patient"),
        _SERVICE.c.service_on == bindparam("day"),
        _SERVICE.c.code == bindparam("what"),
    )
    .values(performed_by=bindparam("performed_by"), withdrawn_by=None, withdrawn_at=None)
)
_SERVICES = PreparedStatement(
    select(
        func.coalesce(_PATIENT.c.merged_into, _PATIENT.c.patient_id).label("whose"),
        _SERVICE.c.code,
        _SERVICE.c.service_on,
        # Of two patients merged, the claim is one; what names its performer is said.
        func.max(_SERVICE.c.performed_by),
    )
    .join_from(_SERVICE, _PATIENT, _SERVICE.c.patient_id == _PATIENT.c.patient_id)
    .where(
        _SERVICE.c.tenant_id == bindparam("tenant_id"),
        _SERVICE.c.withdrawn_at.is_(None),
        _SERVICE.c.patient_id.in_(_THEY_AND_MERGED),
        _SERVICE.c.service_on.between(bindparam("first_day"), bindparam("last_day")),
    )
    .group_by("whose", _SERVICE.c.code, _SERVICE.c.service_on)
    .order_by("whose", _SERVICE.c.service_on, _SERVICE.c.code)
)


class Attestations:
    """What people of one tenant vouched for. Nothing is deleted: what was taken back is withdrawn."""

    def __init__(self, wire: Wire, tenant_id: int, audit: Audit, facts: Facts) -> None:
        self._wire = wire
        self._tenant_id = tenant_id
        self._audit = audit
        self._facts = facts

    def add(self, patient_id: int, month: BillingMonth, attestation: Attestation) -> None:
        """Keep somebody's word for a patient's month."""
        stored = self._wire.one(
            _ATTEST,
            tenant_id=self._tenant_id,
            patient_id=patient_id,
            month=month,
            kind=attestation.kind.value,
            attested_by=attestation.attested_by,
            attested_at=attestation.attested_at,
        )
        row = ATTESTATIONS.named(stored)
        self._audit.keep_hash(ATTESTATIONS, row)
        self._facts.added(ATTESTATION_FACTS, row)

    def of_patients(self, ids: Collection[int], month: BillingMonth) -> dict[int, tuple[Attestation, ...]]:
        """What was attested for a month, oldest first, by patient; those without any are left out."""
        rows = self._wire.rows(_ATTESTED, tenant_id=self._tenant_id, ids=ids, month=month)
        return by_patient(damage.each(_attestation, rows, "attestation"))


def _attestation(row: Values) -> tuple[int, Attestation]:
    patient_id, kind, by, at = row
    return patient_id, Attestation(kind=AttestationKind(kind), attested_by=by, attested_at=at)


class OtherServices:
    """Services of one tenant's patients billed beside Collaborative Care."""

    def __init__(self, wire: Wire, tenant_id: int, audit: Audit, import_log: ImportLog) -> None:
        self._wire = wire
        self._tenant_id = tenant_id
        self._audit = audit
        self._import_log = import_log

    def add(self, patient_id: int, service: OtherService) -> None:
        """Keep a service; the same code on the same day again changes nothing but who gave it, where that is said."""
        key = {"patient_id": patient_id, "service_on": service.service_on, "code": service.code}
        stored = self._wire.row(_HAS_SERVICE, tenant_id=self._tenant_id, **key)
        who = service.performed_by
        self._import_log.touches(SERVICE_CONTENT, *key.values())
        if stored is None:
            self._wire.run(_ADD_SERVICE, tenant_id=self._tenant_id, **key, performed_by=who)
        elif stored[1] is None and (who is None or stored[0] == who):
            return
        else:
            self._wire.run(
                _NAME_PERFORMER,
                tenant=self._tenant_id,
                patient=patient_id,
                day=service.service_on,
                what=service.code,
                performed_by=who,
            )
        self._audit.keep_hash(OTHER_SERVICES, {"tenant_id": self._tenant_id, **key, "performed_by": who})

    def of_patients(
        self, ids: Collection[int], first_day: date, last_day: date
    ) -> dict[int, tuple[OtherService, ...]]:
        """Services on local dates from `first_day` to `last_day`, both included, in order, by patient."""
        rows = self._wire.rows(
            _SERVICES, tenant_id=self._tenant_id, ids=ids, first_day=first_day, last_day=last_day
        )
        return by_patient(
            (patient, OtherService(code=code, service_on=on, performed_by=who))
            for patient, code, on, who in rows
        )
