"""What the bot says unasked: digests, reminders, the month's end. Push texts name no patient."""

from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from billing.closing import MonthStatus
from billing.durations import minutes_up, spoken, whole_minutes
from billing.evaluate import LineStatus
from billing.references import entry_reference
from bot.kit import escape
from bot.overview_words import count, full_month
from bot.report_words import completeness, kind, units
from bot.words import clock, codes_of, day_name
from services.messages.deliveries import JobName
from services.messages.month_end import BlockedLines, CloseReminder, MonthRevision, MonthSummary
from services.messages.morning import Digest, TrueUp
from services.messages.nearness import PatientMonth, Untouched
from services.messages.reminders import (
    MemberWeek,
    MissingEntries,
    OddEntry,
    Oddity,
    WeekAudit,
    WeekAuditSummary,
)
from services.months.totals import PayerTotals
from services.people.patients import shown_mrn

DIGEST_PUSH = "Your morning digest."
TRUE_UP_PUSH = "Before the month ends."
MISSING_PUSH = "Nothing logged this afternoon."
AUDIT_PUSH = "Last week's entries to look at."
SET_ASIDE_PUSH = "Noted."

DUE = "*Due for contact or review*"
NEAR = "*Near the next code*"
MISSING = "*Something is missing*"
UNTOUCHED = "*Nothing logged this month*"
LOG_TIME = "Log time"
NOT_INDICATED = "Not indicated this month"
DIGEST_FOOT = (
    "Reach out only if clinically appropriate; a month below the threshold is a valid month. "
    "`/cocm remind 8:30` moves this, `/cocm remind snooze 1h` puts it off."
)
HELD = "*Held until you confirm what it was*"
EMPTY_DAYS = "*Working days without an entry*"

_MISSING_WORDS = {
    "consent_missing": "consent missing",
    "assessment_missing": "initial assessment missing",
    "review_missing": "case review missing",
}
_ODD_WORDS = {
    Oddity.LATE: "keyed late",
    Oddity.HELD: "activity not confirmed",
    Oddity.OVERLAP: "overlaps another entry",
    Oddity.LONG: "unusually long",
    Oddity.NO_NOTE: "no note",
}
JOB_WORDS = {
    JobName.DIGEST: "morning digest",
    JobName.MISSING_ENTRIES: "afternoon reminder",
    JobName.AUDIT: "weekly look at entries",
    JobName.AUDIT_SUMMARY: "weekly summary",
    JobName.TRUE_UP: "true-up list",
    JobName.PREVIEW: "month preview",
    JobName.MONTH_END: "month-end summary",
    JobName.CLOSE_REMINDER: "reminder to close",
    JobName.REVISION: "revision",
    JobName.TROUBLE: "notice",
}


def push_of_month(summary: MonthSummary) -> str:
    """The notification of a message about a month."""
    return f"{full_month(summary.month)}: the month in figures."


# -- digest


def digest_heading(digest: Digest) -> str:
    """`Wednesday, November 18 · 8 working days left in November`."""
    today = digest.today
    left = count(digest.working_days_left, "working day")
    return f"{today:%A}, {today:%B} {today.day} · {left} left in {digest.month.name}"


def due(one: PatientMonth, today: date) -> str:
    """`MRN123 · review due, last one Wed Oct 14 · 99493 reached by minutes · case review missing`."""
    reasons = []
    if one.contact_due_on is not None:
        reasons.append(f"contact planned for {day_name(one.contact_due_on, today)}")
    if one.review_due_since is not None:
        reasons.append(f"review due, last one {day_name(one.review_due_since, today)}")
    if one.worse is not None:
        before, last = one.worse.scores[-2:]
        reasons.append(f"{one.worse.scale} went from {before.value} to {last.value}")
    return f"*{_mrn(one)}* · {' · '.join(reasons)}{_reached_and_missing(one)}"


def near(one: PatientMonth, today: date) -> str:
    """`MRN123 · 52 of 60 min · 8 more reach 99493 · last contact Tue Nov 17`."""
    threshold = one.threshold
    more = minutes_up(threshold.remaining_seconds)
    again = "another " if any(charge.code == threshold.next_code for charge in threshold.reached) else ""
    progress = (
        f"{whole_minutes(threshold.counted_seconds)} of {whole_minutes(threshold.target_seconds or 0)} min"
    )
    reach = f"{more} more {'reaches' if more == 1 else 'reach'} {again}{threshold.next_code}"
    return f"*{_mrn(one)}* · {progress} · {reach} · {_last(one.last_contact_on, today)}{_also_missing(one)}"


def missing(one: PatientMonth) -> str:
    """`MRN123 · 99493 reached by minutes · case review missing`."""
    return f"*{_mrn(one)}*{_reached_and_missing(one)}"


def untouched(one: Untouched, today: date) -> str:
    """`MRN123 · last contact Mon Oct 5`."""
    return f"*{escape(shown_mrn(one.patient.mrn))}* · {_last(one.last_contact_on, today)}"


def held(one: PatientMonth) -> str:
    """`MRN123 · 2 entries`."""
    return f"*{_mrn(one)}* · {count(one.held, 'entry')}"


def more(number: int) -> str:
    """What a list left out."""
    return f"And {number:,} more: `/cocm caseload` has them all."


def true_up_heading(true_up: TrueUp) -> str:
    """`Before November ends: 2 working days left`."""
    return f"Before {true_up.month.name} ends · {count(true_up.working_days_left, 'working day')} left"


def days(found: Iterable[date], today: date) -> str:
    """Dates in a row."""
    return ", ".join(day_name(day, today) for day in found)


TRUE_UP_FOOT = (
    "Days off are fine. Was there work? Log it with its date: `/cocm 15m MRN123 phone check-in yesterday`. "
    "`/cocm month` shows what was confirmed and what is held."
)


NAME_AGAIN = "Name again"


def set_aside(mrn: str, month: str) -> str:
    """That digests do not name a patient as near."""
    return (
        f"{escape(shown_mrn(mrn))}: not clinically indicated in {month}. Your digests do not name the patient as near "
        "a code until the month ends. What is due or missing is still said, and what is logged counts as ever."
    )


def named_again(mrn: str, month: str) -> str:
    """That it was taken back."""
    return f"{escape(shown_mrn(mrn))}: your digests name the patient again when a code is near in {month}."


# -- reminders


def missing_entries(one: MissingEntries, zone: ZoneInfo) -> str:
    """That the afternoon has no entries."""
    last = one.last_at.astimezone(zone)
    when = f"{day_name(last.date(), one.today)} at {clock(one.last_at, zone)}"
    so_far = (
        f"{spoken(one.seconds)} logged for today so far. "
        if one.seconds
        else "Nothing logged for today yet. "
    )
    return (
        f"{so_far}Your last entry was {when}.\n"
        "Still to log? `/cocm 15m MRN123 phone check-in`, or several lines at once."
    )


def audit_heading(audit: WeekAudit) -> str:
    """`Week of Nov 9: 3 of 41 entries to look at`."""
    entries = count(audit.entries, "entry")
    return f"*Week of {audit.first:%b} {audit.first.day}: {len(audit.odd)} of {entries} to look at*"


def odd_entry(odd: OddEntry, today: date) -> str:
    """`15 min · MRN123 · Tue Nov 17 · e-k7f: keyed late`."""
    entry = odd.entry
    why = ", ".join(_ODD_WORDS[one] for one in odd.oddities)
    mrn = escape(shown_mrn(odd.patient.mrn))
    day = day_name(entry.service_date, today)
    return f"{spoken(entry.seconds)} · *{mrn}* · {day} · `{entry_reference(entry.entry_id)}`: {why}"


AUDIT_FOOT = "All right as they are? Then nothing is to do. Otherwise: `/cocm edit e-k7f 25m`, with a reason."


def more_entries(number: int) -> str:
    """Entries beyond those listed."""
    return f"And {count(number, 'entry')} more: `/cocm week last` has them all."


def audit_summary_heading(summary: WeekAuditSummary) -> str:
    """`Week of Nov 9: 12 of 410 entries to look at, of 5 people`."""
    entries = count(summary.entries, "entry")
    people = "1 person" if len(summary.members) == 1 else f"{len(summary.members)} people"
    return f"*Week of {summary.first:%b} {summary.first.day}: {summary.odd:,} of {entries} to look at, of {people}*"


def member_week(one: MemberWeek) -> str:
    """`Ana Flores · 3 of 41: 2 keyed late, 1 no note`."""
    why = ", ".join(f"{number} {_ODD_WORDS[oddity]}" for oddity, number in one.counts.items())
    return f"{escape(one.member.display_name)} · {one.odd} of {one.entries}: {why}"


AUDIT_SUMMARY_FOOT = "Care managers are sent their own list."


def more_people(number: int) -> str:
    """People beyond those listed."""
    return f"And {number:,} more, none with more than these."


# -- month end


def month_heading(summary: MonthSummary, *, late: bool) -> str:
    """What the message is, and whether it may change."""
    name = full_month(summary.month)
    when = " · late" if late else ""
    state = f"revision {summary.state.revision}" if not summary.is_provisional else "provisional until closed"
    return f"{name} · {state}{when}"


def month_totals(summary: MonthSummary) -> str:
    """Patients, time, codes and the estimate."""
    totals = summary.totals
    by_status = totals.by_status
    lines = [
        (
            f"{count(totals.patients, 'patient')}, {spoken(totals.counted_seconds)} counted: "
            f"*{by_status[LineStatus.BILLABLE]:,} billable*, {by_status[LineStatus.BLOCKED]:,} blocked, "
            f"{by_status[LineStatus.BELOW]:,} below the threshold."
        ),
        f"Billable: {units(totals.billable)} · estimated ${totals.estimated_usd:,.2f}, never a promise.",
    ]
    if totals.earned != totals.billable:
        lines.append(f"Earned by minutes alone: {units(totals.earned)}.")
    if totals.without_rate:
        lines.append(f"The estimate lacks {', '.join(totals.without_rate)}: no rate on the date of service.")
    return "\n".join(lines)


def payer(one: PayerTotals) -> str:
    """`Cedar Health · 3 of 5 billable · 3×99493, 1×99494 · $496.34`."""
    name = escape(one.payer) or "_no payer recorded_"
    bills = f" · {units(one.units)} · ${one.estimated_usd:,.2f}" if one.units else ""
    return f"{name} · {one.billable_lines:,} of {one.lines:,} billable{bills}"


def more_payers(number: int) -> str:
    """Payers beyond those listed."""
    return f"And {count(number, 'payer')} more: the workbook has them all."


def blockers_heading(summary: MonthSummary) -> str:
    """`To mend before 5 blocked lines can be billed · a line may need several`: why the kinds add up to more."""
    blocked = summary.totals.by_status[LineStatus.BLOCKED]
    several = " · a line may need several" if sum(one.lines for one in summary.blockers) > blocked else ""
    return f"*To mend before {count(blocked, 'blocked line')} can be billed*{several}"


def blocker(one: BlockedLines) -> str:
    """A kind of blocker, and how many lines it holds."""
    return f"{kind(one.code)} · {count(one.lines, 'line')}"


def month_foot(summary: MonthSummary) -> list[str]:
    """Late and corrected entries, addenda, and the proof that nothing was left out."""
    said = [completeness(summary.completeness)]
    late, corrected = summary.totals.late_entries, summary.corrected_entries
    if late or corrected:
        said.append(f"{count(late, 'late entry')}, {count(corrected, 'corrected entry')}.")
    if summary.addenda:
        said.append(f"{count(summary.addenda, 'entry')} since the close: addenda, in none of these figures.")
    if summary.completeness.corrupt:
        said.append(f"{count(len(summary.completeness.corrupt), 'damaged entry')} counted nowhere.")
    return said


PAYERS = "*By payer*"
FILES_FOLLOW = (
    "The lines are in the files in this thread. The review says what to mend, patient by patient; "
    "only you see it."
)
REVIEW = "Review and close"
REVIEW_CLOSED = "Review"
PREVIEW_NOTE = "A preview: the month is still running."


def preview_heading(summary: MonthSummary) -> str:
    """What the message is."""
    return f"{full_month(summary.month)} so far"


def revision_heading(revision: MonthRevision) -> str:
    """What the message is."""
    return f"{full_month(revision.summary.month)} · closed, revision {revision.revision}"


def push_of_revision(revision: MonthRevision) -> str:
    """The notification."""
    again = " again" if revision.revision > 1 else ""
    return f"{full_month(revision.summary.month)} was closed{again}."


def revision_changes(revision: MonthRevision) -> str:
    """What changed with it."""
    if revision.revision == 1:
        return "These are the final figures, and the files in this thread are those to bill from."
    changed = count(revision.changed_lines, "line")
    differ = "differs" if revision.changed_lines == 1 else "differ"
    said = f"{changed} {differ} from revision {revision.revision - 1}."
    if revision.overpaid_lines:
        fewer = count(revision.overpaid_lines, "line")
        said += (
            f"\n*Overpayment:* {fewer} billed less than what was submitted. Look at returning the difference to the "
            "payer within 60 days."
        )
    return said


def close_reminder(reminder: CloseReminder) -> str:
    """That a month waits for its close."""
    name = full_month(reminder.month)
    again = "was opened again and" if reminder.status is MonthStatus.REOPENED else "is over and"
    blocked = f", {reminder.blocked_lines:,} blocked" if reminder.blocked_lines else ""
    return (
        f"*{name} {again} not closed.* {count(reminder.billable_lines, 'line')} ready to bill{blocked}.\n"
        f"Look through it with `/cocm report {reminder.month}`, then `/cocm close {reminder.month}`."
    )


def close_reminder_push(reminder: CloseReminder) -> str:
    """The notification."""
    return f"{full_month(reminder.month)} is not closed."


def _mrn(one: PatientMonth) -> str:
    return escape(shown_mrn(one.patient.mrn))


def _last(day: date | None, today: date) -> str:
    return "no contact yet" if day is None else f"last contact {day_name(day, today)}"


def _also_missing(one: PatientMonth) -> str:
    return f" · {', '.join(_MISSING_WORDS[code] for code in one.missing)}" if one.missing else ""


def _reached_and_missing(one: PatientMonth) -> str:
    """What is missing, after the codes that wait for it."""
    if not (one.missing and one.threshold.reached):
        return _also_missing(one)
    return f" · {codes_of(one.threshold.reached)} reached by minutes{_also_missing(one)}"
