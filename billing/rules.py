"""The codes and their times as dated, cited data; and the one value by which a month is judged.

Sources are named in `docs/billing-rules.md`. Where they disagree the rule is a setting, never a constant.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from billing.durations import HOUR, MINUTE

INITIAL_MONTH = "99492"
SUBSEQUENT_MONTH = "99493"
ADD_ON = "99494"
HALF_HOUR = "G2214"
GENERAL_BHI = "99484"
#: Collaborative Care of a rural health clinic or a federally qualified health center, where the payer asks it of them.
CLINIC_MONTH = "G0512"
#: Stands in a payer's modifiers for the office visit on the day care starts.
VISIT = "E/M"


class TimeRule(StrEnum):
    """How full a stretch of time must be before its code is reached."""

    STRICT = "strict"
    MIDPOINT = "midpoint"


class InitialPolicy(StrEnum):
    """Which calendar month of an episode bills 99492."""

    ASSESSMENT_MONTH = "assessment_month"
    FIRST_MONTH_REACHED = "first_month_reached"


class ConsultantMinutes(StrEnum):
    """Whether the psychiatric consultant's own minutes count towards the CoCM codes."""

    COUNT = "count"
    EXCLUDE = "exclude"


class Limit99492(StrEnum):
    """How often 99492 may be billed for one patient."""

    PER_EPISODE = "per episode"
    PER_CALENDAR_YEAR = "per calendar year"


class Psychotherapy(StrEnum):
    """What psychotherapy by the same care manager does to a CoCM month."""

    BLOCKS = "blocks"
    ALLOWED = "allowed"


class Clinic(StrEnum):
    """What kind of clinic the practice is, as far as payers ask such clinics for other codes (R-114)."""

    NONE = "none"
    RHC = "rhc"
    FQHC = "fqhc"


class ConversionFactor(StrEnum):
    """By which of Medicare's two conversion factors amounts are estimated; from 2026 they differ (R-604)."""

    OTHER = "other"
    #: For practitioners who take part in an advanced alternative payment model as qualifying participants.
    QUALIFYING_APM = "qualifying_apm"


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeRules:
    """The practice's own settings; a payer's rule wins where it has one."""

    time_rule: TimeRule = TimeRule.STRICT
    initial_policy: InitialPolicy = InitialPolicy.ASSESSMENT_MONTH
    #: Calendar months in a row without CoCM after which a new episode may bill 99492 again.
    episode_gap_months: int = 6
    consultant_minutes: ConsultantMinutes = ConsultantMinutes.COUNT
    #: True where minutes spent while the patient is in a facility count.
    inpatient_counts: bool = False
    review_required: bool = True
    #: True where a line without diagnosis or problem list may not be billed.
    diagnosis_required: bool = False
    #: Business days after the date of service within which an entry is in time.
    late_after_business_days: int = 1
    #: Entries above this many seconds are looked at.
    long_entry_seconds: int = 2 * HOUR
    #: A finished month within this many seconds above its threshold is "just above".
    just_above_seconds: int = 2 * MINUTE
    #: The same words for this many patients of one person are looked at.
    repeated_words_patients: int = 3
    #: Billed months after which a statement of medical necessity is asked for.
    necessity_after_months: int = 12
    clinic: Clinic = Clinic.NONE
    conversion_factor: ConversionFactor = ConversionFactor.OTHER
    #: Days on which the practice is closed, besides weekends and federal holidays.
    days_off: frozenset[date] = frozenset()
    #: For how many years notes are kept; None where that has no end. No month is judged by it.
    keep_notes_years: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRule:
    """The time of one code, in whole seconds."""

    code: str
    #: From this many seconds on one unit is reached.
    minimum_seconds: int
    #: What one unit stands for; the next unit counts from here.
    full_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Modifier:
    """A modifier that a payer wants on a code; `E/M` stands for the visit on the day care starts."""

    code: str
    modifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicRules:
    """What a payer asks of a rural health clinic or a federally qualified health center instead of the usual codes."""

    #: G0512 in a first month and in a later one; None where such clinics bill the usual codes.
    initial: CodeRule | None = None
    subsequent: CodeRule | None = None
    #: False where such clinics may not bill G2214.
    half_hour: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveredDays:
    """Days of one month, both included, and the rules of the payer that covers them."""

    first_day: date
    last_day: date
    #: The payer's name, as the patient's record has it; empty where none is on file for those days.
    payer: str = ""
    rules: "RuleSet"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """Everything by which one month is judged: the law as of its date, and the settings that stand."""

    time_rule: TimeRule
    #: First month's first day for which these codes and times hold.
    effective: date
    source: str
    #: Day on which the source was last read by a person; None means never.
    verified_on: date | None
    initial: CodeRule
    subsequent: CodeRule
    add_on: CodeRule
    half_hour: CodeRule
    general: CodeRule
    #: Codes that exist on that date and that the payer accepts.
    covered_codes: frozenset[str]
    #: Most units of 99494 in one month; None is no cap.
    max_99494: int | None = None
    limit_99492: Limit99492 = Limit99492.PER_EPISODE
    psychotherapy: Psychotherapy = Psychotherapy.BLOCKS
    prior_auth_after_months: int | None = None
    #: Months that the payer pays for with authorization, after those that it pays for without; None is no end.
    authorized_months: int | None = None
    #: Whole months from the date of service within which the payer takes a claim; None where it has not said.
    timely_filing_months: int | None = None
    #: What the payer asks of RHCs and FQHCs; None where it asks nothing else of them.
    clinic: ClinicRules | None = None
    modifiers: tuple[Modifier, ...] = ()
    #: Name of the payer whose rules are in force; empty where the patient's payer has none on file.
    payer: str = ""
    payer_verified: bool = False
    #: The payer's rules that nobody has verified, `max_99494=3` each. The practice's own of them judge all the same,
    #: the others do not (R-314).
    unverified_own: tuple[str, ...] = ()
    unverified_built_in: tuple[str, ...] = ()
    practice: PracticeRules = field(default_factory=PracticeRules)
    #: Where the payer, or its rules, change within the month: each stretch of days, in order. These rules are then
    #: those of the month's last day. Empty where the same hold on every day.
    by_coverage: tuple[CoveredDays, ...] = ()

    @property
    def name(self) -> str:
        """What a report calls it: `strict 2021-01-01`, with the payer where one has its own."""
        own = f" · {self.payer}" if self.payer else ""
        return f"{self.time_rule} {self.effective.isoformat()}{own}"

    @property
    def looks_back(self) -> bool:
        """Whether a month's codes depend on which earlier months earned 99492."""
        return (
            self.practice.initial_policy is InitialPolicy.FIRST_MONTH_REACHED
            or self.limit_99492 is Limit99492.PER_CALENDAR_YEAR
            or any(covered.rules.looks_back for covered in self.by_coverage)
        )

    def on(self, day: date) -> "RuleSet":
        """The rules of the payer that covers a local date of the month: these, unless another covers it."""
        return next(
            (covered.rules for covered in self.by_coverage if covered.first_day <= day <= covered.last_day),
            self,
        )


_COCM = frozenset({INITIAL_MONTH, SUBSEQUENT_MONTH, ADD_ON})
_READ_ON = date(2026, 11, 22)

#: R-103: full times.
STRICT = RuleSet(
    time_rule=TimeRule.STRICT,
    effective=date(2018, 1, 1),
    source="CPT descriptors of 99492-99494 and 99484 (full times); CMS, MLN909432",
    verified_on=_READ_ON,
    initial=CodeRule(code=INITIAL_MONTH, minimum_seconds=70 * MINUTE, full_seconds=70 * MINUTE),
    subsequent=CodeRule(code=SUBSEQUENT_MONTH, minimum_seconds=60 * MINUTE, full_seconds=60 * MINUTE),
    add_on=CodeRule(code=ADD_ON, minimum_seconds=30 * MINUTE, full_seconds=30 * MINUTE),
    half_hour=CodeRule(code=HALF_HOUR, minimum_seconds=30 * MINUTE, full_seconds=30 * MINUTE),
    general=CodeRule(code=GENERAL_BHI, minimum_seconds=20 * MINUTE, full_seconds=20 * MINUTE),
    covered_codes=_COCM | {GENERAL_BHI},
)
#: R-104: a unit from just past its middle on.
MIDPOINT = replace(
    STRICT,
    time_rule=TimeRule.MIDPOINT,
    source="CPT time rule (a unit is attained when its midpoint is passed); BCBS ND policy NDRP-GC-017",
    initial=replace(STRICT.initial, minimum_seconds=36 * MINUTE),
    subsequent=replace(STRICT.subsequent, minimum_seconds=31 * MINUTE),
    add_on=replace(STRICT.add_on, minimum_seconds=16 * MINUTE),
    half_hour=replace(STRICT.half_hour, minimum_seconds=16 * MINUTE),
)

#: R-114: Medicare's minutes of G0512, full times under both time rules; a payer may ask for others.
CLINIC_INITIAL = CodeRule(code=CLINIC_MONTH, minimum_seconds=70 * MINUTE, full_seconds=70 * MINUTE)
CLINIC_SUBSEQUENT = CodeRule(code=CLINIC_MONTH, minimum_seconds=60 * MINUTE, full_seconds=60 * MINUTE)

#: Codes in force from each date on. Before 2018 these codes did not exist, so nothing is covered.
_CODES_FROM: tuple[tuple[date, frozenset[str], str], ...] = (
    (date(2021, 1, 1), frozenset({HALF_HOUR}) | _COCM | {GENERAL_BHI}, "CMS CY 2021 PFS final rule (G2214)"),
    (date(2018, 1, 1), _COCM | {GENERAL_BHI}, "CMS CY 2018 PFS final rule (99492-99494, 99484)"),
    (date.min, frozenset(), "no Collaborative Care CPT codes before 2018"),
)


def codes_in_force(day: date) -> tuple[date, frozenset[str], str]:
    """Since when the codes of that day hold, which they are, and the source that says so (R-110)."""
    return next(row for row in _CODES_FROM if row[0] <= day)


def rule_set(time_rule: TimeRule, day: date, *, half_hour: bool = False) -> RuleSet:
    """The rules of a local date, without any payer's.

    Args:
        time_rule: `strict` or `midpoint`.
        day: A day judged by them: the date of service, or the first day of a stretch.
        half_hour: True where G2214 is accepted; it is a payer's exception, never the default.
    """
    base = STRICT if time_rule is TimeRule.STRICT else MIDPOINT
    effective, codes, source = codes_in_force(day)
    wanted = codes if half_hour else codes - {HALF_HOUR}
    return replace(base, effective=effective, covered_codes=wanted, source=f"{base.source}; {source}")
