"""Stores that somebody asked about an MRN that nobody has, so that all nodes count alike; never which one."""

from datetime import datetime

from sqlalchemy import bindparam, delete, func, select

from storage.statements import PreparedStatement, Wire, inserting
from storage.tables import UnknownReadRow, table_of

_READ = table_of(UnknownReadRow)
_SINCE = PreparedStatement(
    select(func.count(), func.min(_READ.c.at)).where(
        _READ.c.tenant_id == bindparam("tenant_id"),
        _READ.c.member_id == bindparam("member_id"),
        _READ.c.at > bindparam("since", type_=_READ.c.at.type),
    )
)
_ADD = PreparedStatement(inserting(UnknownReadRow, without=("read_id",)))
_PURGE = PreparedStatement(
    delete(_READ).where(
        _READ.c.tenant_id == bindparam("tenant_id"),
        _READ.c.at < bindparam("before", type_=_READ.c.at.type),
    )
)


class UnknownReads:
    """What the members of one tenant asked in vain of late."""

    def __init__(self, wire: Wire, tenant_id: int) -> None:
        self._wire = wire
        self._tenant_id = tenant_id

    def since(self, member_id: int, since: datetime) -> tuple[int, datetime | None]:
        """How often a member did after an instant, and when first; None for never."""
        number, first = self._wire.one(_SINCE, tenant_id=self._tenant_id, member_id=member_id, since=since)
        return int(number), first

    def add(self, member_id: int, at: datetime) -> None:
        """Keep that a member did."""
        self._wire.run(_ADD, tenant_id=self._tenant_id, member_id=member_id, at=at)

    def purge(self, before: datetime) -> None:
        """Forget what is too old to count."""
        self._wire.run(_PURGE, tenant_id=self._tenant_id, before=before)
