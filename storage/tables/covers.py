"""The table of caseloads handed over for some days."""

from datetime import date, datetime

from sqlalchemy import ForeignKeyConstraint, Index
from sqlmodel import Field

from storage.tables.base import TableRow
from storage.types import Instant


class CoverRow(TableRow, table=True):
    """Who looks after the patients of whom on some local dates; one taken back stays, and counts for nothing."""

    __tablename__ = "cover"
    __table_args__ = (
        *(
            ForeignKeyConstraint(["tenant_id", column], ["member.tenant_id", "member.member_id"])
            for column in ("away", "covered_by", "recorded_by", "withdrawn_by")
        ),
        Index(None, "tenant_id", "last_day"),
    )

    cover_id: int | None = Field(default=None, primary_key=True)
    tenant_id: int
    away: int
    covered_by: int
    first_day: date
    #: Included.
    last_day: date
    recorded_by: int
    recorded_at: datetime = Field(sa_type=Instant)
    withdrawn_by: int | None = None
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)
