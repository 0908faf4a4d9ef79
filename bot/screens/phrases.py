"""Phrases that several screens share: counts, days, months, times of day and codes."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from billing.closing import MonthStatus
from billing.durations import whole_minutes
from billing.months import BillingMonth
from billing.rules import HALF_HOUR
from billing.thresholds import Threshold
from bot import kit
from services.months.state import MonthState

QUESTION_EXPIRES = "Nothing is stored until you answer. The question expires in 15 minutes."
NOBODY_NEAR = (
    "None of your patients is within reach of the next code. A month below the threshold is a valid month."
)


def count(number: int, thing: str) -> str:
    """`1 entry`, `2 entries`, `3 patients`."""
    return f"1 {thing}" if number == 1 else f"{number:,} {several(thing)}"


def several(thing: str) -> str:
    """`entries`, `patients`."""
    return thing.removesuffix("y") + "ies" if thing.endswith("try") else f"{thing}s"


def more(number: int, thing: str) -> str:
    """What a list left out."""
    return f"And {number:,} more {thing if number == 1 else several(thing)}."


def day_name(day: date, today: date) -> str:
    """`today`, `yesterday`, `Tue Nov 17`; with the year when it is another."""
    ago = (today - day).days
    if ago in {0, 1}:
        return ("today", "yesterday")[ago]
    year = "" if day.year == today.year else f", {day.year}"
    return f"{day:%a %b} {day.day}{year}"


def full_day(day: date) -> str:
    """`Nov 3, 2026`."""
    return f"{day:%b} {day.day}, {day.year}"


def month_name(month: BillingMonth, today: date) -> str:
    """`November`; with the year when it is another."""
    return month.name if month.year == today.year else f"{month.name} {month.year}"


def full_month(month: BillingMonth) -> str:
    """`October 2026`."""
    return f"{month.name} {month.year}"


def month_state(state: MonthState) -> str:
    """Where a month stands: `closed, revision 2`."""
    status = {
        MonthStatus.OPEN: "open",
        MonthStatus.DRAFT: "draft, not closed yet",
        MonthStatus.CLOSED: f"closed, revision {state.revision}",
        MonthStatus.REOPENED: f"reopened after revision {state.revision}",
    }
    return status[state.status]


def clock(instant: datetime, zone: ZoneInfo) -> str:
    """`2:05 pm`."""
    return f"{instant.astimezone(zone):%I:%M %p}".lstrip("0").lower()


def counts_as_base(threshold: Threshold) -> bool:
    """Whether the month's own code is reached, and not only G2214 before it."""
    return bool(threshold.reached) and threshold.reached[0].code != HALF_HOUR


def counts_early(threshold: Threshold, payer: str = "") -> str:
    """`Medicare counts from 31`, and before that what the full time is; empty where a code needs its full time."""
    if threshold.counts_from is None:
        return ""
    early, full = map(whole_minutes, threshold.counts_from)
    said = f"{kit.escape(payer) or 'this practice'} counts from {early}"
    return said if counts_as_base(threshold) else f"{said}, full time {full}"
