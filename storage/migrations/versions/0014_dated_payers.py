"""Gives payers other names, and each of their rules its days and its source."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

#: Columns that held a rule, and what stood there where a payer had none.
_UNSAID = {
    "time_rule": None,
    "covered_codes": "99484 99492 99493 99494",
    "g2214_min_seconds": None,
    "max_99494": None,
    "initial_policy": None,
    "episode_gap_months": None,
    "limit_99492": "per episode",
    "consultant_minutes": None,
    "inpatient_counts": None,
    "review_required": None,
    "diagnosis_required": None,
    "psychotherapy": "blocks",
    "prior_auth_after_months": None,
    "modifiers": "",
    "fee_schedule": "",
}
_ANSWERS = ("inpatient_counts", "review_required", "diagnosis_required")
_MINUTE = 60


def upgrade() -> None:
    op.create_table(
        "payer_name",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("aliases", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name="fk_payer_name_tenant_id"),
        sa.PrimaryKeyConstraint("tenant_id", "name_key", name="pk_payer_name"),
    )
    op.create_table(
        "payer_rule",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "name_key"],
            ["payer_name.tenant_id", "payer_name.name_key"],
            name="fk_payer_rule_tenant_id_name_key",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "name_key", "place", name="pk_payer_rule"),
    )
    _take_over()
    op.drop_table("payer")


def _take_over() -> None:
    """What practices imported so far has held from the start, in one rule for each field that said something."""
    connection = op.get_bind()
    names = sa.table("payer_name", *map(sa.column, ("tenant_id", "name_key", "name", "aliases")))
    rules = sa.table(
        "payer_rule",
        sa.column("tenant_id"),
        sa.column("name_key"),
        sa.column("place"),
        sa.column("field"),
        sa.column("value"),
        sa.column("first_day", sa.Date()),
        sa.column("source"),
        sa.column("verified_on", sa.Date()),
    )
    old = sa.table(
        "payer",
        *map(sa.column, ("tenant_id", "name_key", "name", "source")),
        sa.column("verified_on", sa.Date()),
        *(sa.column(name, sa.Boolean() if name in _ANSWERS else None) for name in _UNSAID),
    )
    for row in connection.execute(sa.select(old)).mappings().all():
        key = {"tenant_id": row["tenant_id"], "name_key": row["name_key"]}
        connection.execute(names.insert().values(**key, name=row["name"], aliases=""))
        for place, (field, value) in enumerate(_said(row) or [("", "")], start=1):
            connection.execute(
                rules.insert().values(
                    **key,
                    place=place,
                    field=field,
                    value=value,
                    first_day=date.min,
                    source=row["source"],
                    verified_on=row["verified_on"],
                )
            )


def _said(row: Mapping[Any, Any]) -> list[tuple[str, str]]:
    """The fields of a payer that said something, as text."""
    said = []
    for name, unsaid in _UNSAID.items():
        value = row[name]
        if value is None or value == unsaid:
            continue
        if name in _ANSWERS:
            said.append((name, "yes" if value else "no"))
        elif name == "g2214_min_seconds":
            said.append(("g2214_min", str(value // _MINUTE)))
        else:
            said.append((name, str(value)))
    return said
