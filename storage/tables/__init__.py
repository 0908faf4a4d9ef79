"""The tables, declared with SQLModel. Rows never leave `storage`: it hands out values of `billing`."""

from storage.tables.base import TableRow, table_of
from storage.tables.bookkeeping import (
    AuditEventRow,
    AuditHeadRow,
    PendingPayloadRow,
    PendingQuestionRow,
    RequestRow,
)
from storage.tables.care import (
    AdmissionRow,
    AttestationRow,
    CaseReviewRow,
    CaseReviewTextRow,
    OtherServiceRow,
    ScoreRow,
    StatementRow,
)
from storage.tables.claims import (
    FeeRateRow,
    FeeScheduleRow,
    FrozenLineRow,
    ImportedEntryRow,
    MonthCloseRow,
    MonthCloseTextRow,
    MonthReopeningRow,
    MonthReopeningTextRow,
    MonthSubmissionRow,
    PayerRow,
)
from storage.tables.deliveries import (
    DeliveryRow,
    DirectMessageRow,
    PracticeReminderChoiceRow,
    ReminderChoiceRow,
    SetAsideRow,
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
    "AdmissionRow",
    "AttestationRow",
    "AuditEventRow",
    "AuditHeadRow",
    "CaseReviewRow",
    "CaseReviewTextRow",
    "CurrentEntryRow",
    "DeliveryRow",
    "DirectMessageRow",
    "EntryTextRow",
    "EntryVersionRow",
    "EpisodeRow",
    "FeeRateRow",
    "FeeScheduleRow",
    "FrozenLineRow",
    "ImportedEntryRow",
    "MemberRow",
    "MonthCloseRow",
    "MonthCloseTextRow",
    "MonthReopeningRow",
    "MonthReopeningTextRow",
    "MonthSubmissionRow",
    "OtherServiceRow",
    "PatientIdentityRow",
    "PatientRow",
    "PatientSpellingRow",
    "PayerRow",
    "PendingPayloadRow",
    "PendingQuestionRow",
    "PracticeReminderChoiceRow",
    "ReminderChoiceRow",
    "RequestRow",
    "ScoreRow",
    "SetAsideRow",
    "StatementRow",
    "TableRow",
    "TenantRow",
    "table_of",
]
