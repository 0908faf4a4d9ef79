"""Tables of whom and what claims name: patients' insurance, the practice, practitioners, payers, and files written."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKeyConstraint
from sqlmodel import Field

from billing.months import BillingMonth
from storage.billing_types import Dollars, Month
from storage.tables.base import TableRow
from storage.types import Encrypted, Instant


def _set_by() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["tenant_id", "set_by"], ["member.tenant_id", "member.member_id"])


def _of_person() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["tenant_id", "patient_id"],
        ["claim_person.tenant_id", "claim_person.patient_id"],
        ondelete="CASCADE",
    )


class ClaimPersonRow(TableRow, table=True):
    """What claims alone say of a patient; with them go what belongs to them."""

    __tablename__ = "claim_person"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "patient_id"], ["patient.tenant_id", "patient.patient_id"]),
    )

    tenant_id: int = Field(primary_key=True)
    patient_id: int = Field(primary_key=True)
    #: `F`, `M`, `U`, or empty.
    sex: str = Field(sa_type=Encrypted)
    address_line: str = Field(sa_type=Encrypted)
    address_line_2: str = Field(sa_type=Encrypted)
    city: str = Field(sa_type=Encrypted)
    state: str = Field(sa_type=Encrypted)
    zip: str = Field(sa_type=Encrypted)


class ClaimInsuranceRow(TableRow, table=True):
    """How one payer knows a patient."""

    __tablename__ = "claim_insurance"
    __table_args__ = (_of_person(),)

    tenant_id: int = Field(primary_key=True)
    patient_id: int = Field(primary_key=True)
    #: Casefolded name, by which payers are told apart.
    payer_key: str = Field(primary_key=True)
    payer: str
    member_id: str = Field(sa_type=Encrypted)
    group_number: str = Field(sa_type=Encrypted)
    #: What the patient is to the subscriber, by its code of X12.
    relationship: str
    subscriber_first_name: str = Field(sa_type=Encrypted)
    subscriber_last_name: str = Field(sa_type=Encrypted)


class ClaimAuthorizationRow(TableRow, table=True):
    """A payer's number that allows a patient's care from a day on."""

    __tablename__ = "claim_authorization"
    __table_args__ = (_of_person(),)

    tenant_id: int = Field(primary_key=True)
    patient_id: int = Field(primary_key=True)
    payer_key: str = Field(primary_key=True)
    first_day: date = Field(primary_key=True)
    last_day: date | None = None
    payer: str
    number: str = Field(sa_type=Encrypted)


class PracticeDetailRow(TableRow, table=True):
    """One thing that claims say of the practice: its name, its NPI, its EIN."""

    __tablename__ = "practice_detail"
    __table_args__ = (_set_by(),)

    tenant_id: int = Field(primary_key=True, foreign_key="tenant.tenant_id")
    name: str = Field(primary_key=True)
    value: str = Field(sa_type=Encrypted)
    #: None for the command line without a name.
    set_by: int | None = None
    set_at: datetime = Field(sa_type=Instant)


class PractitionerRow(TableRow, table=True):
    """Somebody whom claims name by NPI."""

    __tablename__ = "practitioner"
    __table_args__ = (_set_by(),)

    tenant_id: int = Field(primary_key=True, foreign_key="tenant.tenant_id")
    npi: str = Field(primary_key=True)
    first_name: str
    last_name: str
    taxonomy: str
    set_by: int | None = None
    set_at: datetime = Field(sa_type=Instant)


class ClaimPayerRow(TableRow, table=True):
    """How claims are addressed to a payer."""

    __tablename__ = "claim_payer"
    __table_args__ = (_set_by(),)

    tenant_id: int = Field(primary_key=True, foreign_key="tenant.tenant_id")
    name_key: str = Field(primary_key=True)
    name: str
    payer_id: str
    filing_code: str
    set_by: int | None = None
    set_at: datetime = Field(sa_type=Instant)


class PayerClaimRow(TableRow, table=True):
    """The number that a payer gave the claim of a patient's month, by which a correction names it."""

    __tablename__ = "payer_claim"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "patient_id"], ["patient.tenant_id", "patient.patient_id"]),
        _set_by(),
    )

    tenant_id: int = Field(primary_key=True)
    month: BillingMonth = Field(primary_key=True, sa_type=Month)
    patient_id: int = Field(primary_key=True)
    number: str = Field(sa_type=Encrypted)
    set_by: int | None = None
    set_at: datetime = Field(sa_type=Instant)


class ClaimFileRow(TableRow, table=True):
    """A file of claims that was written. Never changed, never deleted."""

    __tablename__ = "claim_file"
    __table_args__ = (
        CheckConstraint("number > 0", name="counted_from_one"),
        ForeignKeyConstraint(
            ["tenant_id", "month", "revision"],
            ["month_close.tenant_id", "month_close.month", "month_close.revision"],
        ),
    )

    tenant_id: int = Field(primary_key=True)
    #: Counted from 1; the control number of an 837P.
    number: int = Field(primary_key=True)
    month: BillingMonth = Field(sa_type=Month)
    revision: int
    #: `csv` or `x12`.
    form: str
    claims: int
    lines: int
    total: Decimal = Field(sa_type=Dollars)
    #: Of its bytes, in hexadecimal.
    sha256: str
    is_test: bool
    written_at: datetime = Field(sa_type=Instant)
