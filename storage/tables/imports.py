"""Tables of the files that were imported, of what each of them changed, and of those taken back."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint
from sqlmodel import Field

from storage.tables.base import TableRow
from storage.types import EncryptedJson, Instant


class FileImportRow(TableRow, table=True):
    """A file whose content was stored: what it was, never what it was called. Never changed, never deleted."""

    __tablename__ = "file_import"
    __table_args__ = ({"sqlite_with_rowid": False},)

    tenant_id: int = Field(primary_key=True, foreign_key="tenant.tenant_id")
    #: Counted from 1 for each tenant.
    number: int = Field(primary_key=True)
    #: What the file held: `patients`, `entries`.
    kind: str
    at: datetime = Field(sa_type=Instant)
    #: Of the file's bytes: their SHA-256 in hexadecimal, and how many there are.
    sha256: str
    size: int
    rows: int
    added: int
    changed: int
    unchanged: int


class ImportChangeRow(TableRow, table=True):
    """One thing that an import added or changed. Never changed, never deleted."""

    __tablename__ = "import_change"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "number"], ["file_import.tenant_id", "file_import.number"]),
        {"sqlite_with_rowid": False},
    )

    tenant_id: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    #: Counted from 1, in the order of writing.
    place: int = Field(primary_key=True)
    #: A kind of fact that has versions, of rows that have none, or `receipt`: entries.
    kind: str
    #: Its number there; of rows, their key as JSON.
    key: str
    #: Of a fact, its version before (none where it is new) and after; of a receipt, the last entry.
    before: int | None = None
    after: int | None = None


class ImportChangeTextRow(TableRow, table=True):
    """Rows as they stood before an import changed them, and as it left them: identified text."""

    __tablename__ = "import_change_text"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "number", "place"],
            [f"import_change.{name}" for name in ("tenant_id", "number", "place")],
        ),
        {"sqlite_with_rowid": False},
    )

    tenant_id: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    place: int = Field(primary_key=True)
    #: JSON of the rows, table by table; empty where there were none.
    stood: str = Field(sa_type=EncryptedJson)
    left: str = Field(sa_type=EncryptedJson)


class UndoneImportRow(TableRow, table=True):
    """An import that was taken back, which happens to each once at most. Never changed, never deleted."""

    __tablename__ = "undone_import"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "number"], ["file_import.tenant_id", "file_import.number"]),
        ForeignKeyConstraint(["tenant_id", "by"], ["member.tenant_id", "member.member_id"]),
        {"sqlite_with_rowid": False},
    )

    tenant_id: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    at: datetime = Field(sa_type=Instant)
    #: Who took it back; the member who stands for imports where nobody was named.
    by: int
