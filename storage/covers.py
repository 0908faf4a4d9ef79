"""Stores who looks after whose patients for some days."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select

from billing.covers import Cover
from storage.facts import COVER_FACTS, Facts
from storage.statements import PreparedStatement, Wire, inserting
from storage.tables import CoverRow, table_of

_COVER = table_of(CoverRow)
_NAMES = ("cover_id", "away", "covered_by", "first_day", "last_day", "recorded_by", "recorded_at")
_SINCE = PreparedStatement(
    select(*(_COVER.c[name] for name in _NAMES))
    .where(
        _COVER.c.tenant_id == bindparam("tenant_id"),
        _COVER.c.last_day >= bindparam("since"),
        _COVER.c.withdrawn_at.is_(None),
    )
    .order_by(_COVER.c.first_day, _COVER.c.cover_id)
)
_BY_ID = PreparedStatement(
    select(*(_COVER.c[name] for name in _NAMES), _COVER.c.withdrawn_at).where(
        _COVER.c.tenant_id == bindparam("tenant_id"), _COVER.c.cover_id == bindparam("cover_id")
    )
)
_ADD = PreparedStatement(
    inserting(CoverRow, without=("cover_id", "withdrawn_by", "withdrawn_at")).returning(*_COVER.columns)
)


class Covers:
    """The caseloads of one tenant that are handed over; nothing is deleted, what was taken back is withdrawn."""

    def __init__(self, wire: Wire, tenant_id: int, facts: Facts) -> None:
        self._wire = wire
        self._tenant_id = tenant_id
        self._facts = facts

    def since(self, day: date) -> tuple[Cover, ...]:
        """Those that still hold on a local date or later, the first to begin first."""
        rows = self._wire.rows(_SINCE, tenant_id=self._tenant_id, since=day)
        return tuple(Cover(**dict(zip(_NAMES, row, strict=True))) for row in rows)

    def by_id(self, cover_id: int) -> tuple[Cover, bool] | None:
        """The cover of that number, and whether it still counts."""
        row = self._wire.row(_BY_ID, tenant_id=self._tenant_id, cover_id=cover_id)
        if row is None:
            return None
        *values, withdrawn_at = row
        return Cover(**dict(zip(_NAMES, values, strict=True))), withdrawn_at is None

    def add(
        self, *, away: int, covered_by: int, first_day: date, last_day: date, by: int, at: datetime
    ) -> Cover:
        """Keep that a member's patients are in another's hands.

        Args:
            away: The member whose patients they are.
            covered_by: The member who looks after them.
            first_day: A local date.
            last_day: The last, included.
            by: The member who says so.
            at: Aware instant of now.
        """
        given: dict[str, Any] = {
            "away": away,
            "covered_by": covered_by,
            "first_day": first_day,
            "last_day": last_day,
            "recorded_by": by,
            "recorded_at": at,
        }
        values = self._wire.one(_ADD, tenant_id=self._tenant_id, **given)
        row = dict(zip((column.name for column in _COVER.columns), values, strict=True))
        self._facts.added(COVER_FACTS, row)
        return Cover(cover_id=row["cover_id"], **given)

    def end(self, cover: Cover, last_day: date, *, by: int, at: datetime) -> None:
        """Have one end on an earlier local date; one that had not begun by then is withdrawn.

        Args:
            cover: As it stands.
            last_day: Its last day from now on.
            by: The member who ends it.
            at: Aware instant of now.
        """
        values = {name: getattr(cover, name) for name in _NAMES if name != "cover_id"}
        void = last_day < cover.first_day
        self._facts.restore(
            COVER_FACTS.kind,
            cover.cover_id,
            values if void else values | {"last_day": last_day},
            void=void,
            by=by,
            at=at,
            reason="",
        )
