"""The database: SQLModel tables, the ledger, the unit of work, migrations."""

from storage.audit_keys import NO_KEYS, SHORTEST_KEY, AuditKeys
from storage.chain import NOT_WALKED, Head, Walked
from storage.claim_facts import StoredClaimFact
from storage.claim_parties import ClaimFile
from storage.damage import DamagedRow
from storage.data_keys import NO_DATA_KEYS, DataKeys, UnfitKeyError, new_key
from storage.database import Database
from storage.deliveries import SentMessage
from storage.digests import BASELINE, NoteDigest, NotePlace, NoteTrail
from storage.encryption import FIRST_PLACE, Place, Reencrypted
from storage.entry_columns import note_digest
from storage.errors import (
    AlreadyExists,
    Busy,
    Contention,
    DatabaseInUse,
    DatabaseReplaced,
    DatabaseSetAside,
    DatabaseUnavailable,
    DiskFull,
    DuplicateRequest,
    NewerSchema,
    NotFound,
    NotMoved,
    NotOwner,
    NotSaved,
    OlderSchema,
    Owner,
    PlanOutdated,
    ReadOnly,
    SaveUncertain,
    StaleVersion,
    StorageError,
    UnfitFile,
)
from storage.facts import FACT_KINDS
from storage.homes import OpenedHome
from storage.import_contents import (
    FEE_CONTENT,
    MEMBER_CONTENT,
    PATIENT_CONTENT,
    PAYER_CONTENT,
    SERVICE_CONTENT,
)
from storage.import_log import RECEIPT, FileImport, ImportChange
from storage.imported_keys import DERIVED_KEY, ImportedEntry
from storage.imports import ImportedEntries
from storage.leftovers import Leftover
from storage.marks import LOGGED, Mark, Since
from storage.merges import ALIAS, MovedRow, PatientMerge
from storage.notices import Notice, NoticeOf
from storage.patience import unhurried, within
from storage.pending import OpenQuestion
from storage.pulses import Pulse
from storage.ready_entries import ReadyEntries
from storage.requests import NO_RECEIPT, KeptStep
from storage.retention import NoteHold, NoteRemoval
from storage.seals import SEALED, Seal
from storage.signals import StoredAnswer, StoredSignal
from storage.tenants import NO_TENANT
from storage.unit_of_work import UnitOfWork
from storage.values import (
    CLAIM_FACT,
    ENTRY,
    FILE_IMPORT,
    MEMBERSHIP,
    MERGE_SOURCE,
    MONTH,
    SET_ASIDE,
    TIMED_SOURCE,
    TIMER,
    Act,
    ActKind,
    AuditFinding,
    Change,
    ChangedRow,
    DamagedEntry,
    EntryChanges,
    EntryVersion,
    FactVersion,
    MembershipRequest,
    NewEntry,
    ProjectionDifference,
    ProjectionFault,
    SavedMapping,
    StoredReceipt,
    Tampering,
    Tenant,
    VersionKind,
)

__all__ = [
    "ALIAS",
    "BASELINE",
    "CLAIM_FACT",
    "DERIVED_KEY",
    "ENTRY",
    "FACT_KINDS",
    "FEE_CONTENT",
    "FILE_IMPORT",
    "FIRST_PLACE",
    "LOGGED",
    "MEMBERSHIP",
    "MEMBER_CONTENT",
    "MERGE_SOURCE",
    "MONTH",
    "NOT_WALKED",
    "NO_DATA_KEYS",
    "NO_KEYS",
    "NO_RECEIPT",
    "NO_TENANT",
    "PATIENT_CONTENT",
    "PAYER_CONTENT",
    "RECEIPT",
    "SEALED",
    "SERVICE_CONTENT",
    "SET_ASIDE",
    "SHORTEST_KEY",
    "TIMED_SOURCE",
    "TIMER",
    "Act",
    "ActKind",
    "AlreadyExists",
    "AuditFinding",
    "AuditKeys",
    "Busy",
    "Change",
    "ChangedRow",
    "ClaimFile",
    "Contention",
    "DamagedEntry",
    "DamagedRow",
    "DataKeys",
    "Database",
    "DatabaseInUse",
    "DatabaseReplaced",
    "DatabaseSetAside",
    "DatabaseUnavailable",
    "DiskFull",
    "DuplicateRequest",
    "EntryChanges",
    "EntryVersion",
    "FactVersion",
    "FileImport",
    "Head",
    "ImportChange",
    "ImportedEntries",
    "ImportedEntry",
    "KeptStep",
    "Leftover",
    "Mark",
    "MembershipRequest",
    "MovedRow",
    "NewEntry",
    "NewerSchema",
    "NotFound",
    "NotMoved",
    "NotOwner",
    "NotSaved",
    "NoteDigest",
    "NoteHold",
    "NotePlace",
    "NoteRemoval",
    "NoteTrail",
    "Notice",
    "NoticeOf",
    "OlderSchema",
    "OpenQuestion",
    "OpenedHome",
    "Owner",
    "PatientMerge",
    "Place",
    "PlanOutdated",
    "ProjectionDifference",
    "ProjectionFault",
    "Pulse",
    "ReadOnly",
    "ReadyEntries",
    "Reencrypted",
    "SaveUncertain",
    "SavedMapping",
    "Seal",
    "SentMessage",
    "Since",
    "StaleVersion",
    "StorageError",
    "StoredAnswer",
    "StoredClaimFact",
    "StoredReceipt",
    "StoredSignal",
    "Tampering",
    "Tenant",
    "UnfitFile",
    "UnfitKeyError",
    "UnitOfWork",
    "VersionKind",
    "Walked",
    "new_key",
    "note_digest",
    "unhurried",
    "within",
]
