"""Tables of the append-only ledger and of its projection."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Sequence, text
from sqlmodel import Field

from storage.tables.base import TableRow
from storage.types import Encrypted, Instant, Numbers

#: Numbers entries on PostgreSQL; SQLite's one writer counts on from the last.
ENTRY_NUMBERS = Sequence("entry_number", metadata=TableRow.metadata)


class EntryVersionRow(TableRow, table=True):
    """One version of an entry: as first written, corrected, or void. Never changed, never deleted."""

    __tablename__ = "entry_version"
    __table_args__ = (
        CheckConstraint("seconds > 0", name="positive"),
        CheckConstraint("n > 0", name="counted_from_one"),
        CheckConstraint("kind IN ('first', 'correction', 'void')", name="kind"),
        ForeignKeyConstraint(["tenant_id", "patient_id"], ["patient.tenant_id", "patient.patient_id"]),
        ForeignKeyConstraint(["tenant_id", "performed_by"], ["member.tenant_id", "member.member_id"]),
        ForeignKeyConstraint(["tenant_id", "by"], ["member.tenant_id", "member.member_id"]),
        # Each morning asks for planned contacts, which few entries name.
        Index(
            "ix_entry_version_next_contact",
            "tenant_id",
            "patient_id",
            "service_date",
            sqlite_where=text("next_contact IS NOT NULL"),
            postgresql_where=text("next_contact IS NOT NULL"),
        ),
        {"sqlite_with_rowid": False},
    )

    entry_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    n: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    tenant_id: int
    kind: str
    #: Who wrote this version, and when.
    by: int
    at: datetime = Field(sa_type=Instant)
    #: What it came through: `chat`, `import`.
    source: str
    #: The first entry of the batch it was first written in.
    receipt_id: int
    patient_id: int
    seconds: int
    service_date: date
    activity: str
    activity_source: str
    role: str
    performed_by: int
    recorded_by: int
    recorded_at: datetime = Field(sa_type=Instant)
    started_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    participants: tuple[int, ...] = Field(sa_type=Numbers)
    note_digest: str
    #: Local date of `recorded_at` where it was keyed.
    recorded_on: date | None = None
    #: Seconds as first written, where a correction changed them.
    first_seconds: int | None = None
    outcome: str | None = None
    next_contact: date | None = None
    #: The version whose facts this one put back, itself no such version; none for all others.
    restores: int | None = None


class EntryTextRow(TableRow, table=True):
    """The words of a version: identified text, to be encrypted and purged by policy. No row, no words."""

    __tablename__ = "entry_text"
    __table_args__ = (
        ForeignKeyConstraint(["entry_id", "n"], ["entry_version.entry_id", "entry_version.n"]),
        {"sqlite_with_rowid": False},
    )

    entry_id: int = Field(primary_key=True)
    n: int = Field(primary_key=True)
    tenant_id: int
    note: str = Field(sa_type=Encrypted)
    #: Why it was corrected or made void.
    reason: str = Field(sa_type=Encrypted)
    #: The removal by which the words went, under the practice's retention; they say so then.
    removed_by: int | None = None


class CurrentEntryRow(TableRow, table=True):
    """Each entry that stands, as its last version has it; can be rebuilt from the versions."""

    __tablename__ = "current_entry"
    __table_args__ = (
        # Month totals are read from this index alone.
        Index("ix_current_entry_totals", "tenant_id", "service_date", "patient_id", "seconds"),
        Index("ix_current_entry_patient", "tenant_id", "patient_id", "service_date"),
        # A person's day, and its sum, likewise.
        Index("ix_current_entry_member", "tenant_id", "performed_by", "service_date", "seconds"),
        Index("ix_current_entry_recorded", "tenant_id", "recorded_by", "recorded_at"),
        Index(
            "ix_current_entry_identical",
            "tenant_id",
            "recorded_by",
            "patient_id",
            "seconds",
            "note_digest",
            "recorded_at",
        ),
        # Whose clock a joint entry holds beside its own performer's; few entries are joint and by the clock.
        Index(
            "ix_current_entry_joint",
            "tenant_id",
            "service_date",
            "participants",
            sqlite_where=text("started_at IS NOT NULL AND participants != ''"),
            postgresql_where=text("started_at IS NOT NULL AND participants != ''"),
        ),
    )

    entry_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    version: int
    tenant_id: int
    receipt_id: int
    patient_id: int
    seconds: int
    service_date: date
    activity: str
    activity_source: str
    role: str
    performed_by: int
    recorded_by: int
    recorded_at: datetime = Field(sa_type=Instant)
    started_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    corrected_at: datetime | None = Field(default=None, sa_type=Instant)
    participants: tuple[int, ...] = Field(sa_type=Numbers)
    note_digest: str
    recorded_on: date | None = None
    first_seconds: int | None = None
