"""The facts about one patient's month that the rules judge."""

from dataclasses import dataclass
from datetime import date, datetime

from billing.claim_facts import ClaimFact
from billing.clinical import Admission, Attestation, CaseReview, OtherService, Score, Statement
from billing.entries import TimeEntry
from billing.episodes import Episode
from billing.months import BillingMonth
from billing.overlaps import Overlap


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthFacts:
    """One patient, one calendar month. Holds no name, MRN or note."""

    patient_id: int
    month: BillingMonth
    #: The month's entries as they stand now, in any order; voided ones are not among them.
    entries: tuple[TimeEntry, ...] = ()
    #: All of the patient's episodes, in any order; without one the patient is not enrolled.
    episodes: tuple[Episode, ...] = ()
    #: Reviews, scores, statements and stays; those of other months do no harm.
    reviews: tuple[CaseReview, ...] = ()
    scores: tuple[Score, ...] = ()
    statements: tuple[Statement, ...] = ()
    admissions: tuple[Admission, ...] = ()
    #: Attestations made for this month.
    attestations: tuple[Attestation, ...] = ()
    #: Services billed beside CoCM, of this month.
    other_services: tuple[OtherService, ...] = ()
    #: Codes with which this patient's month was submitted, where other services may be those very claims.
    submitted_codes: tuple[str, ...] = ()
    #: What of the claim changed, and from which day; a kind that is not among them is as recorded, on every day.
    claim_facts: tuple[ClaimFact, ...] = ()
    #: NPI of the treating or referring practitioner, as recorded.
    referring_npi: str = ""
    #: Whether a problem list is on file.
    problems_recorded: bool = False
    #: Months, up to this one, in which the patient has CoCM time, as far as a gap in care can hang on them.
    active_months: tuple[BillingMonth, ...] = ()
    #: Where a CoCM episode began within one of them: the last day with such time before it, in that month.
    care_before: tuple[date, ...] = ()
    #: Earlier months that took 99492: reached it or billed it, as the rules ask.
    initial_months: tuple[BillingMonth, ...] = ()
    #: Clock time that belongs to another patient's entry; see `billing.overlaps`.
    overlaps: tuple[Overlap, ...] = ()
    #: Fingerprints of words used for many patients; see `billing.repetition`.
    repeated_words: frozenset[str] = frozenset()
    #: Members who took part in the month's entries and are psychiatric consultants.
    consultants: frozenset[int] = frozenset()
    #: Instant at which the month was closed, if it is; entries written later are addenda.
    closed_at: datetime | None = None
