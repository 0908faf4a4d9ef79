"""What is said of a person's own time and of their patients: week, month, caseload, near."""

from datetime import date

from billing.activities import Activity
from billing.closing import MonthStatus
from billing.durations import minutes_up, spoken
from billing.evaluate import LineStatus
from billing.months import BillingMonth
from billing.people import Patient
from bot.kit import escape
from bot.words import codes_of, day_name, progress, wanting
from services.months.caseload import Caseload, CaseloadLine
from services.months.own_time import OwnTime, Sum
from services.months.state import MonthState
from services.people.patients import shown_mrn

WEEK_PUSH = "Your week."
MONTH_PUSH = "Your month."
CASELOAD_PUSH = "Your patients this month."
NEAR_PUSH = "Your patients near the next code."

KINDS = "By kind of work"
PATIENTS = "By patient"
NOTHING_LOGGED = "Nothing logged."
CASELOAD_FOOT = "Sums are of this calendar month. `/cocm why MRN123` explains one of them."
NEAR_FOOT = "Reach out only if clinically appropriate: a month below the threshold is a valid month."
NO_PATIENTS = (
    "*No patients yet.* Patients assigned to you, and those you log time for this month, are listed here."
)


def full_month(month: BillingMonth) -> str:
    """`October 2026`."""
    return f"{month.name} {month.year}"


def count(number: int, thing: str) -> str:
    """`1 entry`, `2 entries`, `3 patients`."""
    if number == 1:
        return f"1 {thing}"
    return f"{number:,} {thing.removesuffix('y') + 'ies' if thing.endswith('try') else thing + 's'}"


def state(state: MonthState) -> str:
    """Where a month stands: `closed, revision 2`."""
    status = {
        MonthStatus.OPEN: "open",
        MonthStatus.DRAFT: "draft, not closed yet",
        MonthStatus.CLOSED: f"closed, revision {state.revision}",
        MonthStatus.REOPENED: f"reopened after revision {state.revision}",
    }
    return status[state.status]


def _sum(own: Sum) -> str:
    return f"*{spoken(own.seconds)}* in {count(own.entries, 'entry')} for {count(own.patients, 'patient')}"


def own_heading(own: OwnTime) -> str:
    """`*October 2026* · draft, not closed yet`, and the sum."""
    if own.state is not None:
        title = f"*{full_month(own.state.month)}* · {state(own.state)}"
    else:
        title = f"*{day_name(own.first, own.today)} to {day_name(own.last, own.today)}*"
    return f"{title}\n{_sum(own.total) if own.total.entries else NOTHING_LOGGED}"


def own_day(day: date, own: Sum, today: date) -> str:
    """`Tue Nov 3 · 2 h 5 min in 7 entries for 5 patients`."""
    return f"{day_name(day, today)} · {_sum(own)}"


def own_kind(activity: Activity, own: Sum) -> str:
    """`phone · 2 h 5 min in 7 entries for 5 patients`."""
    counted = "" if activity.billable else " · not billable"
    return f"{activity.label} · {_sum(own)}{counted}"


def own_patient(patient: Patient, own: Sum) -> str:
    """`MRN123 · 45 min in 3 entries`."""
    return f"{escape(shown_mrn(patient.mrn))} · *{spoken(own.seconds)}* in {count(own.entries, 'entry')}"


def held(entries: int) -> str:
    """Entries that wait for a word of their author."""
    them, verb = ("it", "is") if entries == 1 else ("them", "are")
    return (
        f"{count(entries, 'entry')} {verb} held until you say what kind of work it was; "
        f"`/cocm today` or `why` shows {them}, `edit` settles {them}."
    )


def more(number: int, thing: str) -> str:
    """What a list left out."""
    return f"And {number:,} more {thing if number == 1 else thing + 's'}."


def caseload_heading(load: Caseload) -> str:
    """How many there are, and how they stand."""
    reached = load.count(LineStatus.BILLABLE) + load.count(LineStatus.BLOCKED)
    parts = [
        f"{reached} reached a code",
        f"{len(load.near)} within {minutes_up(load.near_seconds)} min of the next",
        f"{load.untouched} without time this month",
    ]
    blocked = load.count(LineStatus.BLOCKED)
    if blocked:
        parts.insert(1, f"{blocked} of them not billable yet")
    return f"*{count(len(load.lines), 'patient')} in {full_month(load.month)}*\n{' · '.join(parts)} · {days_left(load)}"


def days_left(load: Caseload) -> str:
    """`7 working days left, today included`."""
    return f"{count(load.working_days_left, 'working day')} left"


def caseload_line(line: CaseloadLine, today: date) -> str:
    """`MRN123 · 52 of 60 min, 8 more reach 99493 · last Tue Nov 17 · consent missing`."""
    one = line.standing
    parts = [
        f"*{escape(shown_mrn(one.patient.mrn))}*",
        progress(one.result.threshold),
        *_flags(line, today),
    ]
    return " · ".join(parts)


def near_heading(load: Caseload) -> str:
    """How many are near, and how long there is."""
    within = f"{minutes_up(load.near_seconds)} min of the next code"
    number = count(len(load.near), "patient")
    return f"*{number} within {within}* · {days_left(load)} in {full_month(load.month)}"


def near_line(line: CaseloadLine, today: date) -> str:
    """`MRN123 · 8 min to 99493 (52 min so far) · last Tue Nov 17`."""
    threshold = line.standing.result.threshold
    reached = f", {codes_of(threshold.reached)} reached" if threshold.reached else ""
    parts = [
        f"*{escape(shown_mrn(line.standing.patient.mrn))}*",
        (
            f"*{minutes_up(threshold.remaining_seconds)} min* to {threshold.next_code} "
            f"({spoken(threshold.counted_seconds)} so far{reached})"
        ),
        *_flags(line, today),
    ]
    return " · ".join(parts)


def _flags(line: CaseloadLine, today: date) -> list[str]:
    """When the patient was last worked for, and what a care manager can do about the month."""
    result = line.standing.result
    flags = [f"last {day_name(line.last_entry_on, today)}" if line.last_entry_on else "nothing this month"]
    if result.excluded_seconds:
        flags.append(f"{spoken(result.excluded_seconds)} not counted")
    if any(finding.code == "not_enrolled" for finding in result.findings):
        flags.append("not enrolled")
    return [*flags, *wanting(line.standing)]
