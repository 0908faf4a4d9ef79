"""Tables of tenants, members, patients and their episodes."""

from datetime import date, datetime, time

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from storage.tables.base import TableRow
from storage.types import Encrypted, EncryptedDay, Instant, Words


class TenantRow(TableRow, table=True):
    """A practice; everything else belongs to one."""

    __tablename__ = "tenant"
    __table_args__ = (UniqueConstraint("enterprise_id", "team_id"),)

    tenant_id: int | None = Field(default=None, primary_key=True)
    name: str
    #: The Slack workspace bound to it; both empty until first contact. No enterprise is the empty text.
    enterprise_id: str | None = None
    team_id: str | None = None


class MemberRow(TableRow, table=True):
    """A person of the practice."""

    __tablename__ = "member"
    __table_args__ = (
        UniqueConstraint("tenant_id", "slack_user_id"),
        UniqueConstraint("tenant_id", "member_id"),
        Index(None, "tenant_id", "name_key"),
        Index(None, "tenant_id", "email", unique=True),
    )

    member_id: int | None = Field(default=None, primary_key=True)
    tenant_id: int = Field(foreign_key="tenant.tenant_id")
    slack_user_id: str | None = None
    display_name: str
    #: Casefolded display name, by which people name each other.
    name_key: str
    roles: tuple[str, ...] = Field(sa_type=Words)
    time_zone: str | None = None
    digest_at: time | None = None
    credential: str
    department: str
    active: bool
    #: In lower case; nobody else's within the tenant.
    email: str | None = None
    #: The import that added them and was taken back: they are no member any more, only a name in its history.
    taken_back: int | None = None


class MembershipRequestRow(TableRow, table=True):
    """Somebody in Slack who is nobody here until an administrator decides."""

    __tablename__ = "membership_request"
    __table_args__ = (
        UniqueConstraint("tenant_id", "slack_user_id"),
        ForeignKeyConstraint(["tenant_id", "decided_by"], ["member.tenant_id", "member.member_id"]),
    )

    request_id: int | None = Field(default=None, primary_key=True)
    tenant_id: int = Field(foreign_key="tenant.tenant_id")
    slack_user_id: str
    #: What Slack calls them.
    display_name: str
    asked_at: datetime = Field(sa_type=Instant)
    #: All three are empty until it is decided; nobody in particular decides by importing a file.
    decided_at: datetime | None = Field(default=None, sa_type=Instant)
    decided_by: int | None = None
    approved: bool | None = None


class PatientRow(TableRow, table=True):
    """A patient without anything that names them."""

    __tablename__ = "patient"
    __table_args__ = (
        UniqueConstraint("tenant_id", "handle"),
        UniqueConstraint("tenant_id", "patient_id"),
        # For the search by first letters; on SQLite the unique one serves it.
        Index(
            "ix_patient_handle_letters",
            "tenant_id",
            "handle",
            postgresql_ops={"handle": "text_pattern_ops"},
        ).ddl_if(dialect="postgresql"),
        Index(
            "ix_patient_merged_into",
            "tenant_id",
            "merged_into",
            sqlite_where=text("merged_into IS NOT NULL"),
            postgresql_where=text("merged_into IS NOT NULL"),
        ),
        Index(
            "ix_patient_taken_back",
            "tenant_id",
            "taken_back",
            sqlite_where=text("taken_back IS NOT NULL"),
            postgresql_where=text("taken_back IS NOT NULL"),
        ),
    )

    patient_id: int | None = Field(default=None, primary_key=True)
    tenant_id: int = Field(foreign_key="tenant.tenant_id")
    handle: str
    on_roster: bool
    referring_npi: str
    #: The patient whom this one turned out to be; the MRN is an alias from then on.
    merged_into: int | None = None
    #: The import that added them and was taken back: nobody by that MRN is on file any more.
    taken_back: int | None = None


class PatientMergeRow(TableRow, table=True):
    """Two patients who turned out to be one, until they are taken apart."""

    __tablename__ = "patient_merge"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "gone"], ["patient.tenant_id", "patient.patient_id"]),
        ForeignKeyConstraint(["tenant_id", "kept"], ["patient.tenant_id", "patient.patient_id"]),
        ForeignKeyConstraint(["tenant_id", "by"], ["member.tenant_id", "member.member_id"]),
        ForeignKeyConstraint(["tenant_id", "undone_by"], ["member.tenant_id", "member.member_id"]),
        Index(None, "tenant_id", "gone"),
        Index(None, "tenant_id", "kept"),
    )

    merge_id: int | None = Field(default=None, primary_key=True)
    tenant_id: int
    gone: int
    kept: int
    by: int
    at: datetime = Field(sa_type=Instant)
    reason: str = Field(sa_type=Encrypted)
    undone_by: int | None = None
    undone_at: datetime | None = Field(default=None, sa_type=Instant)


class PatientMovedRow(TableRow, table=True):
    """What a merge moved from one patient to the other."""

    __tablename__ = "patient_moved"
    __table_args__ = (
        ForeignKeyConstraint(["merge_id"], ["patient_merge.merge_id"]),
        {"sqlite_with_rowid": False},
    )

    merge_id: int = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    row_id: int = Field(primary_key=True)
    tenant_id: int


class PatientIdentityRow(TableRow, table=True):
    """Who a patient is: identified text, to be encrypted and purged by policy."""

    __tablename__ = "patient_identity"
    __table_args__ = (
        UniqueConstraint("tenant_id", "identity"),
        # For the search by first letters; on SQLite the unique one serves it.
        Index(
            "ix_patient_identity_letters",
            "tenant_id",
            "identity",
            postgresql_ops={"identity": "text_pattern_ops"},
        ).ddl_if(dialect="postgresql"),
        ForeignKeyConstraint(["tenant_id", "patient_id"], ["patient.tenant_id", "patient.patient_id"]),
    )

    patient_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    tenant_id: int
    identity: str
    mrn: str
    first_name: str = Field(sa_type=Encrypted)
    last_name: str = Field(sa_type=Encrypted)
    problems: str = Field(sa_type=Encrypted)
    birth_date: date | None = Field(default=None, sa_type=EncryptedDay)


class PatientSpellingRow(TableRow, table=True):
    """An identity and each of its spellings with one character left out: how typos find their patient."""

    __tablename__ = "patient_spelling"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "patient_id"], ["patient.tenant_id", "patient.patient_id"]),
        Index(None, "patient_id"),
        {"sqlite_with_rowid": False},
    )

    tenant_id: int = Field(primary_key=True)
    spelling: str = Field(primary_key=True)
    patient_id: int = Field(primary_key=True)


class EpisodeRow(TableRow, table=True):
    """One stretch of enrollment."""

    __tablename__ = "episode"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "patient_id"], ["patient.tenant_id", "patient.patient_id"]),
        ForeignKeyConstraint(["tenant_id", "care_manager"], ["member.tenant_id", "member.member_id"]),
        ForeignKeyConstraint(["tenant_id", "consent_recorded_by"], ["member.tenant_id", "member.member_id"]),
        Index(None, "tenant_id", "patient_id"),
        # A person's caseload, each morning.
        Index(None, "tenant_id", "care_manager"),
    )

    episode_id: int | None = Field(default=None, primary_key=True)
    tenant_id: int
    patient_id: int
    program: str
    enrolled_on: date | None = None
    initial_assessment_on: date | None = None
    discharged_on: date | None = None
    discharge_reason: str = Field(sa_type=Encrypted)
    payer: str
    care_manager: int | None = None
    consent_given_on: date | None = None
    consent_kind: str | None = None
    consent_recorded_by: int | None = None
    consent_cost_sharing: bool | None = None
    consent_revoked_on: date | None = None
    consent_recorded_on: date | None = None
    #: Consents given and revoked earlier in the episode, as JSON.
    earlier_consents: str
    referred_on: date | None = None
    initiating_visit_on: date | None = None
    initiating_visit_needed: bool | None = None
    diagnosis_codes: tuple[str, ...] = Field(sa_type=Words)
    billing_npi: str
    place_of_service: str
    outside_therapist: bool
    apcm: bool
    part2_record: bool
    assessment_recorded_on: date | None = None
    #: Set once an episode was taken back: it counts nowhere, and its versions are kept.
    withdrawn_by: int | None = None
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)
