"""The registry row of a finding: its words, who can fix it and how, and from when it is shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from billing.clinical import AttestationKind, StatementKind
from billing.findings.finding import Finding, Has, Rule, Severity
from billing.month_kinds import MonthKind
from billing.months import BillingMonth
from billing.people import MemberRole

#: Who can fix what is wrong with time: everybody who may log it.
WHOEVER_LOGS = tuple(MemberRole)
#: Stand for the patient and the month in the commands of `Row.to_do`.
EXAMPLE_PATIENT = "MRN123"
_EXAMPLE_MONTH = "november"


class When(StrEnum):
    """From when in a month a finding is worth telling to whoever can fix it."""

    #: Each day without the fix may cost minutes that cannot be had back.
    FROM_THE_START = "from_the_start"
    #: Once the next code is within the practice's near minutes, or a code is reached.
    NEAR = "near"
    #: As NEAR, and only while the month's end is near.
    MONTH_END = "month_end"
    #: Only to whoever asks about the month: in the report, `why` and `status`.
    WHEN_ASKED = "when_asked"


class About(StrEnum):
    """Which facts a finding is about."""

    ENROLLMENT = "enrollment"
    CONSENT = "consent"
    ASSESSMENT = "assessment"
    REVIEW = "review"
    STATEMENT = "statement"
    CLAIM = "claim"
    PAYER = "payer"
    TIME = "time"


class Fix(StrEnum):
    """What settles a finding with one tap where it is read; who may is decided by the same rights as typing it."""

    #: Nothing to settle, or not here: `Row.to_do` says who does it, and where.
    ELSEWHERE = "elsewhere"
    #: Forms, filled in as far as things are known.
    ENROLL = "enroll"
    CONSENT = "consent"
    ASSESS = "assess"
    REVIEW = "review"
    DISCHARGE = "discharge"
    #: The answers of entries that are held.
    CONFIRM = "confirm"
    #: An entry begins where the other ends, or ends where it begins.
    TRIM = "trim"
    #: The entry's own form.
    EDIT = "edit"
    #: The word of `Row.answered_by`.
    ATTEST = "attest"
    #: A statement; `Row.states` says which.
    STATE = "state"
    #: Whether two case reviews of a day are one.
    SAME_REVIEW = "same_review"


@lru_cache(maxsize=256)
def _bare(code: str, severity: Severity) -> Finding:
    """A finding of which there is nothing more to say; most patients of a practice have the same."""
    return Finding(code=code, severity=severity)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Row:
    """Everything that is said of one finding, once for all places that say it. Each is the only one of its code."""

    #: Stable word, `consent_missing`.
    code: str
    #: Id of the rule in docs/billing-rules.md, `R-303`.
    rule: str
    #: Where a biller reads it among the others: a smaller number first.
    place: int
    #: Usually one; the first is that of a finding which does not say.
    severities: tuple[Severity, ...]
    #: The rule that looks at one month. None where more than one month is looked at, or the price.
    find: Rule | None = field(default=None, repr=False)
    #: Without which the rule finds nothing, so that it need not be asked: what a month has, and of which kind it is.
    needs: Has = Has.NOTHING
    kind: MonthKind | None = None
    #: A few words for a list: `consent missing`.
    title: str
    #: A biller's sentence; a function of the parameters where it is more than filling them in.
    sentence: str | Callable[[Mapping[str, str]], str] = field(repr=False)
    #: Names of the parameters that the sentence needs.
    parameters: tuple[str, ...] = ()
    #: Who can fix it, besides an administrator, who can do everything; none where there is nothing to fix.
    fixed_by: tuple[MemberRole, ...] = ()
    #: What to do, with the command to type in backticks; empty where there is nothing to fix.
    to_do: str = field(default="", repr=False)
    told: When = When.WHEN_ASKED
    #: What settles it where it is read.
    fix: Fix = Fix.ELSEWHERE
    #: The statement that settles it.
    states: StatementKind | None = None
    about: About
    #: Severities with which only supervisors see it: never in the channel, never on a care manager's screen.
    supervisors_only: tuple[Severity, ...] = ()
    #: A few words for one entry in the weekly audit: `no note`; empty for what no single entry shows.
    entry_title: str = ""
    #: The attestation that answers it.
    answered_by: AttestationKind | None = None

    def finding(
        self, *, severity: Severity | None = None, entries: tuple[int, ...] = (), **parameters: str
    ) -> Finding:
        """A finding of this row.

        Args:
            severity: One of the row's; its first where none is given.
            entries: Ids of the entries concerned.
            **parameters: Each of `Row.parameters`, as text.
        """
        if not entries and not self.parameters and not parameters:
            return _bare(self.code, severity or self.severities[0])
        assert set(parameters) == set(self.parameters), f"{self.code} takes {self.parameters}"
        return Finding(
            code=self.code,
            severity=severity or self.severities[0],
            entries=entries,
            parameters=tuple(sorted(parameters.items())),
        )

    def message(self, finding: Finding) -> str:
        """The sentence with the finding's parameters; the title for one that was stored without them."""
        given = dict(finding.parameters)
        if not set(self.parameters) <= set(given):
            return f"{self.title[:1].upper()}{self.title[1:]}."
        return self.sentence.format_map(given) if isinstance(self.sentence, str) else self.sentence(given)

    def to_do_for(self, patient: str, month: BillingMonth) -> str:
        """What to do about one patient's finding: the command to type names the patient as given, and the month."""
        named = self.to_do.replace(f" {_EXAMPLE_MONTH} ", f" {month.name.lower()} ")
        return named.replace(EXAMPLE_PATIENT, patient)

    def is_for_supervisors_only(self, finding: Finding) -> bool:
        """Whether nobody but supervisors sees the finding."""
        return finding.severity in self.supervisors_only
