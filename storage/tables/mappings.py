"""The table of mappings that practices saved."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint
from sqlmodel import Field

from storage.tables.base import TableRow
from storage.types import Instant


class ImportMappingRow(TableRow, table=True):
    """Under which headers one system's files have our columns."""

    __tablename__ = "import_mapping"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "saved_by"], ["member.tenant_id", "member.member_id"]),
    )

    tenant_id: int = Field(primary_key=True, foreign_key="tenant.tenant_id")
    #: Casefolded name, by which mappings are told apart.
    name_key: str = Field(primary_key=True)
    name: str
    #: Of file, as the command line names it.
    kind: str
    #: The mapping, as TOML.
    text: str
    #: None for the command line without a name.
    saved_by: int | None = None
    saved_at: datetime = Field(sa_type=Instant)
