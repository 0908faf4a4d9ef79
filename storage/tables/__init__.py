"""The tables, declared with SQLModel. Rows never leave `storage`: it hands out values of `billing`."""

from storage.tables.base import Row, table_of
from storage.tables.bookkeeping import (
    AuditEventRow,
    AuditHeadRow,
    PendingPayloadRow,
    PendingQuestionRow,
    RequestRow,
)
from storage.tables.ledger import ENTRY_NUMBERS, CurrentEntryRow, EntryTextRow, EntryVersionRow
from storage.tables.people import (
    EpisodeRow,
    MemberRow,
    PatientIdentityRow,
    PatientRow,
    PatientSpellingRow,
    TenantRow,
)

__all__ = [
    "ENTRY_NUMBERS",
    "AuditEventRow",
    "AuditHeadRow",
    "CurrentEntryRow",
    "EntryTextRow",
    "EntryVersionRow",
    "EpisodeRow",
    "MemberRow",
    "PatientIdentityRow",
    "PatientRow",
    "PatientSpellingRow",
    "PendingPayloadRow",
    "PendingQuestionRow",
    "RequestRow",
    "Row",
    "TenantRow",
    "table_of",
]
