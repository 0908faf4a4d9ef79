"""Judges a month: takes its facts, returns its seconds, codes and findings."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from billing.candidates import choose
from billing.charges import Charge, less
from billing.counting import EntryVerdict, Exclusion
from billing.facts import MonthFacts
from billing.findings.consultant_decisive import held_units
from billing.findings.finding import Finding, MonthCase, Severity
from billing.findings.registry import find
from billing.month_kinds import MonthKind
from billing.months import BillingMonth
from billing.quick import quick
from billing.rules import RuleSet
from billing.thresholds import Threshold


class LineStatus(StrEnum):
    """Whether a patient's month can be claimed."""

    BILLABLE = "billable"
    BELOW = "below"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthResult:
    """One patient's month, evaluated. Whole seconds; holds no name, MRN or note."""

    patient_id: int
    month: BillingMonth
    kind: MonthKind
    #: The episode that governs the month; None when the patient is not enrolled.
    episode_id: int | None
    #: The rule set's name, `strict 2021-01-01`.
    rule_set: str
    #: read = counted + all of excluded.
    read_seconds: int
    counted_seconds: int
    excluded: tuple[tuple[Exclusion, int], ...]
    care_manager_seconds: int
    consultant_seconds: int
    treating_provider_seconds: int
    #: One for each entry of the facts, in the same order.
    verdicts: tuple[EntryVerdict, ...]
    threshold: Threshold
    #: Codes as earned by minutes alone, and codes that may be claimed: the same, fewer units of 99494, or none.
    earned: tuple[Charge, ...]
    billable: tuple[Charge, ...]
    status: LineStatus
    findings: tuple[Finding, ...]
    #: Local dates on which the first code and the last unit were reached; the latter is the date of service.
    threshold_met_on: date | None
    date_of_service: date | None
    #: Name of the payer whose line it is, as its rules are on file; empty where the payer has none.
    payer: str = ""
    #: A local date on which the rules that judged the line hold, where others hold on other days of the month.
    ruled_on: date | None = None

    def rules_of(self, rules: RuleSet) -> RuleSet:
        """Of the rules by which the month was judged, those that judged its line."""
        return rules if self.ruled_on is None else rules.on(self.ruled_on)

    @property
    def claim_day(self) -> date:
        """The local date whose payer, NPI, rates and other facts a line takes: its date of service, else the last."""
        return self.date_of_service or self.month.last_day

    @property
    def excluded_seconds(self) -> int:
        """All seconds that do not count."""
        return self.read_seconds - self.counted_seconds

    @property
    def held(self) -> tuple[Charge, ...]:
        """Units earned by a line that may be billed without them, until somebody vouches for their time."""
        billable = {charge.code: charge.units for charge in self.billable}
        units = ((charge.code, charge.units - billable.get(charge.code, 0)) for charge in self.earned)
        return tuple(Charge(code, left) for code, left in units if left) if billable else ()

    @property
    def blockers(self) -> tuple[Finding, ...]:
        """The findings that stop the line."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.BLOCKER)


_result = quick(MonthResult)


def evaluate_month(facts: MonthFacts, rules: RuleSet) -> MonthResult:
    """Count, weigh and examine one patient's month.

    Args:
        facts: What is known of the month; entries in any order.
        rules: The rule set of the month and the patient's payer, from `billing.payer.rules_for`.
    """
    choice = choose(facts, rules)
    line = choice.line
    place, counts, threshold, earned = line.place, line.tally, line.threshold, line.earned
    findings = find(
        MonthCase(
            facts=facts,
            rules=line.rules,
            place=place,
            tally=counts,
            threshold=threshold,
            earned=earned,
            claim_day=line.last_reached_on or facts.month.last_day,
            portion=line.portion,
            other_program=choice.other_program,
            split=choice.split,
        )
    )
    status = _status(place.kind, threshold, findings)
    return _result(
        patient_id=facts.patient_id,
        month=facts.month,
        kind=place.kind,
        episode_id=place.episode.episode_id if place.episode else None,
        rule_set=line.rules.name,
        payer=line.rules.payer,
        ruled_on=line.ruled_on,
        read_seconds=counts.read,
        counted_seconds=counts.counted,
        excluded=counts.excluded,
        care_manager_seconds=counts.care_manager,
        consultant_seconds=counts.consultant,
        treating_provider_seconds=counts.treating_provider,
        verdicts=counts.verdicts,
        threshold=threshold,
        earned=earned,
        billable=_billable(earned, findings) if status is LineStatus.BILLABLE else (),
        status=status,
        findings=findings,
        threshold_met_on=line.first_reached_on,
        date_of_service=line.last_reached_on,
    )


def _status(kind: MonthKind, threshold: Threshold, findings: tuple[Finding, ...]) -> LineStatus:
    if not threshold.reached:
        return LineStatus.BELOW
    blocked = any(finding.severity is Severity.BLOCKER for finding in findings)
    return LineStatus.BLOCKED if blocked or not kind.bills else LineStatus.BILLABLE


def _billable(earned: tuple[Charge, ...], findings: tuple[Finding, ...]) -> tuple[Charge, ...]:
    """What is earned without the units that wait for somebody's word (R-403)."""
    return less(earned, sum(held_units(finding) for finding in findings))
