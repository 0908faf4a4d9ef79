"""Tables of Home tabs: who has opened theirs, and which of Slack's newer blocks the workspace refuses."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint
from sqlmodel import Field

from storage.tables.base import TableRow
from storage.types import Instant


class OpenedHomeRow(TableRow, table=True):
    """A member who has opened Home: theirs alone is refreshed. No row, never opened."""

    __tablename__ = "opened_home"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "member_id"], ["member.tenant_id", "member.member_id"]),
    )

    tenant_id: int = Field(primary_key=True)
    member_id: int = Field(primary_key=True)
    #: The last time.
    opened_at: datetime = Field(sa_type=Instant)
    #: The part that they chose to see first; empty where they chose none.
    part: str


class RefusedBlockRow(TableRow, table=True):
    """A kind of block that Slack did not take in one kind of place; asked again after a while."""

    __tablename__ = "refused_block"

    tenant_id: int = Field(primary_key=True, foreign_key="tenant.tenant_id")
    #: `home` or `message`.
    surface: str = Field(primary_key=True)
    #: `data_table`.
    block: str = Field(primary_key=True)
    refused_at: datetime = Field(sa_type=Instant)
