"""Adds whom and what claims name: insurances, the practice, practitioners, payers; and the files of claims written."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def _tenant(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name=f"fk_{table}_tenant_id")


def _set(table: str) -> list[SchemaItem]:
    return [
        sa.Column("set_by", sa.Integer(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "set_by"],
            ["member.tenant_id", "member.member_id"],
            name=f"fk_{table}_tenant_id_set_by",
        ),
    ]


def _of(table: str, whose: str, ondelete: str | None = None) -> list[SchemaItem]:
    return [
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "patient_id"],
            [f"{whose}.tenant_id", f"{whose}.patient_id"],
            name=f"fk_{table}_tenant_id_patient_id",
            ondelete=ondelete,
        ),
    ]


def _key(table: str, *names: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("tenant_id", *names, name=f"pk_{table}")


def upgrade() -> None:
    op.create_table(
        "claim_person",
        *_of("claim_person", "patient"),
        *_text("sex", "address_line", "address_line_2", "city", "state", "zip"),
        _key("claim_person", "patient_id"),
    )
    op.create_table(
        "claim_insurance",
        *_of("claim_insurance", "claim_person", "CASCADE"),
        *_text("payer_key", "payer", "member_id", "group_number", "relationship"),
        *_text("subscriber_first_name", "subscriber_last_name"),
        _key("claim_insurance", "patient_id", "payer_key"),
    )
    op.create_table(
        "claim_authorization",
        *_of("claim_authorization", "claim_person", "CASCADE"),
        *_text("payer_key", "payer", "number"),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        _key("claim_authorization", "patient_id", "payer_key", "first_day"),
    )
    for table, key, *names in (
        ("practice_detail", "name", "value"),
        ("practitioner", "npi", "first_name", "last_name", "taxonomy"),
        ("claim_payer", "name_key", "name", "payer_id", "filing_code"),
    ):
        op.create_table(
            table,
            sa.Column("tenant_id", sa.Integer(), nullable=False),
            *_text(key, *names),
            *_set(table),
            _tenant(table),
            _key(table, key),
        )
    op.create_table(
        "payer_claim",
        *_of("payer_claim", "patient"),
        sa.Column("month", sa.Date(), nullable=False),
        *_text("number"),
        *_set("payer_claim"),
        _key("payer_claim", "month", "patient_id"),
    )
    op.create_table(
        "claim_file",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        *_text("form", "sha256"),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("claims", "lines", "total")),
        sa.Column("is_test", sa.Boolean(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "month", "revision"],
            ["month_close.tenant_id", "month_close.month", "month_close.revision"],
            name="fk_claim_file_tenant_id_month_revision",
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_claim_file_counted_from_one")),
        _key("claim_file", "number"),
    )
