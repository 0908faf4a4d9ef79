"""What all tables share: one metadata, and a naming convention for constraints."""

from sqlalchemy import MetaData, Table
from sqlmodel import SQLModel


class TableRow(SQLModel):
    """Base of every table; rows never leave `storage`."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def table_of(row: type[TableRow]) -> Table:
    """The Core table of a row class, for statements on the hot path."""
    return TableRow.metadata.tables[str(row.__tablename__)]
