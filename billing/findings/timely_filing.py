"""Warns of a billable line whose last day for filing is near or over, while nobody said that it was submitted."""

from collections.abc import Mapping
from datetime import date, timedelta

from billing.findings.finding import Finding, Severity
from billing.findings.row import About, Row
from billing.people import MemberRole

#: Days before the last one from which on it is named.
NEAR = timedelta(days=30)


def timely_filing(last_day: date, today: date, payer: str) -> Finding | None:
    """Warns from thirty days before the last day on which the payer takes the claim.

    Args:
        last_day: See `billing.claims.last_day_to_file`.
        today: The practice's local date: the same line is in time today and late tomorrow, so that no month's own
            findings hold it.
        payer: As the line names it; empty where none is on file.
    """
    if today < last_day - NEAR:
        return None
    return ROW.finding(
        last_day=last_day.isoformat(), days=str((last_day - today).days), payer=payer or "the payer"
    )


def _sentence(given: Mapping[str, str]) -> str:
    last, days, payer = date.fromisoformat(given["last_day"]), int(given["days"]), given["payer"]
    day = f"{last:%b} {last.day}, {last.year}"
    if days < 0:
        return f"Not marked as submitted. The last day to send it to {payer} was {day}: it may be denied as late."
    left = "today" if not days else "1 day left" if days == 1 else f"{days} days left"
    return f"Not marked as submitted. The last day to send it to {payer} is {day}: {left}."


ROW = Row(
    code="timely_filing",
    rule="R-505",
    place=445,
    severities=(Severity.WARNING,),
    title="last day to file",
    sentence=_sentence,
    parameters=("days", "last_day", "payer"),
    fixed_by=(MemberRole.BILLER,),
    to_do="A biller submits the claim, then says so with the month: `/cocm submitted 2026-10 MRN123`.",
    about=About.CLAIM,
)
