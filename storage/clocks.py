"""Reads entries by their clock times, to find those that overlap."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, literal_column, select

from billing.entries import TimeEntry
from billing.overlaps import Clocked
from storage.entry_columns import CURRENT, CURRENT_IN_TENANT, current_entries
from storage.expressions import among
from storage.soundness import sound
from storage.statements import PreparedStatement, Wire
from storage.types import utc

_INSTANT = CURRENT.c.recorded_at.type
_IN_DAYS = CURRENT.c.service_date.between(bindparam("first_day"), bindparam("last_day"))
_ANYBODYS = select(*(CURRENT.c[name] for name in Clocked._fields)).where(CURRENT.c.started_at.is_not(None))
_ON_THE_CLOCK = _ANYBODYS.where(CURRENT.c.tenant_id == bindparam("tenant_id"))
_CLOCKED = PreparedStatement(_ON_THE_CLOCK.where(_IN_DAYS, sound()))
_CLOCKED_BY = PreparedStatement(
    _ON_THE_CLOCK.where(among(CURRENT.c.performed_by, "members"), _IN_DAYS, sound())
)
# Read from an index of the few such entries alone.
_JOINT = PreparedStatement(
    select(CURRENT.c.entry_id, CURRENT.c.participants).where(
        CURRENT.c.tenant_id == bindparam("tenant_id"),
        CURRENT.c.started_at.is_not(None),
        CURRENT.c.participants != literal_column("''"),
        _IN_DAYS,
    )
)
# Few are asked for by number: for the tenant's own column, SQLite would go through every entry of the tenant instead.
_CLOCKED_ENTRIES = PreparedStatement(
    _ANYBODYS.where(
        among(CURRENT.c.entry_id, "entries"),
        CURRENT.c.tenant_id + literal_column("0") == bindparam("tenant_id"),
        sound(),
    )
)
_OVERLAPPING = PreparedStatement(
    CURRENT_IN_TENANT.where(
        CURRENT.c.performed_by == bindparam("member_id"),
        _IN_DAYS,
        CURRENT.c.started_at < bindparam("end", type_=_INSTANT),
        CURRENT.c.ended_at > bindparam("start", type_=_INSTANT),
    ).order_by(CURRENT.c.started_at, CURRENT.c.entry_id)
)
#: An entry's local date differs from its UTC date by one at most, and it lasts a day at most.
_DATE_SLACK = timedelta(days=2)


class Clocks:
    """The questions to one tenant's ledger that are about people's clocks."""

    def __init__(self, wire: Wire, tenant_id: int) -> None:
        self._wire = wire
        self._tenant_id = tenant_id

    def clocked(self, first_day: date, last_day: date) -> Iterator[Clocked]:
        """All entries whose clock times may share a moment with one on those dates.

        To be read before the unit of work ends.
        """
        rows = self._wire.stream(_CLOCKED, tenant_id=self._tenant_id, **_around(first_day, last_day))
        return map(Clocked._make, rows)

    def clocked_with(self, members: Collection[int], first_day: date, last_day: date) -> tuple[Clocked, ...]:
        """Those of `clocked` that some members did or took part in."""
        days = _around(first_day, last_day)
        rows = self._wire.rows(_CLOCKED_BY, tenant_id=self._tenant_id, members=members, **days)
        found = {row[0]: Clocked._make(row) for row in rows}
        joint = self._wire.rows(_JOINT, tenant_id=self._tenant_id, **days)
        shared = [entry_id for entry_id, with_whom in joint if not set(members).isdisjoint(with_whom)]
        if shared:
            rows = self._wire.rows(_CLOCKED_ENTRIES, tenant_id=self._tenant_id, entries=shared)
            found |= {row[0]: Clocked._make(row) for row in rows}
        return tuple(found.values())

    def overlapping(self, member_id: int, start: datetime, end: datetime) -> tuple[TimeEntry, ...]:
        """A member's entries whose clock times share more than an instant with `[start, end)`."""
        return self._entries(
            _OVERLAPPING,
            member_id=member_id,
            start=start,
            end=end,
            first_day=utc(start).date() - _DATE_SLACK,
            last_day=utc(end).date() + _DATE_SLACK,
        )

    def _entries(self, statement: PreparedStatement, **parameters: object) -> tuple[TimeEntry, ...]:
        return tuple(current_entries(self._wire.rows(statement, tenant_id=self._tenant_id, **parameters)))


def _around(first_day: date, last_day: date) -> dict[str, date]:
    """The dates on which work may share a moment with work on others."""
    return {"first_day": first_day - _DATE_SLACK, "last_day": last_day + _DATE_SLACK}
