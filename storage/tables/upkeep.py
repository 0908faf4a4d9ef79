"""Tables by which operators see how the program does: its nodes, and reads of MRNs that nobody has."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index
from sqlmodel import Field

from storage.tables.base import TableRow
from storage.types import Instant


class NodePulseRow(TableRow, table=True):
    """A running program, and what it last found wrong; written each minute, which shows that the disk takes it."""

    __tablename__ = "node_pulse"

    tenant_id: int = Field(primary_key=True, foreign_key="tenant.tenant_id")
    #: Name of the machine and number of the process.
    node: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Instant)
    #: Version of the program.
    program: str
    #: What stands in its way, by part, as JSON; nothing of patients.
    faults: str


class UnknownReadRow(TableRow, table=True):
    """Somebody asked about an MRN that nobody has; which one is not kept."""

    __tablename__ = "unknown_read"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "member_id"], ["member.tenant_id", "member.member_id"]),
        Index(None, "tenant_id", "member_id", "at"),
    )

    read_id: int | None = Field(default=None, primary_key=True)
    tenant_id: int
    member_id: int
    at: datetime = Field(sa_type=Instant)
