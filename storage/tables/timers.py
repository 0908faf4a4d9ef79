"""The table of timers."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, text
from sqlmodel import Field

from storage.tables.base import TableRow
from storage.types import Encrypted, Instant

_RUNNING = text("ended_at IS NULL AND withdrawn_at IS NULL")


class TimerRow(TableRow, table=True):
    """Work that is measured while it goes on. Counts nowhere: what is logged of it is an entry of the ledger."""

    __tablename__ = "timer"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "member_id"], ["member.tenant_id", "member.member_id"]),
        ForeignKeyConstraint(["tenant_id", "patient_id"], ["patient.tenant_id", "patient.patient_id"]),
        # One runs for each person, whichever of several programs starts it.
        Index(
            "ix_timer_running",
            "tenant_id",
            "member_id",
            unique=True,
            sqlite_where=_RUNNING,
            postgresql_where=_RUNNING,
        ),
        Index(None, "tenant_id", "member_id", "ended_at"),
    )

    timer_id: int | None = Field(default=None, primary_key=True)
    tenant_id: int
    member_id: int
    #: None while nobody has said whose it is.
    patient_id: int | None = None
    #: When the work began, and when that was said.
    started_at: datetime = Field(sa_type=Instant)
    begun_at: datetime = Field(sa_type=Instant)
    #: Identified text.
    note: str = Field(sa_type=Encrypted)
    #: None while it runs.
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    #: `logged`, `canceled`.
    outcome: str | None = None
    #: The first of the entries that were logged of it.
    receipt_id: int | None = None
    #: Who took its start back, and when; it never ran then.
    withdrawn_by: int | None = None
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)
