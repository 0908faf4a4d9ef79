"""The table of what the practice decided, and from which day on."""

from datetime import date, datetime

from sqlalchemy import ForeignKeyConstraint, Index
from sqlmodel import Field

from storage.tables.base import TableRow
from storage.types import Instant


class PracticeSettingRow(TableRow, table=True):
    """One setting of the practice from a day on; one taken back stays, and counts nowhere."""

    __tablename__ = "practice_setting"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"]),
        ForeignKeyConstraint(["tenant_id", "set_by"], ["member.tenant_id", "member.member_id"]),
        ForeignKeyConstraint(["tenant_id", "withdrawn_by"], ["member.tenant_id", "member.member_id"]),
        Index(None, "tenant_id"),
    )

    setting_id: int | None = Field(default=None, primary_key=True)
    tenant_id: int
    name: str
    value: str
    from_day: date
    #: None for the command line without a name.
    set_by: int | None = None
    set_at: datetime = Field(sa_type=Instant)
    withdrawn_by: int | None = None
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)
