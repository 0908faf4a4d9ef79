"""Tables of questions waiting for an answer, requests already carried out, and the audit chain."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index
from sqlmodel import Field

from storage.tables.base import TableRow
from storage.types import EncryptedBriefly, EncryptedBytes, Instant


class PendingQuestionRow(TableRow, table=True):
    """A question put to a member, until it is answered or expires."""

    __tablename__ = "pending_question"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "member_id"], ["member.tenant_id", "member.member_id"]),
        Index(None, "tenant_id", "expires_at"),
        {"sqlite_with_rowid": False},
    )

    #: Random; it travels through Slack in a button.
    question_id: str = Field(primary_key=True)
    tenant_id: int
    kind: str
    member_id: int
    at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)


class PendingPayloadRow(TableRow, table=True):
    """What will be stored once the question is answered: identified text (JSON)."""

    __tablename__ = "pending_payload"
    __table_args__ = (
        ForeignKeyConstraint(["question_id"], ["pending_question.question_id"], ondelete="CASCADE"),
        {"sqlite_with_rowid": False},
    )

    question_id: str = Field(primary_key=True)
    tenant_id: int
    payload: str = Field(sa_type=EncryptedBriefly)


class RequestRow(TableRow, table=True):
    """A step of a request that was carried out, so that its redelivery does nothing and is answered the same."""

    __tablename__ = "request"
    __table_args__ = (Index(None, "tenant_id", "at"),)

    tenant_id: int = Field(primary_key=True, foreign_key="tenant.tenant_id")
    key: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Instant)
    #: The entries that it wrote; 0 where it wrote none, and is known by its key all the same.
    receipt_id: int | None = None
    #: The use case; empty for a key that stands for itself, whichever delivery brings it.
    step: str = Field(primary_key=True, default="", sa_column_kwargs={"server_default": ""})
    #: What it was answered with; may name patients. Gone after a day.
    outcome: bytes | None = Field(default=None, sa_type=EncryptedBytes)


class AuditHeadRow(TableRow, table=True):
    """The end of a tenant's audit chain; its lock is what puts concurrent events in order."""

    __tablename__ = "audit_head"

    tenant_id: int = Field(primary_key=True, foreign_key="tenant.tenant_id")
    seq: int
    hash: str


class AuditEventRow(TableRow, table=True):
    """One link of the chain. Never changed, never deleted."""

    __tablename__ = "audit_event"
    __table_args__ = ({"sqlite_with_rowid": False},)

    tenant_id: int = Field(primary_key=True, foreign_key="tenant.tenant_id")
    seq: int = Field(primary_key=True)
    at: datetime = Field(sa_type=Instant)
    #: Member who did it; none for the program itself.
    actor: int | None = None
    action: str
    subject: str
    #: Canonical JSON without identified text.
    details: str
    prev_hash: str
    hash: str
    #: `KEY.NONCE.TAG` over all but its place, see `storage.audit_keys`; none where no key was at hand.
    mac: str | None = None


class AuditSealRow(TableRow, table=True):
    """A word for the chain up to one event, by a key that the database never sees. Never changed, never deleted."""

    __tablename__ = "audit_seal"
    __table_args__ = ({"sqlite_with_rowid": False},)

    tenant_id: int = Field(primary_key=True, foreign_key="tenant.tenant_id")
    #: Counted from 1.
    n: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    #: The event that it ends with, and its hash; there are as many events as that.
    seq: int
    hash: str
    at: datetime = Field(sa_type=Instant)
    #: The MAC of the seal before; empty for the first.
    previous: str
    mac: str
