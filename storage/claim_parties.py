"""Stores whom claims name beside patients, the numbers that payers gave claims, and the files that were written."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import bindparam, delete, func, select

from billing.claim_parties import ClaimPayer, Practitioner
from billing.months import BillingMonth
from billing.payer_names import payer_key
from storage.audit import Audit
from storage.compiled import Parameters
from storage.expressions import among
from storage.hashes import CLAIM_FILES, CLAIM_PAYERS, PAYER_CLAIMS, PRACTICE_DETAILS, PRACTITIONERS
from storage.statements import PreparedStatement, Wire, inserting
from storage.tables import (
    ClaimFileRow,
    ClaimPayerRow,
    PatientRow,
    PayerClaimRow,
    PracticeDetailRow,
    PractitionerRow,
    table_of,
)

_DETAIL = table_of(PracticeDetailRow)
_DETAILS = PreparedStatement(
    select(_DETAIL.c.name, _DETAIL.c.value)
    .where(_DETAIL.c.tenant_id == bindparam("tenant_id"))
    .order_by(_DETAIL.c.name)
)
_ADD_DETAIL = PreparedStatement(inserting(PracticeDetailRow))
_DROP_DETAIL = PreparedStatement(
    delete(_DETAIL).where(_DETAIL.c.tenant_id == bindparam("tenant_id"), _DETAIL.c.name == bindparam("name"))
)
_PRACTITIONER = table_of(PractitionerRow)
_PRACTITIONERS = PreparedStatement(
    select(
        *(_PRACTITIONER.c[name] for name in ("npi", "first_name", "last_name", "taxonomy")),
    )
    .where(_PRACTITIONER.c.tenant_id == bindparam("tenant_id"))
    .order_by(_PRACTITIONER.c.npi)
)
_ADD_PRACTITIONER = PreparedStatement(inserting(PractitionerRow))
_DROP_PRACTITIONER = PreparedStatement(
    delete(_PRACTITIONER).where(
        _PRACTITIONER.c.tenant_id == bindparam("tenant_id"), _PRACTITIONER.c.npi == bindparam("npi")
    )
)
_PAYER = table_of(ClaimPayerRow)
_PAYERS = PreparedStatement(
    select(_PAYER.c.name, _PAYER.c.payer_id, _PAYER.c.filing_code)
    .where(_PAYER.c.tenant_id == bindparam("tenant_id"))
    .order_by(_PAYER.c.name_key)
)
_ADD_PAYER = PreparedStatement(inserting(ClaimPayerRow))
_DROP_PAYER = PreparedStatement(
    delete(_PAYER).where(
        _PAYER.c.tenant_id == bindparam("tenant_id"), _PAYER.c.name_key == bindparam("name_key")
    )
)
_CLAIM = table_of(PayerClaimRow)
_PATIENT = table_of(PatientRow)
_MERGED = select(_PATIENT.c.patient_id).where(
    _PATIENT.c.tenant_id == bindparam("tenant_id"), among(_PATIENT.c.merged_into, "ids")
)
# Of a patient merged into another, the number is the other's; the other's own comes last.
_NUMBERS = PreparedStatement(
    select(func.coalesce(_PATIENT.c.merged_into, _PATIENT.c.patient_id).label("whose"), _CLAIM.c.number)
    .join_from(_CLAIM, _PATIENT, _CLAIM.c.patient_id == _PATIENT.c.patient_id)
    .where(
        _CLAIM.c.tenant_id == bindparam("tenant_id"),
        _CLAIM.c.month == bindparam("month"),
        among(_CLAIM.c.patient_id, "ids") | _CLAIM.c.patient_id.in_(_MERGED),
    )
    .order_by("whose", _PATIENT.c.merged_into.is_(None))
)
_ADD_NUMBER = PreparedStatement(inserting(PayerClaimRow))
_DROP_NUMBER = PreparedStatement(
    delete(_CLAIM).where(
        _CLAIM.c.tenant_id == bindparam("tenant_id"),
        _CLAIM.c.month == bindparam("month"),
        _CLAIM.c.patient_id == bindparam("patient_id"),
    )
)
_FILE = table_of(ClaimFileRow)
_NEXT_FILE = PreparedStatement(
    select(func.coalesce(func.max(_FILE.c.number), 0) + 1).where(_FILE.c.tenant_id == bindparam("tenant_id"))
)
_ADD_FILE = PreparedStatement(inserting(ClaimFileRow).returning(*CLAIM_FILES.raw()))


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFile:
    """A file of claims that was written."""

    #: Counted from 1; the control number of an 837P.
    number: int
    month: BillingMonth
    revision: int
    form: str
    claims: int
    lines: int
    #: Dollars charged by all of its claims.
    total: Decimal
    #: Of its bytes, in hexadecimal.
    sha256: str
    is_test: bool
    #: Aware instant (UTC).
    written_at: datetime


class ClaimParties:
    """Whom one tenant's claims name beside patients."""

    def __init__(self, wire: Wire, tenant_id: int, audit: Audit) -> None:
        self._wire = wire
        self._tenant_id = tenant_id
        self._audit = audit

    def practice(self) -> dict[str, str]:
        """What is on file of the practice, by name."""
        return dict(self._wire.rows(_DETAILS, tenant_id=self._tenant_id))

    def set_practice(self, name: str, value: str, *, by: int | None, at: datetime) -> None:
        """Keep one thing of the practice in place of what it was; without a value it goes."""
        self._wire.run(_DROP_DETAIL, tenant_id=self._tenant_id, name=name)
        if value:
            self._wire.run(
                _ADD_DETAIL, tenant_id=self._tenant_id, name=name, value=value, set_by=by, set_at=at
            )
        self._audit.touched(PRACTICE_DETAILS, name)

    def practitioners(self) -> dict[str, Practitioner]:
        """Everybody whom claims name, by NPI."""
        rows = self._wire.rows(_PRACTITIONERS, tenant_id=self._tenant_id)
        return {
            npi: Practitioner(npi=npi, first_name=first, last_name=last, taxonomy=taxonomy)
            for npi, first, last, taxonomy in rows
        }

    def put_practitioner(self, one: Practitioner, *, by: int | None, at: datetime) -> None:
        """Keep who has an NPI."""
        self._wire.run(_DROP_PRACTITIONER, tenant_id=self._tenant_id, npi=one.npi)
        self._wire.run(
            _ADD_PRACTITIONER,
            tenant_id=self._tenant_id,
            npi=one.npi,
            first_name=one.first_name,
            last_name=one.last_name,
            taxonomy=one.taxonomy,
            set_by=by,
            set_at=at,
        )
        self._audit.touched(PRACTITIONERS, one.npi)

    def payers(self) -> tuple[ClaimPayer, ...]:
        """How claims are addressed to each payer of whom that is on file, by name."""
        rows = self._wire.rows(_PAYERS, tenant_id=self._tenant_id)
        return tuple(ClaimPayer(name=name, payer_id=own, filing_code=code) for name, own, code in rows)

    def put_payer(self, payer: ClaimPayer, *, by: int | None, at: datetime) -> None:
        """Keep how claims are addressed to a payer."""
        key: Parameters = {"tenant_id": self._tenant_id, "name_key": payer_key(payer.name)}
        self._wire.run(_DROP_PAYER, **key)
        self._wire.run(
            _ADD_PAYER,
            **key,
            name=payer.name,
            payer_id=payer.payer_id,
            filing_code=payer.filing_code,
            set_by=by,
            set_at=at,
        )
        self._audit.touched(CLAIM_PAYERS, key["name_key"])

    def payer_numbers(self, month: BillingMonth, ids: Collection[int]) -> dict[int, str]:
        """The numbers that payers gave the claims of some patients' month, by patient."""
        return dict(self._wire.rows(_NUMBERS, tenant_id=self._tenant_id, month=month, ids=ids))

    def put_payer_number(
        self, month: BillingMonth, patient_id: int, number: str, *, by: int | None, at: datetime
    ) -> None:
        """Keep the number that a payer gave a claim; without one it goes."""
        key: Parameters = {"tenant_id": self._tenant_id, "month": month, "patient_id": patient_id}
        self._wire.run(_DROP_NUMBER, **key)
        if number:
            self._wire.run(_ADD_NUMBER, **key, number=number, set_by=by, set_at=at)
        self._audit.touched(PAYER_CLAIMS, month, patient_id)


class ClaimFiles:
    """The files of claims that one tenant wrote."""

    def __init__(self, wire: Wire, tenant_id: int, audit: Audit) -> None:
        self._wire = wire
        self._tenant_id = tenant_id
        self._audit = audit

    def next_number(self) -> int:
        """The number of the next file."""
        (number,) = self._wire.one(_NEXT_FILE, tenant_id=self._tenant_id)
        return int(number)

    def add(self, file: ClaimFile) -> None:
        """Keep that a file was written.

        Raises:
            AlreadyExists: when somebody else wrote one under its number in the meantime.
        """
        given = {name: getattr(file, name) for name in ClaimFile.__slots__}
        row = self._wire.one(_ADD_FILE, tenant_id=self._tenant_id, **given)
        # As it lies in the table: an amount is kept in cents.
        self._audit.keep_hash(CLAIM_FILES, CLAIM_FILES.named(row))
