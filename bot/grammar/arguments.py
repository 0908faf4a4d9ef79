"""What commands about entries and months were given."""

from dataclasses import dataclass, field

from billing.months import BillingMonth
from bot.grammar.parsed import Arguments
from services.entries.changes import EntryEdit, EntrySplit
from services.messages.choices import ReminderRequest
from services.people.patient_ref import PatientRef


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthArguments(Arguments):
    """`month october`, `close october`; without a month, the command's own choice."""

    month: BillingMonth | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekArguments(Arguments):
    """`week`, or `week last`."""

    last: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyArguments(Arguments):
    """`why MRN123 october`."""

    patient: PatientRef
    month: BillingMonth | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenArguments(Arguments):
    """`reopen october two reviews were entered late`."""

    month: BillingMonth
    reason: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindArguments(Arguments):
    """`remind 8:30`, `remind practice month-end 7am`; `remind` alone asks for what is set."""

    request: ReminderRequest = field(default_factory=ReminderRequest)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryArguments(Arguments):
    """`history e-36`; `void` gives its reason too."""

    entry_id: int
    reason: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class EditArguments(Arguments):
    """`edit e-36 25m because I typed 15`."""

    edit: EntryEdit


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitArguments(Arguments):
    """`split e-36 10m MRN123 / 5m MRN124`."""

    split: EntrySplit
