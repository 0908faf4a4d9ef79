"""Tables of what people did, and of every version of the facts that they did it to."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Sequence, text
from sqlmodel import Field

from storage.tables.base import TableRow
from storage.types import Encrypted, EncryptedJson, Instant

#: Numbers acts on PostgreSQL; SQLite's one writer counts on from the last.
ACT_NUMBERS = Sequence("act_number", metadata=TableRow.metadata)


class ActRow(TableRow, table=True):
    """One thing that a person did, with every version that it wrote. Never changed, never deleted."""

    __tablename__ = "act"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "actor"], ["member.tenant_id", "member.member_id"]),
        Index(None, "tenant_id", "actor", "at"),
        # Only what takes back keeps the key of its request here.
        Index(
            "ix_act_request",
            "tenant_id",
            "request_key",
            unique=True,
            sqlite_where=text("request_key IS NOT NULL"),
            postgresql_where=text("request_key IS NOT NULL"),
        ),
    )

    act_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    tenant_id: int
    #: `log`, `discharge`, `undo`.
    kind: str
    actor: int
    at: datetime = Field(sa_type=Instant)
    #: Slack's own id of the delivery that brought it.
    request_key: str | None = None
    #: JSON, `[["entry",17,null,1]]`: kind of fact, its number, the version before and the version after.
    changes: str


class UndoneActRow(TableRow, table=True):
    """An act that was taken back, which happens to each once at most. Never changed, never deleted."""

    __tablename__ = "undone_act"
    __table_args__ = (
        ForeignKeyConstraint(["act_id"], ["act.act_id"]),
        ForeignKeyConstraint(["by_act"], ["act.act_id"]),
        Index(None, "by_act"),
    )

    act_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    tenant_id: int
    #: The act that took it back.
    by_act: int


class FactVersionRow(TableRow, table=True):
    """One version of a fact: as first written, changed, or void. Never changed, never deleted."""

    __tablename__ = "fact_version"
    __table_args__ = (
        CheckConstraint("n > 0", name="counted_from_one"),
        ForeignKeyConstraint(["tenant_id", "patient_id"], ["patient.tenant_id", "patient.patient_id"]),
        ForeignKeyConstraint(["tenant_id", "by"], ["member.tenant_id", "member.member_id"]),
        Index(None, "tenant_id", "patient_id"),
        {"sqlite_with_rowid": False},
    )

    tenant_id: int = Field(primary_key=True)
    #: The name of the table that holds the fact as it stands.
    kind: str = Field(primary_key=True)
    #: Its number in that table.
    fact_id: int = Field(primary_key=True)
    n: int = Field(primary_key=True)
    patient_id: int | None = None
    #: True where it counts no more; `content` is then as it last stood.
    void: bool
    #: Canonical JSON of the columns, spelled as SQLite keeps them; without what may name somebody.
    content: str
    #: What wrote it: the kind of the act, `import`, `upgrade`.
    act: str
    #: Who, and when; none where the program that wrote it did not keep that.
    by: int | None = None
    at: datetime | None = Field(default=None, sa_type=Instant)


class FactVersionTextRow(TableRow, table=True):
    """The words of a version: identified text, to be encrypted and purged by policy. No row, no words."""

    __tablename__ = "fact_version_text"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "kind", "fact_id", "n"],
            [f"fact_version.{name}" for name in ("tenant_id", "kind", "fact_id", "n")],
        ),
        {"sqlite_with_rowid": False},
    )

    tenant_id: int = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    fact_id: int = Field(primary_key=True)
    n: int = Field(primary_key=True)
    #: JSON of the columns that are words.
    words: str = Field(sa_type=EncryptedJson)
    #: Why it was changed or made void.
    reason: str = Field(sa_type=Encrypted)
