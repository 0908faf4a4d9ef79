"""Explains a month as data for `why`: each entry, whether it counts, and what the month still lacks."""

from dataclasses import dataclass
from datetime import date, datetime

from billing.activities import Activity
from billing.charges import Charge, charges
from billing.counting import EntryVerdict, Excluded
from billing.entries import TimeEntry
from billing.evaluate import LineStatus, MonthResult
from billing.facts import MonthFacts
from billing.findings.finding import Finding, Severity
from billing.month_kinds import MonthKind
from billing.rules import RuleSet
from billing.sites import rules_at
from billing.thresholds import Threshold


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedEntry:
    """One entry in the order of time, and what the month had reached with it."""

    entry_id: int
    service_date: date
    started_at: datetime | None
    activity: Activity
    performed_by: int
    #: Whole seconds: `seconds` is `counted_seconds` and all of `excluded` together.
    seconds: int
    counted_seconds: int
    excluded: tuple[Excluded, ...]
    #: Counted seconds of the month up to and with this entry.
    running_seconds: int
    #: Codes reached with this entry that were not reached before it.
    reached: tuple[Charge, ...]
    #: Codes of the findings that concern this entry.
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A month, entry by entry, and what stands between it and its claim."""

    kind: MonthKind
    rule_set: str
    entries: tuple[ExplainedEntry, ...]
    read_seconds: int
    counted_seconds: int
    threshold: Threshold
    earned: tuple[Charge, ...]
    billable: tuple[Charge, ...]
    held: tuple[Charge, ...]
    status: LineStatus
    #: What must be fixed before the line is billed, and what else is worth knowing.
    missing: tuple[Finding, ...]
    remarks: tuple[Finding, ...]
    #: By whose rules the month is judged; empty where its payer has none.
    payer: str = ""


def explain(facts: MonthFacts, result: MonthResult, rules: RuleSet) -> Explanation:
    """Lay a month open.

    Args:
        facts: The facts that were evaluated.
        result: Their result.
        rules: The rule set used.
    """
    judging = result.rules_of(rules)
    return Explanation(
        kind=result.kind,
        rule_set=result.rule_set,
        entries=_entries(
            facts, result, rules_at(judging, facts, result.date_of_service or facts.month.last_day)
        ),
        read_seconds=result.read_seconds,
        counted_seconds=result.counted_seconds,
        threshold=result.threshold,
        earned=result.earned,
        billable=result.billable,
        held=result.held,
        status=result.status,
        missing=result.blockers,
        payer=result.payer,
        remarks=tuple(finding for finding in result.findings if finding.severity is not Severity.BLOCKER),
    )


def _entries(facts: MonthFacts, result: MonthResult, rules: RuleSet) -> tuple[ExplainedEntry, ...]:
    explained: list[ExplainedEntry] = []
    running = 0
    reached: tuple[Charge, ...] = ()
    for entry, verdict in sorted(zip(facts.entries, result.verdicts, strict=True), key=_in_time):
        running += verdict.counted
        now = charges(running, result.kind, rules, rules.max_99494) if result.kind.bills else ()
        explained.append(
            ExplainedEntry(
                entry_id=entry.entry_id,
                service_date=entry.service_date,
                started_at=entry.started_at,
                activity=entry.activity,
                performed_by=entry.performed_by,
                seconds=verdict.seconds,
                counted_seconds=verdict.counted,
                excluded=verdict.excluded,
                running_seconds=running,
                reached=tuple(charge for charge in now if charge not in reached),
                findings=tuple(each.code for each in result.findings if entry.entry_id in each.entries),
            )
        )
        reached = now
    return tuple(explained)


def _in_time(pair: tuple[TimeEntry, EntryVerdict]) -> tuple[date, datetime, int]:
    entry = pair[0]
    return entry.service_date, entry.started_at or entry.recorded_at, entry.entry_id
