"""What the billing channel is sent about a month: figures only. The lines are in the files in its thread."""

from collections.abc import Iterator

from billing.closing import MonthStatus
from billing.evaluate import LineStatus
from billing.months import BillingMonth
from bot import kit
from bot.ids import ActionId
from bot.replies import Block, Reply, Screens, Viewer
from bot.screens.lines import fitting, sections
from bot.screens.month_figures import PAYERS, completeness, totals_lines, units
from bot.screens.phrases import count, full_day, full_month
from services.anchors import short_head
from services.messages.month_end import BlockedLines, CloseReminder, MonthPreview, MonthRevision, MonthSummary
from services.months.totals import PayerTotals

FILES_FOLLOW = (
    "The lines are in the files in this thread. The review says what to fix, patient by patient; "
    "only you see it."
)
REVIEW = "Review and close"
REVIEW_CLOSED = "Review"
PREVIEW_NOTE = "A preview: the month is still running."
#: Characters of the payers' list, and of the blockers'.
_LIST_TEXT = 4_000


def month_summary(found: MonthSummary, viewer: Viewer) -> Reply:
    """A month in figures."""
    return Reply(
        text=_push_of_month(found),
        blocks=(
            kit.header(_month_heading(found, late=viewer.late)),
            *_figures(found),
            _review(found.month, REVIEW if found.is_provisional else REVIEW_CLOSED),
            kit.context(FILES_FOLLOW),
        ),
    )


def month_preview(found: MonthPreview, _viewer: Viewer) -> Reply:
    """What a month would come to if it ended now."""
    return Reply(
        text=_push_of_month(found.summary),
        blocks=(
            kit.header(_preview_heading(found.summary)),
            *_figures(found.summary),
            kit.context(PREVIEW_NOTE),
        ),
    )


def month_revision(found: MonthRevision, _viewer: Viewer) -> Reply:
    """A month that was closed, or closed again."""
    return Reply(
        text=_push_of_revision(found),
        blocks=(
            kit.header(_revision_heading(found)),
            kit.section(_revision_changes(found)),
            *_figures(found.summary),
            _review(found.summary.month, REVIEW_CLOSED),
            kit.context(FILES_FOLLOW),
        ),
    )


def close_reminder(found: CloseReminder, _viewer: Viewer) -> Reply:
    """A month that is over and not closed."""
    return Reply(
        text=_push_of_close_reminder(found),
        blocks=(kit.section(_close_reminder_text(found)), _review(found.month, REVIEW)),
    )


def payer_line(one: PayerTotals) -> str:
    """`Cedar Health · 3 of 5 billable · 3×99493, 1×99494 · $496.34`."""
    name = kit.escape(one.payer) or "_no payer recorded_"
    bills = (
        f" · {units(one.units)} · {kit.escape(one.estimated.removeprefix('estimated '))}" if one.units else ""
    )
    return f"{name} · {one.billable_lines:,} of {one.lines:,} billable{bills}"


def blockers_heading(summary: MonthSummary) -> str:
    """`To fix before 5 blocked lines can be billed · a line may need several`: why the kinds add up to more."""
    blocked = summary.totals.by_status[LineStatus.BLOCKED]
    several = " · a line may need several" if sum(one.lines for one in summary.blockers) > blocked else ""
    return f"*To fix before {count(blocked, 'blocked line')} can be billed*{several}"


def _review(month: BillingMonth, label: str) -> Block:
    return kit.actions([kit.button(label, ActionId.REVIEW_MONTH, str(month))])


def _figures(found: MonthSummary) -> Iterator[Block]:
    yield kit.section(totals_lines(found.totals))
    payers = fitting([payer_line(one) for one in found.totals.payers], _LIST_TEXT)
    if payers:
        yield from sections([PAYERS, *payers])
    left = len(found.totals.payers) - len(payers)
    if left:
        yield kit.context(_more_payers(left))
    if found.blockers:
        blockers = fitting([_blocker_line(one) for one in found.blockers])
        yield from sections([blockers_heading(found), *blockers])
    yield kit.context(*_month_foot(found))


def _push_of_month(summary: MonthSummary) -> str:
    """The notification of a message about a month."""
    return f"{full_month(summary.month)}: the month in figures."


def _month_heading(summary: MonthSummary, *, late: bool) -> str:
    """What the message is, and whether it may change."""
    name = full_month(summary.month)
    when = " · late" if late else ""
    state = f"revision {summary.state.revision}" if not summary.is_provisional else "provisional until closed"
    return f"{name} · {state}{when}"


def _preview_heading(summary: MonthSummary) -> str:
    """What the message is."""
    return f"{full_month(summary.month)} so far"


def _revision_heading(revision: MonthRevision) -> str:
    """What the message is."""
    return f"{full_month(revision.summary.month)} · closed, revision {revision.revision}"


def _push_of_revision(revision: MonthRevision) -> str:
    """The notification."""
    again = " again" if revision.revision > 1 else ""
    return f"{full_month(revision.summary.month)} was closed{again}."


def _revision_changes(revision: MonthRevision) -> str:
    """What changed with it."""
    if revision.revision == 1:
        return "These are the final figures; bill from the files in this thread."
    changed = count(revision.changed_lines, "line")
    differ = "differs" if revision.changed_lines == 1 else "differ"
    said = f"{changed} {differ} from revision {revision.revision - 1}."
    if revision.overpaid_lines:
        fewer = count(revision.overpaid_lines, "line")
        said += (
            f"\n*Overpayment:* {fewer} billed less than what was submitted. `/cocm overpaid` has the dates."
        )
    return said


def _close_reminder_text(reminder: CloseReminder) -> str:
    """That a month waits for its close."""
    name = full_month(reminder.month)
    again = "was reopened and" if reminder.status is MonthStatus.REOPENED else "is over and"
    blocked = f", {reminder.blocked_lines:,} blocked" if reminder.blocked_lines else ""
    return (
        f"*{name} {again} not closed.* {count(reminder.billable_lines, 'line')} ready to bill{blocked}.\n"
        f"Look through it with `/cocm report {reminder.month}`, then `/cocm close {reminder.month}`."
    )


def _push_of_close_reminder(reminder: CloseReminder) -> str:
    """The notification."""
    return f"{full_month(reminder.month)} is not closed."


def _more_payers(number: int) -> str:
    """Payers beyond those listed."""
    return f"And {count(number, 'payer')} more: the workbook has them all."


def _blocker_line(one: BlockedLines) -> str:
    """A kind of blocker, and how many lines it holds."""
    return f"{one.row.title} · {count(one.lines, 'line')}"


def _month_foot(summary: MonthSummary) -> list[str]:
    """Late and corrected entries, addenda, and the proof that nothing was left out."""
    said = [completeness(summary.completeness)]
    late, corrected = summary.totals.late_entries, summary.corrected_entries
    if late or corrected:
        said.append(f"{count(late, 'late entry')}, {count(corrected, 'corrected entry')}.")
    if summary.addenda:
        said.append(f"{count(summary.addenda, 'entry')} since the close: addenda, not in these figures.")
    if summary.overpaid_lines:
        due = f", the first to be returned by {full_day(summary.return_by)}" if summary.return_by else ""
        said.append(
            f"*Overpayments:* {count(summary.overpaid_lines, 'line')} of all months{due}. `/cocm overpaid` lists them."
        )
    if summary.completeness.corrupt:
        said.append(f"{count(len(summary.completeness.corrupt), 'damaged entry')} not counted.")
    if summary.head is not None:
        said.append(f"Audit chain: event {summary.head.seq:,}, `{short_head(summary.head.hash)}`.")
    return said


SCREENS: Screens = {
    MonthSummary: month_summary,
    MonthPreview: month_preview,
    MonthRevision: month_revision,
    CloseReminder: close_reminder,
}
