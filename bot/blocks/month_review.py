"""The practice's month in chat: counts, codes, estimates, what must be mended; closing it and opening it again."""

from billing.closing import Reopening
from billing.months import BillingMonth
from bot import kit, report_words
from bot.blocks.lines import fitting, sections
from bot.ids import ActionId
from bot.replies import Block, Reply
from services.month_close import ATTESTATION, Closed
from services.month_review import MonthReview

#: Characters of the lists of payers and of blockers.
_PAYERS_TEXT, _BLOCKERS_TEXT = 3_000, 5_000


def report(review: MonthReview) -> Reply:
    """The month; with the button that closes it, for whom may."""
    return Reply(text=report_words.REPORT_PUSH, blocks=tuple(_review(review)))


def closed(done: Closed, month: BillingMonth) -> Reply:
    """What was frozen."""
    return Reply(text=report_words.CLOSED_PUSH, blocks=(kit.section(report_words.closed(done, month)),))


def reopened(done: Reopening) -> Reply:
    """Word that the month is open again."""
    return Reply(text=report_words.REOPENED_PUSH, blocks=(kit.section(report_words.reopened(done)),))


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
