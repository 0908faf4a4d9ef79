"""Names what a report is of: its months, and which edition of them it holds."""

from collections.abc import Sequence

from services.months.state import MonthState


def edition_of(months: Sequence[MonthState]) -> str:
    """`draft`, or `revision 2` where every month is closed; `revisions 1, 2` where they differ."""
    editions = [month.edition for month in months]
    if "draft" in editions:
        return "draft"
    if len(set(editions)) == 1:
        return editions[0]
    return f"revisions {', '.join(str(month.revision) for month in months)}"


def spoken_edition(months: Sequence[MonthState]) -> str:
    """`November 2026, draft`."""
    first, last = (f"{one.month.name} {one.month.year}" for one in (months[0], months[-1]))
    span = first if first == last else f"{first} to {last}"
    return f"{span}, {edition_of(months)}"


def file_name(months: Sequence[MonthState], form: str) -> str:
    """A report's own file name, which says nothing of any patient: `cocm-2026-11-revision-2.csv`.

    Args:
        months: Where each month of the report stands, the first first.
        form: How the file's name ends.
    """
    first, last = months[0].month, months[-1].month
    span = str(first) if first == last else f"{first}-to-{last}"
    edition = edition_of(months).replace(",", "").replace(" ", "-")
    return f"cocm-{span}-{edition}.{form}"
