"""Carries out the billing commands of the command line, and prints what they did."""

from billing.closing import Reopening
from billing.months import BillingMonth
from bot.screens.phrases import count as counted
from cocm.offline import offline_practice
from cocm.terminal import draw, out
from services.context import Context
from services.exports.table import changes_table
from services.months import close as month_close
from services.months.close import ATTESTATION, Closed
from services.months.line_changes import changes_of, coming_changes
from services.people.members import acting


def close(month: BillingMonth, by: str, attestation: str, reason: str) -> None:
    """Close a month, and tell what changed since it was closed before."""
    from services.messages import revisions  # noqa: PLC0415 - a report starts without

    attested = attestation or ATTESTATION

    def carry_out(context: Context) -> Closed:
        return revisions.close_month(context, acting(context, by), month, attested, reason)

    with offline_practice() as practice:
        closed = practice.write(carry_out)
        changes = practice.read(changes_of, closed)
    out.print(
        f"{month} is closed: revision {closed.close.revision}, {counted(closed.lines, 'line')}. "
        f"Attested by {by}: {attested}",
        markup=False,
    )
    if changes:
        rows = changes_table(changes)
        draw(rows.columns, rows.rows, rows.figures)
    for sentence in _differences(closed):
        out.print(sentence, markup=False)


def reopen(month: BillingMonth, by: str, reason: str) -> None:
    """Open a closed month again."""

    def carry_out(context: Context) -> Reopening:
        return month_close.reopen_month(context, acting(context, by), month, reason)

    with offline_practice() as practice:
        practice.write(carry_out)
        changes = practice.read(coming_changes, month)
    out.print(f"{month} is open again. Close it to make the next revision.", markup=False)
    if changes:
        out.print(f"As it stands {_differing(len(changes))} from what was frozen:", markup=False)
        rows = changes_table(changes)
        draw(rows.columns, rows.rows, rows.figures)


def _differences(closed: Closed) -> list[str]:
    if closed.close.revision == 1:
        return []
    said = [f"Against revision {closed.close.revision - 1}: {_differing(len(closed.differences))}."]
    if closed.overpaid:
        count = len(closed.overpaid)
        bill = "1 line bills" if count == 1 else f"{count} lines bill"
        said.append(
            f"Overpayment: {bill} less than what was submitted, identified today. "
            "`cocm overpaid` has the dates."
        )
    return said


def _differing(count: int) -> str:
    return "1 line differs" if count == 1 else f"{count} lines differ"
