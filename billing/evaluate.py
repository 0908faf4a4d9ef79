"""Judges a month: takes its facts, returns its seconds, codes and findings."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from billing.charges import Charge, seconds_needed
from billing.counting import EntryVerdict, Exclusion, Tally, tally
from billing.facts import MonthFacts
from billing.findings.finding import Finding, MonthCase, Severity
from billing.findings.registry import find
from billing.month_kinds import MonthKind, MonthPlace, place_month
from billing.months import BillingMonth
from billing.quick import quick
from billing.rules import RuleSet
from billing.sites import is_clinic, rules_at
from billing.thresholds import Threshold, progress


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
    #: Codes as earned by minutes alone, and codes that may be claimed: the same, or none.
    earned: tuple[Charge, ...]
    billable: tuple[Charge, ...]
    status: LineStatus
    findings: tuple[Finding, ...]
    #: Local dates on which the first code and the last unit were reached; the latter is the date of service.
    threshold_met_on: date | None
    date_of_service: date | None
    #: Name of the payer whose line it is, as its rules are on file; empty where the payer has none.
    payer: str = ""

    @property
    def excluded_seconds(self) -> int:
        """All seconds that do not count."""
        return self.read_seconds - self.counted_seconds

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
    if rules.clinic is None:
        return _evaluate(facts, rules)
    # The place of service counts that is in force on the date of service, which hangs on the codes.
    day = facts.month.last_day
    result = _evaluate(facts, rules_at(rules, facts, day))
    served = result.date_of_service or day
    if is_clinic(rules, facts, served) is is_clinic(rules, facts, day):
        return result
    return _evaluate(facts, rules_at(rules, facts, served))


def _evaluate(facts: MonthFacts, rules: RuleSet) -> MonthResult:
    """The month by rules whose codes are settled."""
    place = place_month(facts.month, facts.episodes, rules, facts.active_months, facts.initial_months)
    counts = tally(facts, rules, place.kind)
    threshold = progress(counts.counted, place.kind, rules, rules.max_99494)
    earned = threshold.reached if place.kind.bills else ()
    first, last = _reached_on(facts, counts, place, rules, earned)
    findings = find(
        MonthCase(
            facts=facts,
            rules=rules,
            place=place,
            tally=counts,
            threshold=threshold,
            earned=earned,
            claim_day=last or facts.month.last_day,
        )
    )
    status = _status(place.kind, threshold, findings)
    return _result(
        patient_id=facts.patient_id,
        month=facts.month,
        kind=place.kind,
        episode_id=place.episode.episode_id if place.episode else None,
        rule_set=rules.name,
        payer=rules.payer,
        read_seconds=counts.read,
        counted_seconds=counts.counted,
        excluded=counts.excluded,
        care_manager_seconds=counts.care_manager,
        consultant_seconds=counts.consultant,
        treating_provider_seconds=counts.treating_provider,
        verdicts=counts.verdicts,
        threshold=threshold,
        earned=earned,
        billable=earned if status is LineStatus.BILLABLE else (),
        status=status,
        findings=findings,
        threshold_met_on=first,
        date_of_service=last,
    )


def _status(kind: MonthKind, threshold: Threshold, findings: tuple[Finding, ...]) -> LineStatus:
    if not threshold.reached:
        return LineStatus.BELOW
    blocked = any(finding.severity is Severity.BLOCKER for finding in findings)
    return LineStatus.BLOCKED if blocked or not kind.bills else LineStatus.BILLABLE


def _reached_on(
    facts: MonthFacts, counts: Tally, place: MonthPlace, rules: RuleSet, earned: tuple[Charge, ...]
) -> tuple[date | None, date | None]:
    """The local dates on which the first code and the last earned unit were reached (R-601)."""
    if not earned:
        return None, None
    first_at, last_at = seconds_needed(earned, place.kind, rules)
    first: date | None = None
    running = 0
    for day, seconds in sorted(_by_day(facts, counts).items()):
        running += seconds
        if first is None and running >= first_at:
            first = day
        if running >= last_at:
            return first, day
    return first, None


def _by_day(facts: MonthFacts, counts: Tally) -> dict[date, int]:
    days: dict[date, int] = {}
    for entry, verdict in zip(facts.entries, counts.verdicts, strict=True):
        days[entry.service_date] = days.get(entry.service_date, 0) + verdict.counted
    return days
