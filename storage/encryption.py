"""Stores which keys words are encrypted under, counts what is under which, and brings all of it under the first.

What is brought under another key stays what it was: hashes in the audit chain are of the words, not of what they are
encrypted to, and no table whose rows may not be changed has words in it.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    LargeBinary,
    String,
    Table,
    and_,
    bindparam,
    case,
    delete,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    type_coerce,
    update,
)
from sqlalchemy.types import NullType

from storage.compiled import Parameters, Values
from storage.data_keys import MARK, UnopenedError, is_encrypted, key_of
from storage.statements import PreparedStatement, Wire, inserting
from storage.tables import DataKeyRow, TableRow, table_of
from storage.types import ENCRYPTED, EncryptedBytes

_KEY = table_of(DataKeyRow)
_KEYS = PreparedStatement(
    select(_KEY.c.key_id, _KEY.c.lost_at)
    .where(_KEY.c.tenant_id == bindparam("tenant_id"))
    .order_by(_KEY.c.first_used_at)
)
#: The program knows one practice a database.
_ALL_KEYS = PreparedStatement(
    select(_KEY.c.key_id).where(_KEY.c.lost_at.is_(None)).order_by(_KEY.c.first_used_at)
)
_ADD = PreparedStatement(inserting(DataKeyRow))
_LOSE = PreparedStatement(
    update(_KEY)
    .where(_KEY.c.tenant_id == bindparam("tenant"), _KEY.c.key_id == bindparam("key"))
    .values(lost_at=bindparam("lost_at", type_=_KEY.c.lost_at.type))
)
_DROP = PreparedStatement(
    delete(_KEY).where(_KEY.c.tenant_id == bindparam("tenant_id"), _KEY.c.key_id == bindparam("key_id"))
)
#: Characters of a key's id.
_ID = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Reencrypted:
    """What became of a batch of rows."""

    #: Values that are under the first key now, and those of them that had been under none.
    values: int
    were_plain: int
    #: Values that no key at hand opens, which stay as they are.
    unopened: int
    #: Where the next batch goes on; None after the last.
    after: "Place | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place among all that is encrypted: a table, by its place, and the key of the last row that was looked at."""

    table: int
    key: tuple[Any, ...] | None = None


#: Before everything.
FIRST_PLACE = Place(table=0)


class _Table:
    """A table with words in it."""

    def __init__(self, table: Table) -> None:
        self.name = str(table.name)
        self.key = [column.name for column in table.primary_key]
        self.words = [column.name for column in table.columns if isinstance(column.type, ENCRYPTED)]
        self._table = table
        own = table.c.tenant_id == bindparam("tenant_id")
        key = [table.c[name] for name in self.key]
        read = (
            select(*key, *(type_coerce(table.c[name], NullType()).label(name) for name in self.words))
            .where(own, or_(*(self._is_other(name) for name in self.words)))
            .order_by(*key)
            .limit(bindparam("most"))
        )
        self.first = PreparedStatement(read)
        behind = tuple_(*(bindparam(f"after_{name}", type_=table.c[name].type) for name in self.key))
        self.following = PreparedStatement(read.where(tuple_(*key) > behind))
        self.change = PreparedStatement(
            update(table)
            .where(
                table.c.tenant_id == bindparam("the_tenant"),
                *(table.c[name] == bindparam(f"the_{name}", type_=table.c[name].type) for name in self.key),
                # Whatever somebody else wrote in the meantime stays.
                *(self._raw(name).is_not_distinct_from(self._given("old", name)) for name in self.words),
            )
            .values({name: self._given("new", name) for name in self.words})
        )
        self.counts = [self._counted(name, own) for name in self.words]
        #: Whether its words are bytes; no table has both kinds.
        self.is_bytes = any(isinstance(table.c[name].type, EncryptedBytes) for name in self.words)

    def _kind(self, name: str) -> Any:
        return LargeBinary() if isinstance(self._table.c[name].type, EncryptedBytes) else String()

    def _given(self, which: str, name: str) -> ColumnElement[Any]:
        return bindparam(f"{which}_{name}", type_=self._kind(name))

    def _raw(self, name: str) -> ColumnElement[Any]:
        return type_coerce(self._table.c[name], self._kind(name))

    def _is_other(self, name: str) -> ColumnElement[bool]:
        """Whether there is something that is not under the first key."""
        raw, kind = self._raw(name), self._kind(name)
        length: Any = bindparam("length", type_=Integer())
        begins = func.substr(raw, 1, length, type_=kind)
        nothing: Any = bindparam("nothing", type_=kind)
        return and_(raw.is_not(None), raw != nothing, begins != bindparam("start", type_=kind))

    def _counted(self, name: str, own: ColumnElement[bool]) -> PreparedStatement:
        raw, kind = self._raw(name), self._kind(name)
        nothing: Any = bindparam("nothing", type_=kind)
        # Written out where it is grouped by: parameters of the same value are not the same to PostgreSQL.
        begins = func.substr(raw, literal_column("1"), literal_column(str(len(MARK))), type_=kind)
        its_id = func.substr(raw, literal_column(str(len(MARK) + 1)), literal_column(str(_ID)), type_=kind)
        own_id = case((begins == bindparam("start", type_=kind), its_id), else_=nothing).label("key_id")
        found = select(own_id, func.count()).where(own, raw.is_not(None), raw != nothing)
        return PreparedStatement(found.group_by("key_id"))


#: Every table with words in it, in one order.
TABLES = tuple(
    _Table(table)
    for table in TableRow.metadata.sorted_tables
    if any(isinstance(column.type, ENCRYPTED) for column in table.columns)
)


class Encryption:
    """What is encrypted of one tenant, and under which keys."""

    def __init__(self, wire: Wire, tenant_id: int) -> None:
        self._wire = wire
        self._tenant_id = tenant_id

    @property
    def current_id(self) -> str:
        """The id of the key that the program encrypts under; empty where it has none."""
        return self._wire.data_keys.current_id

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the keys at hand, the first first."""
        return self._wire.data_keys.ids

    # -- keys --------------------------------------------------------------------------------------------

    def unknown_keys(self) -> tuple[str, ...]:
        """The ids of keys of any tenant that are in use, not at hand and not known to be lost."""
        return tuple(one for (one,) in self._wire.rows(_ALL_KEYS) if one not in self.ids)

    def lost_keys(self) -> tuple[str, ...]:
        """The ids of keys that somebody said are lost."""
        return tuple(one for one, lost_at in self._known() if lost_at is not None)

    def registered(self) -> tuple[str, ...]:
        """The ids of all keys under which something was, or may have been, encrypted."""
        return tuple(one for one, _ in self._known())

    def use(self, at: datetime) -> bool:
        """Note that the first key is in use from now on; says whether it was not before."""
        if not self.current_id or self.current_id in self.registered():
            return False
        self._wire.run(
            _ADD, tenant_id=self._tenant_id, key_id=self.current_id, first_used_at=at, lost_at=None
        )
        return True

    def lose(self, key_id: str, at: datetime) -> bool:
        """Note that a key is lost; says whether it was one in use."""
        return bool(self._wire.run(_LOSE, tenant=self._tenant_id, key=key_id, lost_at=at))

    def forget_unused(self, counts: Mapping[str, int]) -> tuple[str, ...]:
        """Forget keys under which nothing is any more, but for the first; returns their ids."""
        gone = tuple(one for one in self.registered() if one != self.current_id and not counts.get(one))
        for one in gone:
            self._wire.run(_DROP, tenant_id=self._tenant_id, key_id=one)
        return gone

    def _known(self) -> list[Values]:
        return self._wire.rows(_KEYS, tenant_id=self._tenant_id)

    # -- what is under them ------------------------------------------------------------------------------

    def counts(self) -> Counter[str]:
        """How many values are under which key, by its id; under the empty text, those that are plain."""
        found: Counter[str] = Counter()
        for table in TABLES:
            asked: Parameters = {"tenant_id": self._tenant_id, **_of_kind(MARK, is_bytes=table.is_bytes)}
            for statement in table.counts:
                for own_id, count in self._wire.rows(statement, **asked):
                    text = own_id.decode("ascii", "replace") if isinstance(own_id, bytes) else str(own_id)
                    # Plain words that begin like encrypted ones are kept with an empty id.
                    found["" if text.startswith(".") else text] += count
        return found

    def reencrypt(self, after: Place, most: int) -> Reencrypted:
        """Bring a batch of rows under the first key, and say where the next begins.

        Args:
            after: Where the last batch ended; `FIRST_PLACE` at first.
            most: Rows at most.
        """
        keys = self._wire.data_keys
        table = TABLES[after.table]
        start = f"{MARK}{keys.current_id}."
        asked: Parameters = {"tenant_id": self._tenant_id, "most": most, "length": len(start)}
        asked |= _of_kind(start, is_bytes=table.is_bytes)
        if after.key is None:
            rows = self._wire.rows(table.first, **asked)
        else:
            behind = {f"after_{name}": value for name, value in zip(table.key, after.key, strict=True)}
            rows = self._wire.rows(table.following, **asked, **behind)
        values = plain = unopened = 0
        for row in rows:
            changed, were_plain, shut = self._change(table, row)
            values, plain, unopened = values + changed, plain + were_plain, unopened + shut
        following: Place | None = None
        if len(rows) == most:
            following = Place(table=after.table, key=tuple(rows[-1][: len(table.key)]))
        elif after.table + 1 < len(TABLES):
            following = Place(table=after.table + 1)
        return Reencrypted(values=values, were_plain=plain, unopened=unopened, after=following)

    def _change(self, table: _Table, row: Values) -> tuple[int, int, int]:
        """Bring the words of one row under the first key; how many were, were plain, and cannot be opened."""
        keys = self._wire.data_keys
        key, words = row[: len(table.key)], row[len(table.key) :]
        new: list[Any] = []
        values = plain = unopened = 0
        for value in words:
            made = value
            if value and not (is_encrypted(value) and key_of(value) == keys.current_id):
                try:
                    made = keys.encrypt(keys.decrypt(value), passes=True)
                except UnopenedError:
                    unopened += 1
                else:
                    values += 1
                    plain += not is_encrypted(value)
            new.append(made)
        if not values:
            return 0, 0, unopened
        touched = self._wire.run(
            table.change,
            the_tenant=self._tenant_id,
            **{f"the_{name}": value for name, value in zip(table.key, key, strict=True)},
            **{f"old_{name}": value for name, value in zip(table.words, words, strict=True)},
            **{f"new_{name}": value for name, value in zip(table.words, new, strict=True)},
        )
        return (values, plain, unopened) if touched else (0, 0, unopened)


def _of_kind(start: str, *, is_bytes: bool) -> Parameters:
    """The beginning of a value, and nothing, as a column's own kind has them."""
    return {"start": start.encode(), "nothing": b""} if is_bytes else {"start": start, "nothing": ""}
