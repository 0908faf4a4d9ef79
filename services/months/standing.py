"""Where one patient stands in one month, for the person who reads it."""

from dataclasses import dataclass, replace
from datetime import date

from billing.calendar import month_end_is_near
from billing.durations import MINUTE
from billing.evaluate import MonthResult
from billing.findings.finding import Finding
from billing.months import BillingMonth
from billing.people import Member, Patient
from billing.telling import Nearness, worth_telling
from services.context import Context
from services.months.judge import judge_month


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


def standing(context: Context, reader: Member, patient: Patient, month: BillingMonth) -> Standing:
    """Where one patient stands in one month, by everything stored so far, as the reader is told it."""
    judged = judge_month(context, patient, month)
    clocked = tuple(
        entry.entry_id
        for entry in judged.facts.entries
        if entry.started_at is not None and entry.ended_at is not None and entry.first_seconds is None
    )
    return replace(standing_of(context, reader, patient, judged.result), clocked=clocked)


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
