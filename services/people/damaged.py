"""Names rows that cannot be read, for administrators."""

from dataclasses import dataclass

from services.context import Context
from storage import DamagedRow, damage


@dataclass(frozen=True, slots=True, kw_only=True)
class Damaged:
    """Rows that cannot be read and count nowhere."""

    rows: tuple[DamagedRow, ...]


def damaged(_context: Context) -> Damaged | None:
    """What could not be read of late; None where all could."""
    rows = damage.found()
    return Damaged(rows=rows) if rows else None
