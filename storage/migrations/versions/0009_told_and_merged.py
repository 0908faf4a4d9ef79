"""Adds what people are to be told because somebody else did it, and patients who turned out to be one."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _notice()
    _merged()


def _notice() -> None:
    op.create_table(
        "notice",
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("n", sa.Integer(), nullable=True),
        sa.Column("patient_id", sa.Integer(), nullable=True),
        sa.Column("given_to", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "member_id"],
            ["member.tenant_id", "member.member_id"],
            name="fk_notice_tenant_id_member_id",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "by"], ["member.tenant_id", "member.member_id"], name="fk_notice_tenant_id_by"
        ),
        sa.PrimaryKeyConstraint("notice_id", name="pk_notice"),
    )
    op.create_index("ix_notice_tenant_id_at", "notice", ["tenant_id", "at"])


def _merged() -> None:
    # Both databases add a column in place.
    op.add_column("patient", sa.Column("merged_into", sa.Integer(), nullable=True))
    some = sa.text("merged_into IS NOT NULL")
    op.create_index(
        "ix_patient_merged_into",
        "patient",
        ["tenant_id", "merged_into"],
        sqlite_where=some,
        postgresql_where=some,
    )
    op.create_table(
        "patient_merge",
        sa.Column("merge_id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("gone", sa.Integer(), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column],
                [f"{table}.tenant_id", f"{table}.{table}_id"],
                name=f"fk_patient_merge_tenant_id_{column}",
            )
            for column, table in (
                ("gone", "patient"),
                ("kept", "patient"),
                ("by", "member"),
                ("undone_by", "member"),
            )
        ),
        sa.PrimaryKeyConstraint("merge_id", name="pk_patient_merge"),
    )
    op.create_index("ix_patient_merge_tenant_id_gone", "patient_merge", ["tenant_id", "gone"])
    op.create_index("ix_patient_merge_tenant_id_kept", "patient_merge", ["tenant_id", "kept"])
    op.create_table(
        "patient_moved",
        sa.Column("merge_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["merge_id"], ["patient_merge.merge_id"], name="fk_patient_moved_merge_id"),
        sa.PrimaryKeyConstraint("merge_id", "kind", "row_id", name="pk_patient_moved"),
        sqlite_with_rowid=False,
    )
