"""The practice's month in chat: counts, codes, estimates, what must be mended; closing it and opening it again."""

from collections.abc import Sequence

from billing.closing import Reopening
from billing.months import BillingMonth
from bot import kit, report_words
from bot.blocks.lines import fitting, sections
from bot.ids import ActionId
from bot.replies import Block, Reply
from services.months.close import ATTESTATION, Closed
from services.months.line_changes import LineChange
from services.months.review import MonthReview

#: Characters of the lists of payers, of blockers and of lines that differ; and of these where they stand alone.
_PAYERS_TEXT, _BLOCKERS_TEXT, _CHANGES_TEXT, _CHANGES_ALONE = 2_500, 4_500, 2_000, 8_000
#: Characters of what supervisors are told of care managers.
_MANAGERS_TEXT = 600


def report(review: MonthReview) -> Reply:
    """The month; with the button that closes it, for whom may."""
    return Reply(text=report_words.REPORT_PUSH, blocks=tuple(_review(review)))


def closed(done: Closed, month: BillingMonth, changes: Sequence[LineChange]) -> Reply:
    """What was frozen, and which lines it changed since the revision before."""
    blocks = [kit.section(report_words.closed(done, month)), *_changes(changes, _CHANGES_ALONE)]
    return Reply(text=report_words.CLOSED_PUSH, blocks=tuple(blocks))


def reopened(done: Reopening, changes: Sequence[LineChange]) -> Reply:
    """Word that the month is open again, and which lines closing it would change."""
    blocks = [kit.section(report_words.reopened(done, len(changes))), *_changes(changes, _CHANGES_ALONE)]
    return Reply(text=report_words.REOPENED_PUSH, blocks=tuple(blocks))


def _changes(changes: Sequence[LineChange], most: int) -> list[Block]:
    lines = [report_words.change(one) for one in changes]
    shown = fitting(lines, most)
    blocks = sections(shown)
    if len(shown) < len(lines):
        blocks.append(kit.context(report_words.more_changes(len(lines) - len(shown))))
    return blocks


def _review(review: MonthReview) -> list[Block]:
    totals = review.report.totals
    blocks = [kit.section(report_words.heading(review))]
    if len(totals.payers) > 1:
        blocks += _list(
            report_words.PAYERS, [report_words.payer(one) for one in totals.payers], "payer", _PAYERS_TEXT
        )
    if review.to_fix:
        lines = [report_words.to_fix(one) for one in review.to_fix]
        blocks += _list(report_words.TO_FIX, lines, "kind", _BLOCKERS_TEXT)
    facts = [report_words.completeness(review.report.completeness), *report_words.since_close(review)]
    blocks.append(kit.context(*facts))
    blocks += _changes(review.changes, _CHANGES_TEXT)
    if review.manager_findings:
        lines = [report_words.manager_finding(one) for one in review.manager_findings]
        blocks += _list(report_words.FOR_SUPERVISORS, lines, "care manager", _MANAGERS_TEXT)
    if review.may_close:
        blocks += [kit.section(report_words.before_close(review)), kit.actions([_close_button(review)])]
    return blocks


def _list(title: str, lines: list[str], thing: str, most: int) -> list[Block]:
    shown = fitting(lines, most)
    blocks = sections([title, *shown])
    if len(shown) < len(lines):
        blocks.append(kit.context(report_words.more(len(lines) - len(shown), thing)))
    return blocks


def _close_button(review: MonthReview) -> Block:
    """Asks once more, in the words of the attestation; its value names exactly what was shown."""
    label = report_words.close_button(review.month)
    button = kit.button(label, ActionId.CLOSE_MONTH, f"{review.month}:{review.seen}", style="primary")
    confirm = {
        "title": {"type": "plain_text", "text": f"{label}?"},
        "text": {"type": "plain_text", "text": ATTESTATION},
        "confirm": {"type": "plain_text", "text": label},
        "deny": {"type": "plain_text", "text": report_words.DENY},
    }
    return {**button, "confirm": confirm}
