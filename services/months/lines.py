"""One patient's month as a line of the report."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from billing.apcm import ApcmChoice, choice
from billing.case_reviews import is_review
from billing.charges import Charge
from billing.claim_days import ClaimDay, claim_on
from billing.episodes import Episode
from billing.evaluate import MonthResult
from billing.facts import MonthFacts
from billing.findings.apcm import add_on_to_choose
from billing.findings.finding import Finding
from billing.findings.late_entries import late_count
from billing.findings.rate_missing import rate_missing
from billing.money import Estimate, FeeSchedule, Terms, estimate, spoken_gaps
from billing.months import BillingMonth
from billing.overlaps import LONGEST_SECONDS
from billing.people import Patient, Role
from billing.quick import quick
from billing.rules import Modifier, RuleSet
from billing.terms import terms_of
from services.months.judge import JudgedMonth


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLine:
    """A patient's month, with everything a claim and its reader ask for."""

    patient: Patient = field(repr=False)
    month: BillingMonth
    #: In a report without its verdicts: they are followed into completeness, and `services.months.why` shows them.
    result: MonthResult
    rules: RuleSet
    #: The episode that governs the month; None when the patient is not enrolled.
    episode: Episode | None
    #: What the claim is made of on its date of service, as it was when the line was made, or frozen.
    claim: ClaimDay
    last_review_on: date | None
    #: Of the billable codes alone, by their date of service.
    estimate: Estimate
    #: The psychiatric consultant's seconds as worked, whether they count here or not (R-202).
    consultant_seconds: int
    #: By what codes are priced on the line's date of service.
    schedule: FeeSchedule = field(repr=False)
    terms: Terms = field(repr=False)
    #: The two sets of codes between which a biller chooses, where the line is held for that.
    apcm_choice: ApcmChoice | None = None
    #: That the payer's limit for filing is near or over (R-505): a matter of today, so that no month holds it.
    filing: Finding | None = None
    #: The revision that froze the line; None while its month is open, a draft, or opened again.
    revision: int | None = None

    @property
    def payer(self) -> str:
        """The payer's name, as the patient's record has it."""
        return self.claim.payer

    @property
    def consent_on(self) -> date | None:
        """The day consent was given."""
        return self.episode.consent.given_on if self.episode and self.episode.consent else None

    @property
    def initial_assessment_on(self) -> date | None:
        """The day of the episode's initial assessment."""
        return self.episode.initial_assessment_on if self.episode else None

    @property
    def late_entries(self) -> int:
        """How many entries were written late."""
        return late_count(self.result.findings)

    @property
    def modifiers(self) -> tuple[Modifier, ...]:
        """What the payer wants on the codes earned."""
        wanted = self.rules.on(self.result.claim_day).modifiers
        if not wanted:
            return ()
        codes = {charge.code for charge in self.result.earned}
        return tuple(modifier for modifier in wanted if modifier.code in codes)

    @property
    def estimated_usd(self) -> Decimal | None:
        """What the billable codes may pay; None where not one of them has a rate, which is not the same as nothing."""
        charges = self.result.billable
        return None if charges and len(self.estimate.unpriced) == len(charges) else self.estimate.amount

    @property
    def at_stake(self) -> Estimate:
        """What the codes earned by minutes may pay, whether the line can be billed or not; as costly as asked for."""
        result = self.result
        if result.earned == result.billable:
            return self.estimate
        return estimate(result.earned, result.claim_day, self.schedule, self.terms)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What a biller should know: what the rules found, and which codes have no rate (R-602)."""
        if not self.estimate.unpriced and self.filing is None:
            return self.result.findings
        further = (rate_missing(self.estimate), self.filing)
        return (*self.result.findings, *(one for one in further if one is not None))

    @property
    def estimate_lacks(self) -> str:
        """`no Medicare rate for 2027 on file`; empty where every billable code has a rate."""
        return spoken_gaps(self.estimate.gaps)

    def units(self, code: str) -> int:
        """Units of a code as earned by minutes."""
        return units_of(self.result.earned, code)


_line = quick(ReportLine)


def units_of(charges: tuple[Charge, ...], code: str) -> int:
    """Units of one code among charges."""
    units = 0
    for charge in charges:
        if charge.code == code:
            units += charge.units
    return units


def report_line(
    judged: JudgedMonth,
    schedule: FeeSchedule,
    revision: int | None = None,
    filing: Finding | None = None,
) -> ReportLine:
    """Make a line of a judged month."""
    facts, result = judged.facts, judged.result
    day = result.claim_day
    claim, rules = claim_on(facts, day), judged.judging
    terms = terms_of(claim, rules)
    return _line(
        patient=judged.patient,
        month=facts.month,
        result=result,
        rules=rules,
        episode=judged.episode,
        claim=claim,
        last_review_on=_last_review(facts),
        estimate=estimate(result.billable, day, schedule, terms),
        apcm_choice=apcm_choice(result, day, schedule, terms),
        consultant_seconds=_consultant_seconds(facts),
        filing=filing,
        schedule=schedule,
        terms=terms,
        revision=revision,
    )


def apcm_choice(result: MonthResult, day: date, schedule: FeeSchedule, terms: Terms) -> ApcmChoice | None:
    """What a biller chooses between for a patient in APCM; None where the line is not held for that."""
    instead = add_on_to_choose(result.findings)
    return None if instead is None else choice(result.earned, instead, day, schedule, terms)


def _consultant_seconds(facts: MonthFacts) -> int:
    """The month's time of the consultant's own entries; a damaged entry has no length to speak of."""
    own = [entry for entry in facts.entries if entry.role is Role.CONSULTANT]
    return sum(
        [
            entry.seconds
            for entry in own
            if entry.service_date in facts.month and 0 < entry.seconds <= LONGEST_SECONDS
        ]
    )


def _last_review(facts: MonthFacts) -> date | None:
    """The last review up to the month's end: one on file, or time with the consultant for one."""
    last = facts.month.last_day
    days = [review.reviewed_on for review in facts.reviews if review.reviewed_on <= last]
    days += [
        entry.service_date
        for entry in facts.entries
        if is_review(entry, facts.consultants) and entry.service_date <= last
    ]
    return max(days, default=None)
