"""The database: SQLModel tables, the ledger, the unit of work, migrations."""

from storage.database import Database
from storage.entry_columns import note_digest
from storage.errors import (
    AlreadyExists,
    Contention,
    DatabaseUnavailable,
    DuplicateRequest,
    NotFound,
    NotSaved,
    Owner,
    SaveUncertain,
    StaleVersion,
    StorageError,
)
from storage.requests import NO_RECEIPT
from storage.tenants import NO_TENANT
from storage.unit_of_work import UnitOfWork
from storage.values import (
    AuditFinding,
    ChangedRow,
    DamagedEntry,
    EntryChanges,
    EntryVersion,
    MembershipRequest,
    NewEntry,
    ProjectionDifference,
    ProjectionFault,
    StoredReceipt,
    Tampering,
    Tenant,
    VersionKind,
)

__all__ = [
    "NO_RECEIPT",
    "NO_TENANT",
    "AlreadyExists",
    "AuditFinding",
    "ChangedRow",
    "Contention",
    "DamagedEntry",
    "Database",
    "DatabaseUnavailable",
    "DuplicateRequest",
    "EntryChanges",
    "EntryVersion",
    "MembershipRequest",
    "NewEntry",
    "NotFound",
    "NotSaved",
    "Owner",
    "ProjectionDifference",
    "ProjectionFault",
    "SaveUncertain",
    "StaleVersion",
    "StorageError",
    "StoredReceipt",
    "Tampering",
    "Tenant",
    "UnitOfWork",
    "VersionKind",
    "note_digest",
]
