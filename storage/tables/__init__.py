"""The tables, declared with SQLModel. Rows never leave `storage`: it hands out values of `billing`."""

from storage.tables.acts import ACT_NUMBERS, ActRow, FactVersionRow, FactVersionTextRow, UndoneActRow
from storage.tables.at_rest import DataKeyRow, NoteHoldRow, NoteRemovalRow
from storage.tables.base import TableRow, table_of
from storage.tables.bookkeeping import (
    AuditEventRow,
    AuditHeadRow,
    AuditSealRow,
    PendingPayloadRow,
    PendingQuestionRow,
    RequestRow,
)
from storage.tables.care import (
    AdmissionRow,
    AttestationRow,
    CaseReviewRow,
    CaseReviewTextRow,
    ClaimFactRow,
    OtherServiceRow,
    ScoreRow,
    StatementRow,
)
from storage.tables.claim_events import ClaimEventRow
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
    PayerNameRow,
    PayerRuleRow,
)
from storage.tables.covers import CoverRow
from storage.tables.deliveries import (
    DeliveryRow,
    DirectMessageRow,
    NoticeRow,
    PracticeReminderChoiceRow,
    ReminderChoiceRow,
    SetAsideRow,
)
from storage.tables.homes import OpenedHomeRow, RefusedBlockRow
from storage.tables.imports import (
    FileImportRow,
    ImportChangeRow,
    ImportChangeTextRow,
    UndoneImportRow,
)
from storage.tables.ledger import ENTRY_NUMBERS, CurrentEntryRow, EntryTextRow, EntryVersionRow
from storage.tables.mappings import ImportMappingRow
from storage.tables.people import (
    EpisodeRow,
    MemberRow,
    MembershipRequestRow,
    PatientIdentityRow,
    PatientMergeRow,
    PatientMovedRow,
    PatientRow,
    PatientSpellingRow,
    TenantRow,
)
from storage.tables.settings import PracticeSettingRow
from storage.tables.timers import TimerRow
from storage.tables.upkeep import NodePulseRow, UnknownReadRow

__all__ = [
    "ACT_NUMBERS",
    "ENTRY_NUMBERS",
    "ActRow",
    "AdmissionRow",
    "AttestationRow",
    "AuditEventRow",
    "AuditHeadRow",
    "AuditSealRow",
    "CaseReviewRow",
    "CaseReviewTextRow",
    "ClaimEventRow",
    "ClaimFactRow",
    "CoverRow",
    "CurrentEntryRow",
    "DataKeyRow",
    "DeliveryRow",
    "DirectMessageRow",
    "EntryTextRow",
    "EntryVersionRow",
    "EpisodeRow",
    "FactVersionRow",
    "FactVersionTextRow",
    "FeeRateRow",
    "FeeScheduleRow",
    "FileImportRow",
    "FrozenLineRow",
    "ImportChangeRow",
    "ImportChangeTextRow",
    "ImportMappingRow",
    "ImportedEntryRow",
    "MemberRow",
    "MembershipRequestRow",
    "MonthCloseRow",
    "MonthCloseTextRow",
    "MonthReopeningRow",
    "MonthReopeningTextRow",
    "MonthSubmissionRow",
    "NodePulseRow",
    "NoteHoldRow",
    "NoteRemovalRow",
    "NoticeRow",
    "OpenedHomeRow",
    "OtherServiceRow",
    "PatientIdentityRow",
    "PatientMergeRow",
    "PatientMovedRow",
    "PatientRow",
    "PatientSpellingRow",
    "PayerNameRow",
    "PayerRuleRow",
    "PendingPayloadRow",
    "PendingQuestionRow",
    "PracticeReminderChoiceRow",
    "PracticeSettingRow",
    "RefusedBlockRow",
    "ReminderChoiceRow",
    "RequestRow",
    "ScoreRow",
    "SetAsideRow",
    "StatementRow",
    "TableRow",
    "TenantRow",
    "TimerRow",
    "UndoneActRow",
    "UndoneImportRow",
    "UnknownReadRow",
    "table_of",
]
