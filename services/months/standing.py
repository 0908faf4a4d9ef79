"""Where one patient stands in one month, for the person who reads it."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date

from billing.calendar import month_end_is_near
from billing.durations import MINUTE
from billing.evaluate import MonthResult, evaluate_month
from billing.findings.finding import Finding, Severity
from billing.findings.registry import row_of
from billing.findings.row import About
from billing.months import BillingMonth
from billing.people import Member, Patient
from billing.telling import Nearness, worth_telling
from services.context import Context
from services.months.judge import JudgedMonth, judge_month


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one patient stands in one month."""

    patient: Patient
    month: BillingMonth
    result: MonthResult
    #: What of the result's findings the reader is shown without asking, blockers first.
    told: tuple[Finding, ...]
    #: Entries of the month whose clock times are known, and whose length is as first written.
    clocked: tuple[int, ...] = ()
    #: Of what is told, what the reader saw on an earlier receipt of this month.
    again: tuple[Finding, ...] = ()

    @property
    def news(self) -> tuple[Finding, ...]:
        """What is told for the first time."""
        return tuple(finding for finding in self.told if finding not in self.again)


def standing(
    context: Context,
    reader: Member,
    patient: Patient,
    month: BillingMonth,
    *,
    new: AbstractSet[int] = frozenset(),
) -> Standing:
    """Where one patient stands in one month, by everything stored so far, as the reader is told it.

    Args:
        context: Where the use case works.
        reader: Who is told.
        patient: Whose month.
        month: Which.
        new: The entries that the reader has just written; what was told before them is not told again.
    """
    judged = judge_month(context, patient, month)
    clocked = tuple(
        entry.entry_id
        for entry in judged.facts.entries
        if entry.started_at is not None and entry.ended_at is not None and entry.first_seconds is None
    )
    found = standing_of(context, reader, patient, judged.result)
    return replace(found, clocked=clocked, again=_told_before(context, reader, judged, found.told, new))


def _told_before(
    context: Context,
    reader: Member,
    judged: JudgedMonth,
    told: tuple[Finding, ...],
    new: AbstractSet[int],
) -> tuple[Finding, ...]:
    """What of the findings told now the reader was told when they last wrote an entry of the month.

    It is judged again rather than kept: a finding that only the new entries make is news, and whatever blocks the line
    is news once more when its first code is reached.
    """
    zone, facts = context.zone_of(reader), judged.facts
    earlier = tuple(entry for entry in facts.entries if entry.entry_id not in new)
    wrote = [entry.recorded_at for entry in earlier if entry.recorded_by == reader.member_id]
    if not (new and told and wrote):
        return ()
    before = evaluate_month(replace(facts, entries=earlier), judged.rules)
    last_day = max(wrote).astimezone(zone).date()
    known = {finding.code for finding in told_now(context, before, reader, last_day)}
    reached_now = bool(judged.result.threshold.reached) and not before.threshold.reached
    return tuple(
        finding
        for finding in told
        if finding.code in known
        and not (reached_now and finding.severity is Severity.BLOCKER)
        and not (row_of(finding).about is About.TIME and not new.isdisjoint(finding.entries))
    )


def standing_of(context: Context, reader: Member, patient: Patient, result: MonthResult) -> Standing:
    """A month that was judged, as the reader is told it."""
    return Standing(
        patient=patient,
        month=result.month,
        result=result,
        told=told_now(context, result, reader, context.today_of(reader)),
    )


def told_now(context: Context, result: MonthResult, reader: Member, today: date) -> tuple[Finding, ...]:
    """What of a month's findings a person is shown without asking on a local date."""
    settings = context.settings
    return worth_telling(
        result.findings,
        Nearness.of(result.threshold, settings.near_minutes * MINUTE),
        month_end=month_end_is_near(result.month.last_day, today, context.days_off),
        roles=reader.roles,
    )
