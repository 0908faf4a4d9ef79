"""What the billing channel sees of a month: figures only. The lines are in the files in its thread."""

from collections.abc import Iterator

from billing.months import BillingMonth
from bot import kit
from bot import unasked_words as words
from bot.blocks.lines import fitting, sections
from bot.ids import ActionId
from bot.replies import Block, Reply
from services.messages.month_end import CloseReminder, MonthPreview, MonthRevision, MonthSummary

#: Characters of the payers' list, and of the blockers'.
_LIST_TEXT = 4_000


def month_summary(found: MonthSummary, *, late: bool) -> Reply:
    """A month in figures."""
    return Reply(
        text=words.push_of_month(found),
        blocks=(
            kit.header(words.month_heading(found, late=late)),
            *_figures(found),
            _review(found.month, words.REVIEW if found.is_provisional else words.REVIEW_CLOSED),
            kit.context(words.FILES_FOLLOW),
        ),
    )


def month_preview(found: MonthPreview) -> Reply:
    """What a month would come to if it ended now."""
    return Reply(
        text=words.push_of_month(found.summary),
        blocks=(
            kit.header(words.preview_heading(found.summary)),
            *_figures(found.summary),
            kit.context(words.PREVIEW_NOTE),
        ),
    )


def month_revision(found: MonthRevision) -> Reply:
    """A month that was closed, or closed again."""
    return Reply(
        text=words.push_of_revision(found),
        blocks=(
            kit.header(words.revision_heading(found)),
            kit.section(words.revision_changes(found)),
            *_figures(found.summary),
            _review(found.summary.month, words.REVIEW_CLOSED),
            kit.context(words.FILES_FOLLOW),
        ),
    )


def close_reminder(found: CloseReminder) -> Reply:
    """A month that is over and not closed."""
    return Reply(
        text=words.close_reminder_push(found),
        blocks=(kit.section(words.close_reminder(found)), _review(found.month, words.REVIEW)),
    )


def _review(month: BillingMonth, label: str) -> Block:
    return kit.actions([kit.button(label, ActionId.REVIEW_MONTH, str(month))])


def _figures(found: MonthSummary) -> Iterator[Block]:
    yield kit.section(words.month_totals(found))
    payers = fitting([words.payer(one) for one in found.totals.payers], _LIST_TEXT)
    if payers:
        yield from sections([words.PAYERS, *payers])
    left = len(found.totals.payers) - len(payers)
    if left:
        yield kit.context(words.more_payers(left))
    if found.blockers:
        blockers = fitting([words.blocker(one) for one in found.blockers])
        yield from sections([words.blockers_heading(found), *blockers])
    yield kit.context(*words.month_foot(found))
