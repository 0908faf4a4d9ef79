"""The outcome of a request about care, for the person's screen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from billing.clinical import Admission, AttestationKind, CaseReview, Score, Statement, Trend
from billing.episodes import Consent, Episode
from billing.months import BillingMonth
from billing.people import Member, Patient
from services.care.claims import ClaimChange
from services.care.safety import Circle
from services.entries.receipts import Receipt
from services.months.standing import Standing


class Detail(StrEnum):
    """What an enrollment brought up to date."""

    PAYER = "payer"
    NPI = "npi"
    BILLING_NPI = "billing_npi"
    DIAGNOSIS = "diagnosis"
    PLACE_OF_SERVICE = "place_of_service"
    APCM = "apcm"
    CARE_MANAGER = "care_manager"
    BEGIN = "begin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """An episode begun, or the open one found and brought up to date."""

    episode: Episode
    #: The episode that was open already, as it stood; None when one has begun.
    before: Episode | None
    #: True when earlier care had ended.
    again: bool
    #: What is now otherwise, or was said with a new episode.
    details: frozenset[Detail]
    care_manager: Member | None
    npi: str
    #: False for a payer whose rules nobody has recorded.
    payer_known: bool
    #: What was said of the patient's claims, and from when on it holds; people by their names.
    claims: tuple[ClaimChange, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Consented:
    """A consent on file."""

    consent: Consent
    #: True when it stood there already, word for word.
    already: bool = False
    #: The consent that it put right.
    corrected: Consent | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Revoked:
    """A consent taken back."""

    on: date
    #: True when it was on file already.
    already: bool = False


class Initial(StrEnum):
    """What an assessment means for the episode's initial assessment."""

    SET = "set"
    #: An earlier one than was on file.
    MOVED_BACK = "moved_back"
    STANDS = "stands"
    BEFORE_CARE = "before_care"
    NOT_ENROLLED = "not_enrolled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessed:
    """Scores on file."""

    on: date
    scores: tuple[Score, ...]
    #: One for each of the scores, with what was measured before.
    trends: tuple[Trend, ...]
    #: Scores of the same scale and day that these put right.
    corrected: tuple[Score, ...]
    initial: Initial
    #: The episode's initial assessment as it now stands.
    initial_on: date | None
    #: What was answered about suicide, by score, corrected ones too; those of which nobody said are left out.
    answers: Mapping[int, int] = field(default_factory=dict)
    #: True where a positive answer of that day is put right, and none stands any more.
    takes_back: bool = False
    #: Who is sent word of a positive answer; None where none is news.
    circle: Circle | None = None
    #: True where the person is told how the answer to a scale's item is written, having never written one.
    explains: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """A case review on file for each of its patients."""

    on: date
    consultant: Member
    participants: tuple[Member, ...]
    #: The receipt of its time; None without minutes.
    time: Receipt | None
    recommendation: str = field(repr=False)
    sent_on: date | None
    left: tuple["LeftOut", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A patient whose review was not recorded again: that consultant's of that day is on file."""

    patient: Patient = field(repr=False)
    review: CaseReview
    consultant: Member
    #: What was typed and not stored: words that differ from those on file, and seconds.
    recommendation: str = field(repr=False)
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedLine:
    """What one line of several recorded."""

    patients: tuple[Patient, ...] = field(repr=False)
    outcome: "Reviewed | AdviceSent"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedLines:
    """The case reviews of one message; their time is one receipt."""

    lines: tuple[ReviewedLine, ...]
    #: The receipt of all their time; None where no line had any.
    time: Receipt | None
    left: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceSent:
    """A review's recommendation has gone to the treating provider."""

    reviewed_on: date
    sent_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Discharged:
    """An episode ended."""

    on: date
    reason: str = field(repr=False)
    #: True when it had ended already.
    already: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    """A care manager looks after the patient."""

    care_manager: Member
    before: Member | None
    #: From when on; people by their names.
    change: ClaimChange


@dataclass(frozen=True, slots=True, kw_only=True)
class Stayed:
    """A stay in a facility as it is now on file."""

    admission: Admission
    already: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A statement on file."""

    statement: Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewsSettled:
    """Whether the two case reviews of a day are the same."""

    on: date
    is_one: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Attested:
    """Somebody's word for a month."""

    month: BillingMonth
    kind: AttestationKind


Outcome = (
    Enrolled
    | Consented
    | Revoked
    | Assessed
    | Reviewed
    | ReviewedLines
    | AdviceSent
    | Discharged
    | Assigned
    | Stayed
    | Stated
    | ReviewsSettled
    | Attested
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a use case recorded, for whom, and which months it touches."""

    patients: tuple[Patient, ...]
    outcome: Outcome
    #: Months that may now stand otherwise, besides the present one.
    months: tuple[BillingMonth, ...] = ()
    #: The earliest local date for which something is otherwise; the closed months since then are named.
    since: date | None = None
    #: How the words were taken where others decide it: whose review a line is that names nobody.
    remarks: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CareReceipt:
    """The answer to a request about care."""

    patients: tuple[Patient, ...]
    #: None when Slack delivered the same request again and nothing was done twice.
    outcome: Outcome | None
    standings: tuple[Standing, ...]
    #: How the words were read, and which of the months touched are closed.
    remarks: tuple[str, ...] = field(repr=False)
    today: date
    #: The act by which it can be taken back; None where nothing was changed.
    act_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CareQuestion:
    """Nothing is recorded yet: the MRN is nobody's, and one much like it is somebody's."""

    #: Opaque id that the answer carries.
    pending_id: str
    #: What is asked.
    message: str = field(repr=False)
    #: Labels of the answers, in their order.
    choices: tuple[str, ...] = field(repr=False)
