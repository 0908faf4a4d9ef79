"""What a message may have to say of one patient's month, and of a caseload."""

from dataclasses import dataclass, field
from datetime import date

from billing.evaluate import MonthResult
from billing.findings.finding import Finding, Severity
from billing.findings.registry import row_of
from billing.findings.row import About
from billing.people import Patient
from billing.reliable_change import Rise
from billing.safety import SafetySignal
from billing.thresholds import Threshold


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientMonth:
    """Where one patient stands this month, as far as their care manager can act on it."""

    patient: Patient = field(repr=False)
    result: MonthResult
    #: What of the month's findings the care manager is told today, blockers first.
    told: tuple[Finding, ...]
    #: Entries that are held until their activity is confirmed.
    held: int
    #: Local date on which the patient was last worked for; None where they never were.
    last_contact_on: date | None
    #: Planned, its day come, and not kept yet.
    contact_due_on: date | None
    #: The last review, where it lies so long ago that the next is due.
    review_due_since: date | None
    #: When the episode began, where nobody has reviewed the patient since then and somebody should have.
    unreviewed_since: date | None = None
    #: A score that rose lately by what its instrument calls change.
    worse: Rise | None = None
    #: A positive answer about suicide that nobody has marked as seen.
    signal: SafetySignal | None = None
    #: The last day of an episode that ended this month.
    discharged_on: date | None = None
    #: Whether any time was written this month.
    has_time: bool = True
    #: Whether the patient is in the person's care today; others are only worked for, or were discharged this month.
    in_care: bool = True

    @property
    def threshold(self) -> Threshold:
        """How far the month has come."""
        return self.result.threshold

    @property
    def comes_first(self) -> bool:
        """Whether the patient's health, or their care, asks for somebody today."""
        return self.in_care and (
            self.signal is not None
            or self.worse is not None
            or self.contact_due_on is not None
            or self.asks_for_review
        )

    @property
    def asks_for_review(self) -> bool:
        """Whether a case review is overdue, or was never held."""
        return self.review_due_since is not None or self.unreviewed_since is not None

    @property
    def can_be_fixed(self) -> bool:
        """Whether something blocks the month that the person can still put right."""
        return self.lacks_something or self.held > 0

    @property
    def lacks_something(self) -> bool:
        """Whether something that is told blocks the month, or is about more than time that does not count."""
        return any(
            finding.severity is Severity.BLOCKER or row_of(finding).about is not About.TIME
            for finding in self.told
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Untouched:
    """A patient without any time this month, of whom nothing else is to be said."""

    patient: Patient = field(repr=False)
    last_contact_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseloadNews:
    """One person's patients, as far as something may have to be said of them."""

    #: How many they look after.
    patients: int
    #: Those who deserved a closer look.
    months: tuple[PatientMonth, ...] = field(repr=False)
    untouched: tuple[Untouched, ...] = field(repr=False)
