"""Tables of what was reviewed, measured, stated and attested about patients."""

from datetime import date, datetime

from sqlalchemy import ForeignKeyConstraint, Index, text
from sqlmodel import Field

from billing.months import BillingMonth
from storage.billing_types import Month
from storage.tables.base import TableRow
from storage.types import Encrypted, Instant


def _patient() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["tenant_id", "patient_id"], ["patient.tenant_id", "patient.patient_id"])


def _member(column: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["tenant_id", column], ["member.tenant_id", "member.member_id"])


class CaseReviewRow(TableRow, table=True):
    """A psychiatric consultant's review of a case; one withdrawn stays, and counts nowhere."""

    __tablename__ = "case_review"
    __table_args__ = (
        _patient(),
        _member("consultant"),
        _member("recorded_by"),
        _member("withdrawn_by"),
        Index(None, "tenant_id", "patient_id", "reviewed_on"),
        Index(None, "tenant_id", "entry_id"),
    )

    review_id: int | None = Field(default=None, primary_key=True)
    tenant_id: int
    patient_id: int
    reviewed_on: date
    consultant: int
    recorded_by: int
    recorded_at: datetime = Field(sa_type=Instant)
    entry_id: int | None = None
    sent_on: date | None = None
    recorded_on: date | None = None
    withdrawn_by: int | None = None
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)


class CaseReviewTextRow(TableRow, table=True):
    """The consultant's advice: identified text, to be encrypted and purged by policy. No row, no words."""

    __tablename__ = "case_review_text"
    __table_args__ = (ForeignKeyConstraint(["review_id"], ["case_review.review_id"]),)

    review_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    tenant_id: int
    recommendation: str = Field(sa_type=Encrypted)
    #: The removal by which the words went, under the practice's retention; they say so then.
    removed_by: int | None = None


class ScoreRow(TableRow, table=True):
    """A result of a validated scale."""

    __tablename__ = "score"
    __table_args__ = (
        _patient(),
        _member("recorded_by"),
        _member("withdrawn_by"),
        Index(None, "tenant_id", "patient_id", "measured_on"),
        # Few scores are positive about suicide, and those are asked about every minute.
        Index(
            "ix_score_positive",
            "tenant_id",
            "patient_id",
            sqlite_where=text("answer <> 0"),
            postgresql_where=text("answer <> 0"),
        ),
    )

    score_id: int | None = Field(default=None, primary_key=True)
    tenant_id: int
    patient_id: int
    scale: str
    value: int
    measured_on: date
    recorded_by: int | None = None
    recorded_on: date | None = None
    #: What was answered about suicide, see `billing.safety`; empty where nobody said.
    answer: int | None = None
    #: Who has marked a positive answer as seen, and when.
    seen_by: int | None = None
    seen_at: datetime | None = Field(default=None, sa_type=Instant)
    withdrawn_by: int | None = None
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)


class StatementRow(TableRow, table=True):
    """A statement that a finding asked for."""

    __tablename__ = "statement"
    __table_args__ = (
        _patient(),
        _member("made_by"),
        _member("withdrawn_by"),
        Index(None, "tenant_id", "patient_id", "made_on"),
    )

    statement_id: int | None = Field(default=None, primary_key=True)
    tenant_id: int
    patient_id: int
    kind: str
    made_on: date
    made_by: int
    valid_until: date | None = None
    withdrawn_by: int | None = None
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)


class AdmissionRow(TableRow, table=True):
    """A stay in a facility."""

    __tablename__ = "admission"
    __table_args__ = (
        _patient(),
        _member("withdrawn_by"),
        Index(None, "tenant_id", "patient_id", "admitted_on"),
    )

    admission_id: int | None = Field(default=None, primary_key=True)
    tenant_id: int
    patient_id: int
    admitted_on: date
    left_on: date | None = None
    withdrawn_by: int | None = None
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)


class ClaimFactRow(TableRow, table=True):
    """What a fact of a claim is from a day on; one withdrawn stays, and counts nowhere."""

    __tablename__ = "claim_fact"
    __table_args__ = (
        _patient(),
        _member("withdrawn_by"),
        Index(None, "tenant_id", "patient_id", "from_day"),
    )

    fact_id: int | None = Field(default=None, primary_key=True)
    tenant_id: int
    patient_id: int
    kind: str
    value: str
    from_day: date
    withdrawn_by: int | None = None
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)


class OtherServiceRow(TableRow, table=True):
    """A service billed beside Collaborative Care; one withdrawn stays, and counts nowhere."""

    __tablename__ = "other_service"
    __table_args__ = (_patient(), {"sqlite_with_rowid": False})

    tenant_id: int = Field(primary_key=True)
    patient_id: int = Field(primary_key=True)
    service_on: date = Field(primary_key=True)
    code: str = Field(primary_key=True)
    performed_by: int | None = None
    withdrawn_by: int | None = None
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)


class AttestationRow(TableRow, table=True):
    """Somebody's word for one patient's month; one withdrawn stays, and counts nowhere."""

    __tablename__ = "attestation"
    __table_args__ = (
        _patient(),
        _member("attested_by"),
        Index(None, "tenant_id", "month", "patient_id"),
    )

    attestation_id: int | None = Field(default=None, primary_key=True)
    tenant_id: int
    patient_id: int
    month: BillingMonth = Field(sa_type=Month)
    kind: str
    attested_by: int
    attested_at: datetime = Field(sa_type=Instant)
    withdrawn_by: int | None = None
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)
