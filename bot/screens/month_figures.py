"""The practice's month in figures, as the report and the month-end messages both say it."""

from collections.abc import Mapping

from billing.durations import spoken
from billing.evaluate import LineStatus
from bot.screens.phrases import count
from services.months.totals import Completeness, Totals

PAYERS = "*By payer*"
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
        f"Billable: {units(totals.billable)} · estimated ${totals.estimated_usd:,.2f}, never a promise.",
    ]
    if totals.earned != totals.billable:
        lines.append(f"Earned by minutes alone: {units(totals.earned)}.")
    if totals.without_rate:
        lines.append(f"The estimate lacks {', '.join(totals.without_rate)}: no rate on the date of service.")
    return "\n".join(lines)


def completeness(found: Completeness) -> str:
    """The proof that nothing was left out."""
    lost = sum(found.entries_excluded.values())
    why = ", ".join(f"{number:,} {kind(reason)}" for reason, number in found.entries_excluded.items())
    said = f"{count(found.entries_read, 'entry')} read: {found.entries_counted:,} counted"
    return f"{said}, {lost:,} not ({why})." if lost else f"{said}, none left out."
