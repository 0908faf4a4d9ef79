"""The table of what became of lines whose claims went to payers."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint
from sqlmodel import Field

from billing.months import BillingMonth
from storage.billing_types import Month
from storage.tables.base import TableRow
from storage.types import Instant


class ClaimEventRow(TableRow, table=True):
    """One thing said of a line's claim: submitted, identified as overpaid, returned. Never changed, never deleted."""

    __tablename__ = "claim_event"
    __table_args__ = (
        CheckConstraint("n > 0", name="counted_from_one"),
        ForeignKeyConstraint(
            ["tenant_id", "month", "revision"],
            ["month_close.tenant_id", "month_close.month", "month_close.revision"],
        ),
        ForeignKeyConstraint(["tenant_id", "patient_id"], ["patient.tenant_id", "patient.patient_id"]),
        ForeignKeyConstraint(["tenant_id", "by"], ["member.tenant_id", "member.member_id"]),
    )

    tenant_id: int = Field(primary_key=True)
    month: BillingMonth = Field(primary_key=True, sa_type=Month)
    patient_id: int = Field(primary_key=True)
    #: Counts what was said of the line, from 1.
    n: int = Field(primary_key=True)
    kind: str
    #: Of the closed month that it is about.
    revision: int
    #: `99493 99494x2`: what is claimed from then on.
    claimed: str
    day: date
    by: int
    at: datetime = Field(sa_type=Instant)
