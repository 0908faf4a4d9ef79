"""Stores the seals of the audit chain: a keyed word, now and then, for everything up to one event.

An event's MAC says what was done; a seal says that these events were all of them, in that order. Whoever changes the
database and has not the key can make neither.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import bindparam, select

from storage.audit_keys import NO_KEYS, AuditKeys, Purpose
from storage.statements import PreparedStatement, Wire, inserting
from storage.tables import AuditSealRow, table_of
from storage.types import utc

_SEAL = table_of(AuditSealRow)
#: The action of the event that a seal ends with, which says that the seal is there; its subject is `seal:N`.
SEALED = "chain.sealed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """One word for the chain."""

    n: int
    #: The event that it ends with, and its hash; there are as many events as that.
    seq: int
    hash: str
    #: Aware, UTC.
    at: datetime
    #: The MAC of the seal before; empty for the first.
    previous: str
    mac: str = ""

    def vouched(self, tenant_id: int) -> str:
        """The text that its MAC is of."""
        at = utc(self.at).isoformat(timespec="microseconds")
        return f"{tenant_id},{self.n},{self.seq},{self.hash},{at},{self.previous}"


_COLUMNS = tuple(_SEAL.c[one.name] for one in fields(Seal))
_NAMES = tuple(one.name for one in fields(Seal))
_ALL = PreparedStatement(
    select(*_COLUMNS).where(_SEAL.c.tenant_id == bindparam("tenant_id")).order_by(_SEAL.c.n)
)
_LAST = PreparedStatement(
    select(*_COLUMNS).where(_SEAL.c.tenant_id == bindparam("tenant_id")).order_by(_SEAL.c.n.desc()).limit(1)
)
#: The program knows one practice a database.
_NEWEST = PreparedStatement(select(_SEAL.c.mac).order_by(_SEAL.c.tenant_id, _SEAL.c.n.desc()).limit(1))
_ADD = PreparedStatement(inserting(AuditSealRow))


class Seals:
    """The seals of one tenant's chain; append-only."""

    def __init__(self, wire: Wire, tenant_id: int, keys: AuditKeys = NO_KEYS) -> None:
        self._wire = wire
        self._tenant_id = tenant_id
        self._keys = keys

    def last(self) -> Seal | None:
        """The newest; None where nothing was sealed yet."""
        row = self._wire.row(_LAST, tenant_id=self._tenant_id)
        return None if row is None else Seal(**dict(zip(_NAMES, row, strict=True)))

    def unknown_key(self) -> str | None:
        """The id of the key of the newest seal of any tenant, where it is not at hand."""
        row = self._wire.row(_NEWEST)
        return None if row is None or self._keys.knows(row[0]) else str(row[0].partition(".")[0])

    def all(self) -> Iterator[Seal]:
        """Every seal, the first first, as they come."""
        for row in self._wire.stream(_ALL, tenant_id=self._tenant_id):
            yield Seal(**dict(zip(_NAMES, row, strict=True)))

    def add(self, previous: Seal | None, seq: int, own_hash: str, at: datetime) -> Seal | None:
        """Seal the chain up to an event; None without a key.

        Args:
            previous: The newest seal, which the caller has looked at.
            seq: The event's number; everything up to it was looked at.
            own_hash: Its hash.
            at: Aware instant of now.

        Raises:
            AlreadyExists: when another program sealed in the meantime.
        """
        seal = Seal(
            n=previous.n + 1 if previous else 1,
            seq=seq,
            hash=own_hash,
            at=utc(at),
            previous=previous.mac if previous else "",
        )
        mac = self._keys.sign(Purpose.SEAL, seal.vouched(self._tenant_id))
        if mac is None:
            return None
        row = {name: getattr(seal, name) for name in _NAMES} | {"mac": mac}
        self._wire.run(_ADD, tenant_id=self._tenant_id, **row)
        return Seal(**row)
