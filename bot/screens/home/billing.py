"""A biller's part of Home: each open month by code and payer, what blocks lines and who can fix it, and the close."""

from collections.abc import Iterator

from billing.closing import MonthStatus
from billing.findings.row import WHOEVER_LOGS, Row
from bot import kit
from bot.ids import ActionId, listed
from bot.replies import Block
from bot.screens.home.frame import Frame, show_button, table
from bot.screens.home.frame import Row as TableRow
from bot.screens.lines import fitting, sections
from bot.screens.month_figures import totals_lines, units
from bot.screens.phrases import count, full_month, month_state
from services.home.billing import BillingHome
from services.home.figures import Blocked, MonthFigures
from services.months.totals import PayerTotals
from services.people.rights import people

TITLE = "Billing"
NOTHING = "Nothing was logged in {month} yet. Lines appear here as soon as time is logged."
BLOCKS = "*To fix before these are billed*"
NO_PAYER = "no payer on file"
_HEADER = ("Payer", "Patients", "Billable", "Estimate", "Codes")
#: Kinds of blockers of a month, and the characters of their lines.
_BLOCKED_TEXT = 2_000


def billing_blocks(frame: Frame, home: BillingHome) -> Iterator[Block]:
    """The whole part, the older month first: it is the one to close."""
    yield kit.header(TITLE)
    for number, month in enumerate(home.months):
        yield from _month(frame, month, number, len(home.months))
    if home.overpaid:
        verb = "bills" if home.overpaid == 1 else "bill"
        yield kit.section(
            f"*Overpayment:* {count(home.overpaid, 'line')} of last month {verb} less than was submitted. "
            "`/cocm overpaid` has the dates."
        )
    yield kit.actions(
        [
            kit.button("Charts by code", listed(ActionId.HOME_CHARTS, frame.place(0)), frame.part),
            show_button(frame, 1, "Payers' rules", "payers"),
        ]
    )


def _month(frame: Frame, found: MonthFigures, number: int, months: int) -> Iterator[Block]:
    month = full_month(found.month)
    title = f"*{month}* · {month_state(found.state)}"
    if not found.totals.lines:
        yield kit.section(f"{title}\n{NOTHING.format(month=month)}")
        return
    yield kit.section(f"{title}\n{totals_lines(found.totals)}")
    share = Frame(
        part=frame.part,
        settings=frame.settings,
        now=frame.now,
        zone=frame.zone,
        today=frame.today,
        takes_tables=frame.takes_tables,
        table_text=frame.table_text // months,
    )
    rows = [_payer(one) for one in found.totals.payers]
    yield from table(share, f"{month} by payer", _HEADER, rows, "payer")
    if found.blocked:
        yield from sections([BLOCKS, *fitting([_blocked(one) for one in found.blocked], _BLOCKED_TEXT)])
    if found.to_file:
        lines = count(found.to_file, "line")
        yield kit.context(f"*Last day to file* near or over for {lines}: Review names the patients.")
    yield kit.actions([_review_button(found, frame.place(number))])


def _review_button(found: MonthFigures, place: int) -> Block:
    """Sends the month with its patients; where it can be closed, the button that does so stands below it."""
    month = full_month(found.month)
    can_close = found.state.status in {MonthStatus.DRAFT, MonthStatus.REOPENED}
    words = f"Review and close {month}" if can_close else f"Review {month}"
    action_id = listed(ActionId.REVIEW_MONTH, place)
    return kit.button(words, action_id, str(found.month), style="primary" if can_close else None)


def _payer(one: PayerTotals) -> TableRow:
    name = one.payer or NO_PAYER
    codes = units(one.units)
    line = (
        f"*{kit.escape(name)}* · {count(one.lines, 'patient')}, {one.billable_lines:,} billable · {codes} · "
        f"{kit.escape(one.estimated)}"
    )
    estimate = one.estimated.removeprefix("estimated ")
    return TableRow(cells=(name, one.lines, one.billable_lines, estimate, codes), line=line)


def _blocked(one: Blocked) -> str:
    """`Consent missing · 3 lines · care managers can fix it`."""
    title = f"{one.row.title[:1].upper()}{one.row.title[1:]}"
    return f"*{title}* · {count(one.lines, 'line')}{_who(one.row)}"


def _who(row: Row) -> str:
    if not row.fixed_by:
        return ""
    who = "whoever logged the time" if row.fixed_by == WHOEVER_LOGS else people(frozenset(row.fixed_by))
    return f" · {who} can fix it"
