"""Requests about a patient's care, as understood from a person's words."""

from dataclasses import dataclass, field
from datetime import date

from billing.clinical import AttestationKind, Scale, StatementKind
from billing.episodes import ConsentKind, Program
from billing.months import BillingMonth
from services.entries.requests import LogRequest
from services.people.patient_ref import PatientRef


@dataclass(frozen=True, slots=True, kw_only=True)
class OnePatient:
    """What every request about one patient has."""

    patient: PatientRef
    #: How the words were read, where the receipt must say it: "took friday as Fri Nov 20".
    remarks: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enroll(OnePatient):
    """Begin an episode, or bring the open one up to date."""

    #: None when not said: today for a new episode, as it is for an open one.
    on: date | None = None
    program: Program | None = None
    payer: str = ""
    #: NPI of the treating or referring practitioner, valid by its check digit.
    npi: str = ""
    #: NPI of the practitioner or group that bills, valid by its check digit.
    billing_npi: str = ""
    #: ICD-10 codes, all that hold.
    diagnosis_codes: tuple[str, ...] = ()
    place_of_service: str = ""
    #: Whether the patient is enrolled in Advanced Primary Care Management; None when not said.
    apcm: bool | None = None
    #: The local date from which these, the payer and the care manager hold; None when not said.
    claim_from: date | None = None
    #: Slack user id or display name of the care manager.
    care_manager: str | None = None
    #: True once the person has said that an MRN much like one of the roster is a patient of its own.
    sure_of_mrn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveConsent(OnePatient):
    """A consent was given."""

    on: date
    kind: ConsentKind
    #: Whether cost-sharing was disclosed; None when not said.
    cost_sharing: bool | None = None
    #: True when this puts right the consent on file instead of adding one.
    corrects: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeConsent(OnePatient):
    """The patient took their consent back."""

    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A score as typed, within the scale's range."""

    scale: Scale
    value: int
    #: What was answered about suicide, see `billing.safety`; None where nobody said.
    answer: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assess(OnePatient):
    """An assessment with the scores of validated scales."""

    on: date
    #: At least one; each scale once.
    scores: tuple[Measured, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A psychiatric case review of one patient or several."""

    patients: tuple[PatientRef, ...]
    on: date
    #: The time it took, as for a log; none for a review without minutes.
    entries: tuple[LogRequest, ...] = ()
    #: The consultant's words; may be empty.
    recommendation: str = field(default="", repr=False)
    #: `by @dr`: whose review it was. `with @dr`: who took part.
    by: str | None = None
    participants: tuple[str, ...] = ()
    #: When the recommendation went to the treating provider.
    sent_on: date | None = None
    remarks: tuple[str, ...] = field(default=(), repr=False)

    @property
    def is_word_of_sending(self) -> bool:
        """True for `review MRN123 sent 11/5`, which tells of a review on file."""
        told = self.entries or self.recommendation or self.by or self.participants
        return self.sent_on is not None and not told


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviews:
    """Case reviews of one message, a line for each with words of its own; recorded all or none."""

    #: At least two, or one where it is asked how its time is meant.
    lines: tuple[Review, ...]
    remarks: tuple[str, ...] = field(default=(), repr=False)
    #: What must be asked before anything is recorded; empty where nothing is.
    asks: str = field(default="", repr=False)
    #: The answers: the label of each, and the lines that it stands for.
    answers: tuple[tuple[str, tuple[Review, ...]], ...] = field(default=(), repr=False)

    @property
    def patients(self) -> tuple[PatientRef, ...]:
        """Every patient of every line, in order."""
        return tuple(dict.fromkeys(ref for line in self.lines for ref in line.patients))

    @property
    def is_word_of_sending(self) -> bool:
        """True when every line tells of a review on file."""
        return all(line.is_word_of_sending for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Discharge(OnePatient):
    """End the open episode."""

    on: date
    reason: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assign(OnePatient):
    """Give a patient to a care manager."""

    #: Slack user id or display name; None is the person typing.
    care_manager: str | None
    #: The local date from which they look after the patient; None when not said.
    claim_from: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Admit(OnePatient):
    """A stay in a hospital or another facility; at least one of the dates is given."""

    admitted_on: date | None
    left_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeStatement(OnePatient):
    """A statement that a finding asks for."""

    kind: StatementKind
    on: date
    #: The last day for which it holds; None for good.
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleReviews(OnePatient):
    """Whether the case reviews of one day that the care manager and the consultant wrote down are the same."""

    is_one: bool
    #: None where no day was said: the only one that waits for the answer.
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attest(OnePatient):
    """Somebody's word for a patient's month."""

    month: BillingMonth
    kind: AttestationKind


CareRequest = (
    Enroll
    | GiveConsent
    | RevokeConsent
    | Assess
    | Review
    | Reviews
    | Discharge
    | Assign
    | Admit
    | MakeStatement
    | SettleReviews
    | Attest
)
