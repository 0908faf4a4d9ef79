"""Values that storage takes and returns beyond those of `billing`."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

from billing.activities import Activity, ActivitySource
from billing.entries import TimeEntry
from billing.people import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """A practice."""

    tenant_id: int
    name: str
    #: The Slack workspace bound to it; None before first contact. A workspace without enterprise has "".
    enterprise_id: str | None = None
    team_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipRequest:
    """Somebody in Slack who asked to take part, and what was decided."""

    request_id: int
    slack_user_id: str
    display_name: str
    #: Aware, UTC.
    asked_at: datetime
    #: Aware, UTC; None while nobody has decided.
    decided_at: datetime | None = None
    #: The administrator; None while nobody has decided, and where a file did.
    decided_by: int | None = None
    approved: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """An entry about to be written to the ledger."""

    patient_id: int
    #: Whole seconds, positive.
    seconds: int
    #: Local date in the zone of the person who did it.
    service_date: date
    activity: Activity
    activity_source: ActivitySource
    role: Role
    performed_by: int
    #: Aware instants, where the clock times are known.
    started_at: datetime | None = None
    ended_at: datetime | None = None
    participants: tuple[int, ...] = ()
    note: str = field(default="", repr=False)
    #: How an attempt went: `no answer`.
    outcome: str | None = None
    #: Local date on which the next contact is planned.
    next_contact: date | None = None
    #: Local date of the present instant where the person is who writes it down.
    recorded_on: date | None = None


class EntryChanges(TypedDict, total=False):
    """What a correction changes; what is left out stays. The fields are those of `NewEntry`."""

    patient_id: int
    seconds: int
    service_date: date
    activity: Activity
    activity_source: ActivitySource
    role: Role
    performed_by: int
    started_at: datetime | None
    ended_at: datetime | None
    participants: tuple[int, ...]
    note: str
    outcome: str | None
    next_contact: date | None


class VersionKind(StrEnum):
    """How a version of an entry came about."""

    FIRST = "first"
    CORRECTION = "correction"
    VOID = "void"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryVersion:
    """One version of an entry, with who wrote it, when and why."""

    kind: VersionKind
    #: The entry as of this version (of a void: as it last stood).
    entry: TimeEntry
    by: int
    #: Aware, UTC.
    at: datetime
    source: str
    receipt_id: int
    note: str = field(default="", repr=False)
    reason: str = field(default="", repr=False)
    outcome: str | None = None
    next_contact: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredReceipt:
    """What one request wrote."""

    receipt_id: int
    recorded_by: int
    #: Aware, UTC.
    recorded_at: datetime
    #: What it came through: `chat`, `import`.
    source: str
    #: Its entries that stand, as they stand now; empty once all are void.
    entries: tuple[TimeEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DamagedEntry:
    """An entry of the projection that cannot be read; its versions in the ledger may well be sound."""

    entry_id: int
    patient_id: int
    #: True when it has no date of service that could be read, so that no month claims it.
    undated: bool


class ProjectionFault(StrEnum):
    """How the projection is wrong about an entry."""

    MISSING = "missing"
    EXTRA = "extra"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectionDifference:
    """An entry that the projection has otherwise than the ledger."""

    entry_id: int
    difference: ProjectionFault


class Tampering(StrEnum):
    """How a row differs from what the audit chain has of it."""

    CHANGED = "changed"
    MISSING = "missing"
    ADDED = "added"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedRow:
    """A row that is not as the audit chain has it."""

    #: The name of its table, `entry_version`.
    kind: str
    #: The values of its key: `("17", "1")` is version 1 of entry 17; months stand as their first day.
    key: tuple[str, ...]
    tampering: Tampering
    #: The patient it is about now; None for a row that is gone, or about no patient.
    patient_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFinding:
    """A place where the audit chain does not hold."""

    seq: int
    message: str
