"""The practice's month in figures, for the report and the month-end messages."""

from collections.abc import Mapping

from billing.durations import spoken
from billing.evaluate import LineStatus
from bot import kit
from bot.screens.phrases import count
from services.months.totals import Completeness, Totals

PAYERS = "*By payer*"


def units(of: Mapping[str, int]) -> str:
    """`12×99493, 3×99494`."""
    return ", ".join(f"{number:,}×{code}" for code, number in of.items()) or "nothing yet"


def totals_lines(totals: Totals) -> str:
    """Patients, time, codes and the estimate."""
    by_status = totals.by_status
    lines = [
        (
            f"{count(totals.patients, 'patient')}, {spoken(totals.counted_seconds)} counted: "
            f"*{by_status[LineStatus.BILLABLE]:,} billable*, {by_status[LineStatus.BLOCKED]:,} blocked, "
            f"{by_status[LineStatus.BELOW]:,} below the threshold."
        ),
        f"Billable: {units(totals.billable)} · {kit.escape(totals.estimated)}.",
    ]
    if totals.held:
        lines.append(f"Held until the consultant's time is attested: {units(totals.held)}.")
    if totals.earned != totals.billable:
        lines.append(f"Earned by minutes alone: {units(totals.earned)}.")
    return "\n".join(lines)


def completeness(found: Completeness) -> str:
    """The proof that nothing was left out."""
    lost = sum(found.entries_excluded.values())
    why = ", ".join(
        f"{number:,} {reason.replace('_', ' ')}" for reason, number in found.entries_excluded.items()
    )
    said = f"{count(found.entries_read, 'entry')} read: {found.entries_counted:,} counted"
    return f"{said}, {lost:,} not ({why})." if lost else f"{said}, none left out."
