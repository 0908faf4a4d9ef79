"""Tables of how words are kept: under which keys they are encrypted, whose may not be removed, and what was."""

from datetime import date, datetime

from sqlalchemy import ForeignKeyConstraint, Index
from sqlmodel import Field

from storage.tables.base import TableRow
from storage.types import Encrypted, Instant


class DataKeyRow(TableRow, table=True):
    """A key under which words of this database are, or may be, encrypted; by its id, which tells nothing of it."""

    __tablename__ = "data_key"

    tenant_id: int = Field(primary_key=True, foreign_key="tenant.tenant_id")
    key_id: str = Field(primary_key=True)
    first_used_at: datetime = Field(sa_type=Instant)
    #: Since when it is known to be lost, with whatever is still under it.
    lost_at: datetime | None = Field(default=None, sa_type=Instant)


class NoteHoldRow(TableRow, table=True):
    """A patient whose notes are not removed, whatever their age, until it is released."""

    __tablename__ = "note_hold"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "patient_id"], ["patient.tenant_id", "patient.patient_id"]),
        ForeignKeyConstraint(["tenant_id", "held_by"], ["member.tenant_id", "member.member_id"]),
        ForeignKeyConstraint(["tenant_id", "released_by"], ["member.tenant_id", "member.member_id"]),
        Index(None, "tenant_id", "patient_id"),
    )

    hold_id: int | None = Field(default=None, primary_key=True)
    tenant_id: int
    patient_id: int
    reason: str = Field(sa_type=Encrypted)
    held_by: int
    held_at: datetime = Field(sa_type=Instant)
    released_by: int | None = None
    released_at: datetime | None = Field(default=None, sa_type=Instant)


class NoteRemovalRow(TableRow, table=True):
    """A removal of old notes: told to administrators, then done or given up."""

    __tablename__ = "note_removal"

    removal_id: int | None = Field(default=None, primary_key=True)
    tenant_id: int = Field(foreign_key="tenant.tenant_id")
    #: For how many years notes were to be kept, and the first day of those that are kept.
    years: int
    before: date
    announced_at: datetime = Field(sa_type=Instant)
    #: The first local day on which it may be done.
    due_on: date
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    #: How many were removed; None for one that was given up.
    notes: int | None = None
