"""Numbers imports and keeps what each of them changed, so that one can be taken back whole."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_KEY = ("tenant_id", "number")


def upgrade() -> None:
    # Both databases add a column in place.
    op.add_column("patient", sa.Column("taken_back", sa.Integer(), nullable=True))
    op.create_index(
        "ix_patient_taken_back",
        "patient",
        ["tenant_id", "taken_back"],
        sqlite_where=sa.text("taken_back IS NOT NULL"),
        postgresql_where=sa.text("taken_back IS NOT NULL"),
    )
    op.add_column("member", sa.Column("taken_back", sa.Integer(), nullable=True))
    op.add_column("other_service", sa.Column("withdrawn_by", sa.Integer(), nullable=True))
    op.add_column("other_service", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "file_import",
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _KEY),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("size", "rows", "added", "changed", "unchanged")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name="fk_file_import_tenant_id"),
        sa.PrimaryKeyConstraint(*_KEY, name="pk_file_import"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "import_change",
        *(sa.Column(name, sa.Integer(), nullable=False) for name in (*_KEY, "place")),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("before", sa.Integer(), nullable=True),
        sa.Column("after", sa.Integer(), nullable=True),
        _import("import_change"),
        sa.PrimaryKeyConstraint(*_KEY, "place", name="pk_import_change"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "import_change_text",
        *(sa.Column(name, sa.Integer(), nullable=False) for name in (*_KEY, "place")),
        sa.Column("stood", sa.String(), nullable=False),
        sa.Column("left", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            [*_KEY, "place"],
            [f"import_change.{name}" for name in (*_KEY, "place")],
            name="fk_import_change_text_tenant_id_number_place",
        ),
        sa.PrimaryKeyConstraint(*_KEY, "place", name="pk_import_change_text"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "undone_import",
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _KEY),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        _import("undone_import"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "by"],
            ["member.tenant_id", "member.member_id"],
            name="fk_undone_import_tenant_id_by",
        ),
        sa.PrimaryKeyConstraint(*_KEY, name="pk_undone_import"),
        sqlite_with_rowid=False,
    )


def _import(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        _KEY, [f"file_import.{name}" for name in _KEY], name=f"fk_{table}_tenant_id_number"
    )
