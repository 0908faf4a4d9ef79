"""What is said of the practice's month: the report, closing it, opening it again."""

from collections.abc import Mapping, Sequence

from billing.charges import Charge
from billing.closing import MonthStatus, Reopening
from billing.durations import spoken
from billing.evaluate import LineStatus
from billing.months import BillingMonth
from billing.references import entry_reference
from bot.kit import escape
from bot.overview_words import count, full_month, state
from services.months.close import ATTESTATION, Closed
from services.months.line_changes import LineChange
from services.months.review import MonthReview, ToFix
from services.months.time_keeping import ManagerFinding
from services.months.totals import Completeness, PayerTotals
from services.people.patients import shown_mrn

REPORT_PUSH = "The month's report."
CLOSED_PUSH = "The month is closed."
REOPENED_PUSH = "The month is open again."
DENY = "Not yet"
#: Patients named of each kind of blocker.
NAMED = 25
#: Damaged entries named.
_DAMAGED = 10

_KINDS = {
    "npi_missing": "NPI missing",
    "npi_invalid": "NPI not valid",
    "review_missing": "case review missing",
    "assessment_missing": "initial assessment missing",
    "scale_missing": "no score of a validated scale",
    "before_assessment": "before the initial assessment",
    "late_decisive": "late time decides: a supervisor attests",
    "consultant_decisive": "consultant minutes decide: a biller attests",
    "psychotherapy_same_manager": "psychotherapy by the same care manager",
    "prior_authorization": "prior authorization missing",
}


def kind(code: str) -> str:
    """A finding's code in words."""
    return _KINDS.get(code, code.replace("_", " "))


def heading(review: MonthReview) -> str:
    """The month, where it stands, and what its lines come to."""
    totals = review.report.totals
    by_status = totals.by_status
    lines = [
        f"*{full_month(review.month)}* · {state(review.state)}",
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


def units(of: Mapping[str, int]) -> str:
    """`12×99493, 3×99494`."""
    return ", ".join(f"{number:,}×{code}" for code, number in of.items()) or "nothing yet"


def payer(one: PayerTotals) -> str:
    """One payer's lines."""
    name = escape(one.payer) or "_no payer recorded_"
    return (
        f"{name} · {count(one.lines, 'patient')}, {one.billable_lines:,} billable · {units(one.units)} · "
        f"estimated ${one.estimated_usd:,.2f}"
    )


def more(number: int, thing: str) -> str:
    """What a list left out."""
    return f"And {number:,} more {thing if number == 1 else thing + 's'}: the report's file has them all."


PAYERS = "*By payer*"
TO_FIX = "*To mend before these are billed*"


def to_fix(one: ToFix) -> str:
    """A kind of blocker, and whose months it holds."""
    named = ", ".join(escape(shown_mrn(patient.mrn)) for patient in one.patients[:NAMED])
    rest = len(one.patients) - NAMED
    more = f" and {rest:,} more" if rest > 0 else ""
    return f"*{kind(one.code)}* · {count(len(one.patients), 'patient')}: {named}{more}"


def completeness(found: Completeness) -> str:
    """The proof that nothing was left out."""
    lost = sum(found.entries_excluded.values())
    why = ", ".join(f"{number:,} {kind(reason)}" for reason, number in found.entries_excluded.items())
    said = f"{count(found.entries_read, 'entry')} read: {found.entries_counted:,} counted"
    return f"{said}, {lost:,} not ({why})." if lost else f"{said}, none left out."


def since_close(review: MonthReview) -> list[str]:
    """What was written after the month was closed, and what is damaged."""
    report, last = review.report, review.state.last_close
    said = []
    if last is not None and review.closed_by is not None and review.closed_on is not None:
        who = escape(review.closed_by.display_name)
        said.append(
            f"Revision {last.revision} closed by {who} on {review.closed_on}: “{escape(last.attestation)}”"
        )
    if report.addenda:
        number = count(len(report.addenda), "entry")
        said.append(f"{number} written or changed since the close: addenda, in none of these figures.")
    if review.state.status is MonthStatus.REOPENED:
        number = count(len(review.changes), "line")
        said.append(f"{number} would differ from revision {review.state.revision}.")
    if report.totals.late_entries:
        said.append(f"{count(report.totals.late_entries, 'late entry')}.")
    damaged = report.completeness.corrupt
    if damaged:
        named = ", ".join(f"`{entry_reference(entry.entry_id)}`" for entry in damaged[:_DAMAGED])
        said.append(
            f"*{count(len(damaged), 'damaged entry')}* counted nowhere: {named}. "
            f"Void {'it and log it' if len(damaged) == 1 else 'them and log them'} anew."
        )
    return said


def _verb(number: int, thing: str, verb: str) -> str:
    """`1 line differs`, `2 lines differ`."""
    return f"{count(number, thing)} {verb}{'s' if number == 1 else ''}"


def close_button(month: BillingMonth) -> str:
    """The button that closes."""
    return f"Close {full_month(month)}"


def before_close(review: MonthReview) -> str:
    """What closing means, and the sentence that the closer puts their name to."""
    blocked = review.blocked_lines
    held = (
        f"{count(blocked, 'line')} stays unbilled: mend first what can be mended.\n" if blocked == 1 else ""
    )
    if blocked > 1:
        held = f"{count(blocked, 'line')} stay unbilled: mend first what can be mended.\n"
    return (
        f"{held}*Closing freezes these lines.* Later entries become addenda, in no claim until the month is reopened "
        f"and closed again.\nWith the button you attest: “{ATTESTATION}”"
    )


def closed(done: Closed, month: BillingMonth) -> str:
    """What was frozen, under whose word."""
    said = [
        f"*{full_month(month)} is closed.* Revision {done.close.revision}, {count(done.lines, 'line')}.",
        f"You attested: “{escape(done.close.attestation)}”",
    ]
    if done.close.revision > 1:
        number = _verb(len(done.differences), "line", "differ")
        said.append(f"{number} from revision {done.close.revision - 1}. Reason: {escape(done.close.reason)}")
    if done.overpaid:
        number = _verb(len(done.overpaid), "line", "bill")
        said.append(
            f"*Overpayment:* {number} less than what was submitted. Look at returning the difference to the payer "
            "within 60 days."
        )
    return "\n".join(said)


FOR_SUPERVISORS = "*For supervisors only*"


def manager_finding(one: ManagerFinding) -> str:
    """What one care manager's lines show."""
    return f"{escape(one.member.display_name)}: {one.finding.message}"


def change(one: LineChange) -> str:
    """`MRN123 · 60 min → 1 h 5 min · billable · 99493`: what of a line differs, before and now."""
    found = one.difference
    parts = [
        escape(shown_mrn(one.patient.mrn)),
        _from_to(spoken(found.seconds_before), spoken(found.seconds_after)),
        _from_to(_status(found.status_before), _status(found.status_after)),
        _from_to(_codes(found.billable_before), _codes(found.billable_after)),
    ]
    return " · ".join([*parts, *(["*overpayment*"] if one.overpaid else [])])


def _from_to(before: str, now: str) -> str:
    return now if before == now else f"{before} → {now}"


def _status(status: LineStatus | None) -> str:
    return "no line" if status is None else status.value


def _codes(charges: Sequence[Charge]) -> str:
    return units({charge.code: charge.units for charge in charges}) if charges else "nothing billable"


def more_changes(number: int) -> str:
    """How many lines that differ were left out."""
    return f"And {count(number, 'more line')} that {'differs' if number == 1 else 'differ'}."


def reopened(done: Reopening, changes: int) -> str:
    """That the month is open again, and how many lines the next revision changes as things stand."""
    differ = f"\nAs it stands {_verb(changes, 'line', 'differ')} from what was frozen:" if changes else ""
    return (
        f"*{full_month(done.month)} is open again.* What was frozen stays as it was; addenda count from now on.\n"
        f"Reason: {escape(done.reason)}\n`/cocm close {done.month}` makes the next revision.{differ}"
    )
