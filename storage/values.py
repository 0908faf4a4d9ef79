"""Values that storage takes and returns beyond those of `billing`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, TypedDict

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


#: What versions come through that a merge of two patients writes, or taking them apart.
MERGE_SOURCE: Final = "merge"


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
    #: The version whose facts this one put back; None for all others.
    restores: int | None = None

    @property
    def is_move(self) -> bool:
        """Whether it does nothing but take the entry to the other of two patients who were merged, or back."""
        return self.kind is VersionKind.CORRECTION and self.source == MERGE_SOURCE and self.restores is None


class ActKind(StrEnum):
    """What a person can do to what is stored."""

    LOG = "log"
    EDIT = "edit"
    VOID = "void"
    SPLIT = "split"
    ENROLL = "enroll"
    CONSENT = "consent"
    REVOKE = "revoke"
    ASSESS = "assess"
    REVIEW = "review"
    REVIEW_SENT = "review_sent"
    DISCHARGE = "discharge"
    ASSIGN = "assign"
    ADMIT = "admit"
    STATE = "state"
    ATTEST = "attest"
    REMIND = "remind"
    SET_ASIDE = "set_aside"
    #: A positive answer about suicide was marked as seen.
    SEEN = "seen"
    #: A timer begun, dropped, stopped and logged, and given up for another one.
    START = "start"
    CANCEL = "cancel"
    STOP = "stop"
    SWITCH = "switch"
    #: A caseload in the hands of somebody else for some days.
    COVER = "cover"
    #: A setting of the practice.
    SETTING = "setting"
    CLOSE = "close"
    REOPEN = "reopen"
    #: Claims that went to payers, the same taken back, and what is done about money to be returned.
    SUBMIT = "submit"
    UNSUBMIT = "unsubmit"
    OVERPAID = "overpaid"
    #: Two patients who are one person, and the same taken apart.
    MERGE = "merge"
    UNMERGE = "unmerge"
    #: Who takes part, and in which roles.
    MEMBERSHIP = "membership"
    #: A file taken in from Slack, and a whole import taken back.
    IMPORT = "import"
    IMPORT_UNDO = "import_undo"
    UNDO = "undo"
    PUT_BACK = "put_back"


#: The kind of fact that a ledger entry is, beside those that have their own table's name.
ENTRY = "entry"
#: A fact of a claim, from a day on.
CLAIM_FACT: Final = "claim_fact"
#: Work that is measured while it goes on.
TIMER: Final = "timer"
#: What entries come through that a timer measured.
TIMED_SOURCE: Final = "timer"
#: A file that was imported; its second version is that it was taken back.
FILE_IMPORT: Final = "file_import"
#: A closed month, as 202611; its versions are revisions.
MONTH = "month"
#: And a member's roles, or that they take part at all; it has no versions.
MEMBERSHIP = "membership"
#: And a patient whom the digest leaves out; its versions are months, as 202611, or 0 for none.
SET_ASIDE = "set_aside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One fact that an act changed: its version before (None: it was new) and its version after."""

    #: `entry`, or the name of the table that holds the fact: `episode`, `score`.
    kind: str
    fact_id: int
    before: int | None
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One thing that a person did."""

    act_id: int
    kind: ActKind
    actor: int
    #: Aware, UTC.
    at: datetime
    changes: tuple[Change, ...]
    #: The act that took it back.
    undone_by: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactVersion:
    """One version of a fact, with who wrote it, when and why."""

    #: The name of the table that holds the fact as it stands.
    kind: str
    fact_id: int
    n: int
    patient_id: int | None
    #: True where it counts no more; its values are then as they last stood.
    void: bool
    #: Its columns as Python values, by name.
    values: Mapping[str, Any] = field(repr=False)
    #: What wrote it: the kind of an act, `import`, `upgrade`.
    act: str
    by: int | None
    #: Aware, UTC.
    at: datetime | None
    reason: str = field(default="", repr=False)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedMapping:
    """A practice's own mapping of another system's files."""

    name: str
    #: Of file, as the command line names it.
    kind: str
    #: The mapping, as TOML.
    text: str
    #: None for the command line without a name.
    saved_by: int | None = None
    saved_at: datetime


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
    #: The event that wrote it last, and its instant; None for a row that no event names.
    event: int | None = None
    event_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFinding:
    """A place where the audit chain does not hold."""

    seq: int
    message: str
