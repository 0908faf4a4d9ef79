"""Creates the first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_context().dialect.supports_sequences:
        op.execute(sa.schema.CreateSequence(sa.Sequence("entry_number")))
    _tenant()
    _member()
    _patient()
    _patient_identity()
    _patient_spelling()
    _episode()
    _entry_version()
    _entry_text()
    _current_entry()
    _pending_question()
    _pending_payload()
    _request()
    _audit_head()
    _audit_event()


def _tenant() -> None:
    op.create_table(
        "tenant",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("enterprise_id", sa.String(), nullable=True),
        sa.Column("team_id", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", name="pk_tenant"),
        sa.UniqueConstraint("enterprise_id", "team_id", name="uq_tenant_enterprise_id_team_id"),
    )


def _member() -> None:
    op.create_table(
        "member",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("slack_user_id", sa.String(), nullable=True),
        sa.Column("display_name", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("roles", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=True),
        sa.Column("digest_at", sa.Time(), nullable=True),
        sa.Column("credential", sa.String(), nullable=False),
        sa.Column("department", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name="fk_member_tenant_id"),
        sa.PrimaryKeyConstraint("member_id", name="pk_member"),
        sa.UniqueConstraint("tenant_id", "member_id", name="uq_member_tenant_id_member_id"),
        sa.UniqueConstraint("tenant_id", "slack_user_id", name="uq_member_tenant_id_slack_user_id"),
    )
    op.create_index("ix_member_tenant_id_name_key", "member", ["tenant_id", "name_key"])


def _patient() -> None:
    op.create_table(
        "patient",
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("handle", sa.String(), nullable=False),
        sa.Column("on_roster", sa.Boolean(), nullable=False),
        sa.Column("referring_npi", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name="fk_patient_tenant_id"),
        sa.PrimaryKeyConstraint("patient_id", name="pk_patient"),
        sa.UniqueConstraint("tenant_id", "handle", name="uq_patient_tenant_id_handle"),
        sa.UniqueConstraint("tenant_id", "patient_id", name="uq_patient_tenant_id_patient_id"),
    )


def _patient_identity() -> None:
    op.create_table(
        "patient_identity",
        sa.Column("patient_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("identity", sa.String(), nullable=False),
        sa.Column("mrn", sa.String(), nullable=False),
        sa.Column("first_name", sa.String(), nullable=False),
        sa.Column("last_name", sa.String(), nullable=False),
        sa.Column("problems", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "patient_id"],
            ["patient.tenant_id", "patient.patient_id"],
            name="fk_patient_identity_tenant_id_patient_id",
        ),
        sa.PrimaryKeyConstraint("patient_id", name="pk_patient_identity"),
        sa.UniqueConstraint("tenant_id", "identity", name="uq_patient_identity_tenant_id_identity"),
    )


def _patient_spelling() -> None:
    op.create_table(
        "patient_spelling",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("spelling", sa.String(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "patient_id"],
            ["patient.tenant_id", "patient.patient_id"],
            name="fk_patient_spelling_tenant_id_patient_id",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "spelling", "patient_id", name="pk_patient_spelling"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_patient_spelling_patient_id", "patient_spelling", ["patient_id"])


# Longer than forty lines: one table with all of its columns and keys.
def _episode() -> None:
    op.create_table(
        "episode",
        sa.Column("episode_id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("program", sa.String(), nullable=False),
        sa.Column("enrolled_on", sa.Date(), nullable=True),
        sa.Column("initial_assessment_on", sa.Date(), nullable=True),
        sa.Column("discharged_on", sa.Date(), nullable=True),
        sa.Column("discharge_reason", sa.String(), nullable=False),
        sa.Column("payer", sa.String(), nullable=False),
        sa.Column("care_manager", sa.Integer(), nullable=True),
        sa.Column("consent_given_on", sa.Date(), nullable=True),
        sa.Column("consent_kind", sa.String(), nullable=True),
        sa.Column("consent_recorded_by", sa.Integer(), nullable=True),
        sa.Column("consent_cost_sharing", sa.Boolean(), nullable=True),
        sa.Column("consent_revoked_on", sa.Date(), nullable=True),
        sa.Column("earlier_consents", sa.String(), nullable=False),
        sa.Column("referred_on", sa.Date(), nullable=True),
        sa.Column("initiating_visit_on", sa.Date(), nullable=True),
        sa.Column("initiating_visit_needed", sa.Boolean(), nullable=True),
        sa.Column("diagnosis_codes", sa.String(), nullable=False),
        sa.Column("billing_npi", sa.String(), nullable=False),
        sa.Column("place_of_service", sa.String(), nullable=False),
        sa.Column("outside_therapist", sa.Boolean(), nullable=False),
        sa.Column("apcm", sa.Boolean(), nullable=False),
        sa.Column("part2_record", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "care_manager"],
            ["member.tenant_id", "member.member_id"],
            name="fk_episode_tenant_id_care_manager",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "consent_recorded_by"],
            ["member.tenant_id", "member.member_id"],
            name="fk_episode_tenant_id_consent_recorded_by",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "patient_id"],
            ["patient.tenant_id", "patient.patient_id"],
            name="fk_episode_tenant_id_patient_id",
        ),
        sa.PrimaryKeyConstraint("episode_id", name="pk_episode"),
    )
    op.create_index("ix_episode_tenant_id_patient_id", "episode", ["tenant_id", "patient_id"])


# Longer than forty lines: one table with all of its columns and keys.
def _entry_version() -> None:
    op.create_table(
        "entry_version",
        sa.Column("entry_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("receipt_id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("service_date", sa.Date(), nullable=False),
        sa.Column("activity", sa.String(), nullable=False),
        sa.Column("activity_source", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("performed_by", sa.Integer(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("participants", sa.String(), nullable=False),
        sa.Column("note_digest", sa.String(), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=True),
        sa.Column("first_seconds", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("next_contact", sa.Date(), nullable=True),
        sa.CheckConstraint("kind IN ('first', 'correction', 'void')", name=op.f("ck_entry_version_kind")),
        sa.CheckConstraint("n > 0", name=op.f("ck_entry_version_counted_from_one")),
        sa.CheckConstraint("seconds > 0", name=op.f("ck_entry_version_positive")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "by"],
            ["member.tenant_id", "member.member_id"],
            name="fk_entry_version_tenant_id_by",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "patient_id"],
            ["patient.tenant_id", "patient.patient_id"],
            name="fk_entry_version_tenant_id_patient_id",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "performed_by"],
            ["member.tenant_id", "member.member_id"],
            name="fk_entry_version_tenant_id_performed_by",
        ),
        sa.PrimaryKeyConstraint("entry_id", "n", name="pk_entry_version"),
        sqlite_with_rowid=False,
    )


def _entry_text() -> None:
    op.create_table(
        "entry_text",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id", "n"], ["entry_version.entry_id", "entry_version.n"], name="fk_entry_text_entry_id_n"
        ),
        sa.PrimaryKeyConstraint("entry_id", "n", name="pk_entry_text"),
        sqlite_with_rowid=False,
    )


def _current_entry() -> None:
    op.create_table(
        "current_entry",
        sa.Column("entry_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("receipt_id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("service_date", sa.Date(), nullable=False),
        sa.Column("activity", sa.String(), nullable=False),
        sa.Column("activity_source", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("performed_by", sa.Integer(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("participants", sa.String(), nullable=False),
        sa.Column("note_digest", sa.String(), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=True),
        sa.Column("first_seconds", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("entry_id", name="pk_current_entry"),
    )
    op.create_index(
        "ix_current_entry_identical",
        "current_entry",
        ["tenant_id", "recorded_by", "patient_id", "seconds", "note_digest", "recorded_at"],
    )
    op.create_index(
        "ix_current_entry_member", "current_entry", ["tenant_id", "performed_by", "service_date", "seconds"]
    )
    op.create_index("ix_current_entry_patient", "current_entry", ["tenant_id", "patient_id", "service_date"])
    op.create_index("ix_current_entry_recorded", "current_entry", ["tenant_id", "recorded_by", "recorded_at"])
    op.create_index(
        "ix_current_entry_totals", "current_entry", ["tenant_id", "service_date", "patient_id", "seconds"]
    )


def _pending_question() -> None:
    op.create_table(
        "pending_question",
        sa.Column("question_id", sa.String(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "member_id"],
            ["member.tenant_id", "member.member_id"],
            name="fk_pending_question_tenant_id_member_id",
        ),
        sa.PrimaryKeyConstraint("question_id", name="pk_pending_question"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_pending_question_tenant_id_expires_at", "pending_question", ["tenant_id", "expires_at"]
    )


def _pending_payload() -> None:
    op.create_table(
        "pending_payload",
        sa.Column("question_id", sa.String(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("payload", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["pending_question.question_id"],
            name="fk_pending_payload_question_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("question_id", name="pk_pending_payload"),
        sqlite_with_rowid=False,
    )


def _request() -> None:
    op.create_table(
        "request",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("receipt_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name="fk_request_tenant_id"),
        sa.PrimaryKeyConstraint("tenant_id", "key", name="pk_request"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_request_tenant_id_at", "request", ["tenant_id", "at"])


def _audit_head() -> None:
    op.create_table(
        "audit_head",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name="fk_audit_head_tenant_id"),
        sa.PrimaryKeyConstraint("tenant_id", name="pk_audit_head"),
    )


def _audit_event() -> None:
    op.create_table(
        "audit_event",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("details", sa.String(), nullable=False),
        sa.Column("prev_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name="fk_audit_event_tenant_id"),
        sa.PrimaryKeyConstraint("tenant_id", "seq", name="pk_audit_event"),
        sqlite_with_rowid=False,
    )
