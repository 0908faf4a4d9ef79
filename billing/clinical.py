"""Values for case reviews, scores, statements, attestations, stays and other services of a patient."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReview:
    """A psychiatric consultant's review of one patient's case."""

    review_id: int
    patient_id: int
    reviewed_on: date
    #: Member who is the consultant, and member who wrote it down.
    consultant: int
    recorded_by: int
    recorded_at: datetime
    #: The entry that holds its time; None for a review recorded without minutes.
    entry_id: int | None = None
    #: When the consultant's advice went to the treating provider; its words are not kept here.
    sent_on: date | None = None
    #: Local date of `recorded_at` for whoever wrote it down; None for one kept before that was asked.
    recorded_on: date | None = None


class Scale(StrEnum):
    """Validated scales that the program knows."""

    PHQ9 = "PHQ-9"
    PHQ2 = "PHQ-2"
    PHQA = "PHQ-A"
    GAD7 = "GAD-7"
    GAD2 = "GAD-2"
    PCL5 = "PCL-5"
    AUDIT = "AUDIT"
    AUDIT_C = "AUDIT-C"
    DAST10 = "DAST-10"
    EPDS = "EPDS"
    MDQ = "MDQ"
    PSC17 = "PSC-17"
    SCARED = "SCARED"
    VANDERBILT = "Vanderbilt"
    CSSRS = "C-SSRS"

    @property
    def highest(self) -> int | None:
        """The scale's highest score; None where it is not one sum."""
        return _HIGHEST.get(self)


_HIGHEST = {
    Scale.PHQ9: 27,
    Scale.PHQ2: 6,
    Scale.PHQA: 27,
    Scale.GAD7: 21,
    Scale.GAD2: 6,
    Scale.PCL5: 80,
    Scale.AUDIT: 40,
    Scale.AUDIT_C: 12,
    Scale.DAST10: 10,
    Scale.EPDS: 30,
    Scale.MDQ: 13,
    Scale.PSC17: 34,
    Scale.SCARED: 82,
    #: The highest question of the screener answered with yes.
    Scale.CSSRS: 6,
}


def scale_named(text: str) -> Scale | None:
    """The scale that people mean by `phq9`, `PHQ-9` or `phq 9`; None when there is none."""
    plain = _plain(text)
    return next((scale for scale in Scale if _plain(scale.value) == plain), None)


def _plain(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One result of a validated scale."""

    score_id: int
    patient_id: int
    scale: Scale
    value: int
    measured_on: date
    recorded_by: int | None = None
    #: Local date on which it was written down; None for one kept before that was asked.
    recorded_on: date | None = None


class Direction(StrEnum):
    """Where repeated scores go; on every scale here a lower score is better."""

    BETTER = "better"
    SAME = "same"
    WORSE = "worse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """A scale's scores over time."""

    scale: Scale
    #: Oldest first.
    scores: tuple[Score, ...]

    @property
    def change(self) -> int:
        """Last score minus first: negative is better."""
        return self.scores[-1].value - self.scores[0].value

    @property
    def latest(self) -> Direction:
        """Where the last score went from the one before it."""
        if len(self.scores) == 1 or self.scores[-1].value == self.scores[-2].value:
            return Direction.SAME
        return Direction.WORSE if self.scores[-1].value > self.scores[-2].value else Direction.BETTER


def trends(scores: Iterable[Score]) -> tuple[Trend, ...]:
    """Scores by scale, each in the order of time; scales in the order of their first score."""
    by_scale: dict[Scale, list[Score]] = {}
    for score in sorted(scores, key=lambda score: (score.measured_on, score.score_id)):
        by_scale.setdefault(score.scale, []).append(score)
    return tuple(Trend(scale=scale, scores=tuple(found)) for scale, found in by_scale.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """An assessment, usually with a score of a validated scale."""

    assessed_on: date
    assessed_by: int | None = None
    score: Score | None = None


def initial_assessment(assessments: Iterable[Assessment]) -> date | None:
    """The date of an episode's initial assessment: its earliest. A later one never moves it."""
    return min((assessment.assessed_on for assessment in assessments), default=None)


class StatementKind(StrEnum):
    """What a statement says."""

    #: Care management is separate from an outside therapist's work.
    NON_DUPLICATION = "non_duplication"
    #: Continued care is medically necessary.
    NECESSITY = "necessity"
    #: The payer authorized further months.
    PRIOR_AUTHORIZATION = "prior_authorization"
    #: The care manager's and the consultant's case reviews of that day are one, or two (R-215).
    SAME_REVIEW = "same_review"
    TWO_REVIEWS = "two_reviews"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A documented statement that a finding asked for."""

    statement_id: int
    patient_id: int
    kind: StatementKind
    made_on: date
    made_by: int
    #: Last day for which it holds; None means until a newer one.
    valid_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """A stay in a hospital or another facility."""

    admission_id: int
    patient_id: int
    admitted_on: date
    #: None while the stay lasts.
    left_on: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether a day is an inpatient day: the day of admission is, the day of leaving is not.

        A stay that begins and ends on one day makes that day inpatient.
        """
        if self.left_on is None or day <= self.admitted_on:
            return self.admitted_on <= day
        return day < self.left_on


class AttestationKind(StrEnum):
    """What a person has looked into and vouches for."""

    CONSULTANT_TIME = "consultant_time"
    LATE_TIME = "late_time"
    CORRECTED_TIME = "corrected_time"
    LAST_DAY_TIME = "last_day_time"
    #: Which payer the time of a month is billed to that several cover.
    COVERAGE = "coverage"
    LATE_RECORD = "late_record"
    OTHER_CLAIM = "other_claim"
    APCM = "apcm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestation:
    """A biller's or supervisor's word for one patient's month."""

    kind: AttestationKind
    attested_by: int
    attested_at: datetime


#: Stands for a person who is no member of the practice.
SOMEBODY_ELSE = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherService:
    """A service billed beside Collaborative Care, known from the practice's claims."""

    code: str
    service_on: date
    #: Member who gave it, or `SOMEBODY_ELSE`; None where nobody said.
    performed_by: int | None = None
