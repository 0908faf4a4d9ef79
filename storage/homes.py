"""Stores who has opened Home and what they chose to see there, and which blocks a workspace refuses."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.statements import PreparedStatement, Wire
from storage.tables import OpenedHomeRow, RefusedBlockRow, TableRow, table_of

_OPENED = table_of(OpenedHomeRow)
_REFUSED = table_of(RefusedBlockRow)
_OF = PreparedStatement(
    select(_OPENED.c.opened_at, _OPENED.c.part).where(
        _OPENED.c.tenant_id == bindparam("tenant_id"), _OPENED.c.member_id == bindparam("member_id")
    )
)
_SINCE = PreparedStatement(
    select(_OPENED.c.member_id)
    .where(
        _OPENED.c.tenant_id == bindparam("tenant_id"),
        _OPENED.c.opened_at >= bindparam("since", type_=_OPENED.c.opened_at.type),
    )
    .order_by(_OPENED.c.opened_at.desc(), _OPENED.c.member_id)
)
_REFUSALS = PreparedStatement(
    select(_REFUSED.c.surface, _REFUSED.c.block, _REFUSED.c.refused_at).where(
        _REFUSED.c.tenant_id == bindparam("tenant_id")
    )
)


def _putting(row: type[TableRow]) -> tuple[PreparedStatement, PreparedStatement]:
    """An INSERT that replaces the row of that key, in the words of SQLite and of PostgreSQL."""
    table = table_of(row)
    values = {column.name: bindparam(column.name, type_=column.type) for column in table.columns}
    keys = [column.name for column in table.primary_key]
    rest = [column.name for column in table.columns if not column.primary_key]
    on_sqlite = sqlite.insert(table).values(values)
    on_postgresql = postgresql.insert(table).values(values)
    return (
        PreparedStatement(
            on_sqlite.on_conflict_do_update(
                index_elements=keys, set_={name: on_sqlite.excluded[name] for name in rest}
            )
        ),
        PreparedStatement(
            on_postgresql.on_conflict_do_update(
                index_elements=keys, set_={name: on_postgresql.excluded[name] for name in rest}
            )
        ),
    )


_PUT_OPENED = _putting(OpenedHomeRow)
_PUT_REFUSED = _putting(RefusedBlockRow)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedHome:
    """When a member last opened Home, and the part that they chose to see first."""

    #: Aware, UTC.
    opened_at: datetime
    #: Empty where they chose none.
    part: str = ""


class Homes:
    """The Home tabs of one tenant's members, and what its workspace does not take."""

    def __init__(self, wire: Wire, tenant_id: int) -> None:
        self._wire = wire
        self._tenant_id = tenant_id

    def of(self, member_id: int) -> OpenedHome | None:
        """A member's Home; None for one who never opened it."""
        row = self._wire.row(_OF, tenant_id=self._tenant_id, member_id=member_id)
        return None if row is None else OpenedHome(opened_at=row[0], part=row[1])

    def put(self, member_id: int, home: OpenedHome) -> None:
        """Keep that a member opened Home, or what they chose there."""
        self._put(_PUT_OPENED, member_id=member_id, opened_at=home.opened_at, part=home.part)

    def opened_since(self, instant: datetime) -> tuple[int, ...]:
        """The members who opened Home from an instant on, the last first."""
        rows = self._wire.rows(_SINCE, tenant_id=self._tenant_id, since=instant)
        return tuple(member_id for (member_id,) in rows)

    def refusals(self) -> dict[tuple[str, str], datetime]:
        """When Slack last refused a kind of block, by place and kind."""
        rows = self._wire.rows(_REFUSALS, tenant_id=self._tenant_id)
        return {(surface, block): refused_at for surface, block, refused_at in rows}

    def refused(self, surface: str, block: str, at: datetime) -> None:
        """Keep that Slack refused a kind of block in a kind of place."""
        self._put(_PUT_REFUSED, surface=surface, block=block, refused_at=at)

    def _put(self, both: tuple[PreparedStatement, PreparedStatement], **values: object) -> None:
        on_sqlite, on_postgresql = both
        self._wire.run(
            on_sqlite if self._wire.is_sqlite else on_postgresql, tenant_id=self._tenant_id, **values
        )
