"""Tables of payers, fees, closed months, and the keys of imported entries."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKeyConstraint
from sqlmodel import Field

from billing.months import BillingMonth
from storage.billing_types import Dollars, Month
from storage.tables.base import TableRow
from storage.types import Encrypted, Instant, Lines


class PayerNameRow(TableRow, table=True):
    """A payer as the practice imported it."""

    __tablename__ = "payer_name"

    tenant_id: int = Field(primary_key=True, foreign_key="tenant.tenant_id")
    #: Casefolded name, by which payers are told apart.
    name_key: str = Field(primary_key=True)
    name: str
    #: Other names that it goes by.
    aliases: tuple[str, ...] = Field(sa_type=Lines)


class PayerRuleRow(TableRow, table=True):
    """What a payer says in one field between two days."""

    __tablename__ = "payer_rule"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "name_key"], ["payer_name.tenant_id", "payer_name.name_key"], ondelete="CASCADE"
        ),
    )

    tenant_id: int = Field(primary_key=True)
    name_key: str = Field(primary_key=True)
    #: Counted from 1, as imported.
    place: int = Field(primary_key=True)
    #: As files name it; empty where the payer is on file without a rule of its own.
    field: str
    #: As files have it.
    value: str
    first_day: date
    last_day: date | None = None
    source: str
    verified_on: date | None = None


class FeeScheduleRow(TableRow, table=True):
    """A practice's own rates under one name."""

    __tablename__ = "fee_schedule"

    tenant_id: int = Field(primary_key=True, foreign_key="tenant.tenant_id")
    #: Casefolded name, by which schedules are told apart.
    name_key: str = Field(primary_key=True)
    name: str
    source: str


class FeeRateRow(TableRow, table=True):
    """What one unit of a code pays between two days."""

    __tablename__ = "fee_rate"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "name_key"], ["fee_schedule.tenant_id", "fee_schedule.name_key"], ondelete="CASCADE"
        ),
    )

    tenant_id: int = Field(primary_key=True)
    name_key: str = Field(primary_key=True)
    #: Where the rate stands in its schedule, from 1.
    place: int = Field(primary_key=True)
    code: str
    first_day: date
    last_day: date | None = None
    amount: Decimal = Field(sa_type=Dollars)
    basis: str
    confidence: str
    #: `facility` or `nonfacility`; empty where the rate holds in both.
    site: str | None = None
    #: `other` or `qualifying_apm`; empty where the rate holds for both.
    conversion: str | None = None


class MonthCloseRow(TableRow, table=True):
    """One revision of a closed month. Never changed, never deleted."""

    __tablename__ = "month_close"
    __table_args__ = (
        CheckConstraint("revision > 0", name="counted_from_one"),
        ForeignKeyConstraint(["tenant_id", "closed_by"], ["member.tenant_id", "member.member_id"]),
    )

    tenant_id: int = Field(primary_key=True)
    month: BillingMonth = Field(primary_key=True, sa_type=Month)
    revision: int = Field(primary_key=True)
    closed_by: int
    closed_at: datetime = Field(sa_type=Instant)
    attestation: str


def _close() -> ForeignKeyConstraint:
    key = ("tenant_id", "month", "revision")
    return ForeignKeyConstraint(key, [f"month_close.{name}" for name in key])


class MonthCloseTextRow(TableRow, table=True):
    """Why a month was closed again: may name patients, to be purged by policy. No row, no words."""

    __tablename__ = "month_close_text"
    __table_args__ = (_close(),)

    tenant_id: int = Field(primary_key=True)
    month: BillingMonth = Field(primary_key=True, sa_type=Month)
    revision: int = Field(primary_key=True)
    reason: str = Field(sa_type=Encrypted)


class MonthReopeningRow(TableRow, table=True):
    """A revision opened again, which happens to each once at most. Never changed, never deleted."""

    __tablename__ = "month_reopening"
    __table_args__ = (
        _close(),
        ForeignKeyConstraint(["tenant_id", "reopened_by"], ["member.tenant_id", "member.member_id"]),
    )

    tenant_id: int = Field(primary_key=True)
    month: BillingMonth = Field(primary_key=True, sa_type=Month)
    revision: int = Field(primary_key=True)
    reopened_by: int
    reopened_at: datetime = Field(sa_type=Instant)


class MonthReopeningTextRow(TableRow, table=True):
    """Why a month was opened again: may name patients, to be purged by policy. No row, no words."""

    __tablename__ = "month_reopening_text"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "month", "revision"],
            ["month_reopening.tenant_id", "month_reopening.month", "month_reopening.revision"],
        ),
    )

    tenant_id: int = Field(primary_key=True)
    month: BillingMonth = Field(primary_key=True, sa_type=Month)
    revision: int = Field(primary_key=True)
    reason: str = Field(sa_type=Encrypted)


class MonthSubmissionRow(TableRow, table=True):
    """A revision whose claims went to payers. Never changed, never deleted."""

    __tablename__ = "month_submission"
    __table_args__ = (
        _close(),
        ForeignKeyConstraint(["tenant_id", "submitted_by"], ["member.tenant_id", "member.member_id"]),
    )

    tenant_id: int = Field(primary_key=True)
    month: BillingMonth = Field(primary_key=True, sa_type=Month)
    revision: int = Field(primary_key=True)
    submitted_by: int
    submitted_at: datetime = Field(sa_type=Instant)


class FrozenLineRow(TableRow, table=True):
    """One patient's month as it was closed: facts, rules and result. Never changed, never deleted."""

    __tablename__ = "frozen_line"
    __table_args__ = (
        _close(),
        ForeignKeyConstraint(["tenant_id", "patient_id"], ["patient.tenant_id", "patient.patient_id"]),
    )

    tenant_id: int = Field(primary_key=True)
    month: BillingMonth = Field(primary_key=True, sa_type=Month)
    revision: int = Field(primary_key=True)
    patient_id: int = Field(primary_key=True)
    line: bytes


class ImportedEntryRow(TableRow, table=True):
    """The key that an entry had in the file it came from, so that importing it again does nothing."""

    __tablename__ = "imported_entry"
    __table_args__ = ({"sqlite_with_rowid": False},)

    tenant_id: int = Field(primary_key=True, foreign_key="tenant.tenant_id")
    #: As it stood in the file, which may say more than it should: kept out of logs like a name.
    entry_key: str = Field(primary_key=True)
    entry_id: int
