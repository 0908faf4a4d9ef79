"""Tables of deliveries of scheduled messages, and of what people chose about them."""

from datetime import datetime, time

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field

from billing.months import BillingMonth
from storage.billing_types import Month
from storage.tables.base import TableRow
from storage.types import Instant, Times, Words


def _member() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["tenant_id", "member_id"], ["member.tenant_id", "member.member_id"])


class DeliveryRow(TableRow, table=True):
    """One part of what is owed to one recipient for one period. Says which message it is, never what it says."""

    __tablename__ = "delivery"
    __table_args__ = (
        # The claim: of those who owe the same part, one gets it in.
        UniqueConstraint("tenant_id", "period", "recipient", "part"),
        CheckConstraint("version > 0", name="counted_from_one"),
        Index(None, "tenant_id", "state", "due_at"),
        Index(None, "tenant_id", "useful_until"),
        Index(None, "tenant_id", "planned_at"),
        {"sqlite_with_rowid": False},
    )

    #: Random; it travels through Slack in the message's metadata.
    delivery_id: str = Field(primary_key=True)
    tenant_id: int = Field(foreign_key="tenant.tenant_id")
    #: Name of its kind.
    job: str
    #: With its kind: `month_end:2026-11`.
    period: str
    #: `billing`, `member:12`.
    recipient: str
    part: str
    #: The delivery in whose thread a file goes.
    thread_of: str | None = Field(default=None, foreign_key="delivery.delivery_id")
    due_at: datetime = Field(sa_type=Instant)
    useful_until: datetime = Field(sa_type=Instant)
    planned_at: datetime = Field(sa_type=Instant)
    state: str
    #: Grows with every change, and is the fencing token of whoever holds the lease.
    version: int
    changed_at: datetime = Field(sa_type=Instant)
    wait_seconds: int
    attempts: int
    looks: int
    code: str | None = None
    channel: str | None = None
    ts: str | None = None
    file_id: str | None = None
    uploaded: bool


class _Choice(TableRow):
    """What somebody chose about scheduled messages."""

    #: Names of kinds of message that are switched off.
    off: tuple[str, ...] = Field(sa_type=Words)
    #: Local times, by name of kind.
    times: dict[str, time] = Field(sa_type=Times)
    #: Local hours without messages; both or neither.
    quiet_from: time | None = None
    quiet_to: time | None = None
    snoozed_until: datetime | None = Field(default=None, sa_type=Instant)


class ReminderChoiceRow(_Choice, table=True):
    """What a member chose for themselves, besides the time of the morning. No row, nothing chosen."""

    __tablename__ = "reminder_choice"
    __table_args__ = (_member(),)

    tenant_id: int = Field(primary_key=True)
    member_id: int = Field(primary_key=True)


class PracticeReminderChoiceRow(_Choice, table=True):
    """What administrators chose for everybody and for the billing channel. No row, nothing chosen."""

    __tablename__ = "practice_reminder_choice"

    tenant_id: int = Field(
        primary_key=True, foreign_key="tenant.tenant_id", sa_column_kwargs={"autoincrement": False}
    )


class DirectMessageRow(TableRow, table=True):
    """The direct message between a member and the bot."""

    __tablename__ = "direct_message"
    __table_args__ = (_member(),)

    tenant_id: int = Field(primary_key=True)
    member_id: int = Field(primary_key=True)
    #: Whose it is: a member who becomes another Slack user has another.
    slack_user_id: str
    channel_id: str


class SetAsideRow(TableRow, table=True):
    """A patient for whom reaching out is not clinically indicated in a month: digests name them no more."""

    __tablename__ = "set_aside"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "patient_id"], ["patient.tenant_id", "patient.patient_id"]),
        ForeignKeyConstraint(["tenant_id", "decided_by"], ["member.tenant_id", "member.member_id"]),
    )

    tenant_id: int = Field(primary_key=True)
    month: BillingMonth = Field(primary_key=True, sa_type=Month)
    patient_id: int = Field(primary_key=True)
    decided_by: int
    decided_at: datetime = Field(sa_type=Instant)


class NoticeRow(TableRow, table=True):
    """What a member is to be told because somebody else did it. Says which thing, never what it says."""

    __tablename__ = "notice"
    __table_args__ = (
        _member(),
        ForeignKeyConstraint(["tenant_id", "by"], ["member.tenant_id", "member.member_id"]),
        Index(None, "tenant_id", "at"),
    )

    notice_id: int | None = Field(default=None, primary_key=True)
    tenant_id: int
    member_id: int
    at: datetime = Field(sa_type=Instant)
    #: Who did it.
    by: int
    what: str
    #: The version of an entry.
    entry_id: int | None = None
    n: int | None = None
    patient_id: int | None = None
    #: Who looks after the patient from then on.
    given_to: int | None = None
