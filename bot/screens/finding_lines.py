"""Lines about findings that several screens share: short words, how severe, and what to do."""

from collections.abc import Iterable

from billing.findings.finding import Finding, Severity
from billing.findings.registry import title_of
from billing.findings.row import Row
from bot import kit

SEVERITIES = {Severity.BLOCKER: "*Blocks billing:*", Severity.WARNING: "*Look at:*", Severity.NOTE: ""}


def titles(told: Iterable[Finding]) -> list[str]:
    """Findings in the fewest words: `consent missing`."""
    return [title_of(finding) for finding in told]


def to_dos(rows: Iterable[Row]) -> tuple[str, ...]:
    """What to type, or who to ask, for each kind of finding once."""
    return tuple(
        f"*{row.title[:1].upper()}{row.title[1:]}:* {kit.escape(row.to_do)}"
        for row in dict.fromkeys(rows)
        if row.to_do
    )
