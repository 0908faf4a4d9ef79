"""Rows without versions that an import may add or change: compared with what it left, and put back as they stood."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect

from storage.audit import Audit
from storage.compiled import Values
from storage.expressions import among
from storage.hashes import HASHED, OTHER_SERVICES, HashedTable
from storage.statements import PreparedStatement, Wire
from storage.tables import (
    ClaimAuthorizationRow,
    ClaimInsuranceRow,
    ClaimPersonRow,
    FeeRateRow,
    FeeScheduleRow,
    MemberRow,
    MembershipRequestRow,
    OtherServiceRow,
    PatientIdentityRow,
    PatientRow,
    PayerNameRow,
    PayerRuleRow,
    TableRow,
    table_of,
)

_SQLITE = sqlite_dialect()
#: A row by column, each value as SQLite spells it.
Spelled = dict[str, Any]
#: The rows of one thing, table by table.
Stood = list[list[Spelled]]

_ENCODE = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
#: Asked for the columns alone.
_SOME_INSTANT = datetime.min.replace(tzinfo=UTC)
#: So many things are read at a time.
_BATCH = 5000


class _Part:
    """One of the tables that hold a thing."""

    def __init__(self, row: type[TableRow], key: Sequence[str]) -> None:
        self.table = table_of(row)
        self.key = key
        columns = [column for column in self.table.columns if column.name != "tenant_id"]
        self.names = tuple(column.name for column in columns)
        kinds = {column.name: column.type.dialect_impl(_SQLITE) for column in columns}
        self._binders = {name: kind.bind_processor(_SQLITE) for name, kind in kinds.items()}
        self._readers = {name: kind.result_processor(_SQLITE, None) for name, kind in kinds.items()}
        own = select(*columns).where(self.table.c.tenant_id == bindparam("tenant_id"))
        order = [self.table.c[column.name] for column in self.table.primary_key]
        self.one = PreparedStatement(own.where(*self._is_key()).order_by(*order))
        self.many = PreparedStatement(own.where(among(self.table.c[key[0]], "keys")).order_by(*order))
        #: Not even a key of theirs may be taken: foreign keys to them wait.
        self.held = PreparedStatement(
            select(self.table.c[key[0]])
            .where(self.table.c.tenant_id == bindparam("tenant_id"), among(self.table.c[key[0]], "keys"))
            .order_by(self.table.c[key[0]])
            .with_for_update()
        )
        self.update = PreparedStatement(
            update(self.table)
            .where(self.table.c.tenant_id == bindparam("the_tenant"), *self._is_key("the_"))
            .values({name: bindparam(name, type_=self.table.c[name].type) for name in self.names})
        )
        self.drop = PreparedStatement(
            delete(self.table).where(self.table.c.tenant_id == bindparam("tenant_id"), *self._is_key())
        )
        self.add = PreparedStatement(
            insert(self.table).values(
                {name: bindparam(name, type_=self.table.c[name].type) for name in ("tenant_id", *self.names)}
            )
        )

    def _is_key(self, prefix: str = "") -> list[Any]:
        return [
            self.table.c[name] == bindparam(f"{prefix}{name}", type_=self.table.c[name].type)
            for name in self.key
        ]

    def spelled(self, row: Values) -> Spelled:
        """A row as JSON can keep it."""
        return {name: self.spelled_value(name, value) for name, value in zip(self.names, row, strict=True)}

    def spelled_value(self, name: str, value: Any) -> Any:
        """One of its values."""
        bind = self._binders[name]
        return value if value is None or bind is None else bind(value)

    def values(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """The same as Python values; a column that there was not yet is left out."""
        return {name: self.value(name, row[name]) for name in self.names if name in row}

    def value(self, name: str, spelled: Any) -> Any:
        """One of them."""
        reader = self._readers[name]
        return spelled if spelled is None or reader is None else reader(spelled)


class Content:
    """A kind of thing that lies in rows without versions.

    Args:
        kind: What it is called among the changes of an import.
        rows: Its tables.
        key: The columns that tell it apart within a tenant, which every table has.
        gone: What the row of the first table says of one that was taken back: of the import's number, and an instant;
            None where its rows are deleted.
        hashed: Its one table, where the rows have hashes in the audit chain.
        counts: Columns of one that an import added which nobody may have changed since.
        is_somebody: Whether it is a patient or a member, of whom others may write at any moment.
    """

    def __init__(
        self,
        kind: str,
        *rows: type[TableRow],
        key: Sequence[str],
        gone: Callable[[int, int, datetime], dict[str, Any]] | None,
        hashed: HashedTable | None = None,
        counts: Collection[str] = (),
        is_somebody: bool = False,
    ) -> None:
        self.kind = kind
        self._is_somebody = is_somebody
        self._hashed = hashed
        self._counts = counts
        self.key = tuple(key)
        self._parts = [_Part(row, key) for row in rows]
        #: Its tables, as their rows are hashed at the end of a unit of work.
        self.held = [] if hashed else [HASHED[part.table.name] for part in self._parts]
        self._gone = gone
        self._take_back = None if gone is None else _marking(self._parts[0].table, key, gone)

    @property
    def is_compared(self) -> bool:
        """Whether one that an import added is looked at for what was changed of it since."""
        return bool(self._counts)

    def spelled_key(self, *values: Any) -> str:
        """Its key as JSON."""
        first = self._parts[0]
        return _ENCODE(
            [first.spelled_value(name, value) for name, value in zip(self.key, values, strict=True)]
        )

    def of(self, wire: Wire, tenant_id: int, keys: Iterable[str]) -> dict[str, Stood]:
        """The rows of those things that there are, as they stand."""
        wanted = list(keys)
        if len(self.key) > 1 or len(wanted) == 1:
            found = {key: self.one(wire, tenant_id, key) for key in wanted}
            return {key: stood for key, stood in found.items() if stood[0]}
        gathered: dict[str, Stood] = {}
        (name,) = self.key
        for start in range(0, len(wanted), _BATCH):
            keys_here = [self._values_of(key)[name] for key in wanted[start : start + _BATCH]]
            for place, part in enumerate(self._parts):
                for row in wire.rows(part.many, tenant_id=tenant_id, keys=keys_here):
                    spelled = part.spelled(row)
                    stood = gathered.setdefault(_ENCODE([spelled[name]]), [[] for _ in self._parts])
                    stood[place].append(spelled)
        return {key: gathered[key] for key in wanted if key in gathered and gathered[key][0]}

    def hold(self, wire: Wire, tenant_id: int, keys: Iterable[str]) -> None:
        """Wait for whoever is writing about those people, and let nobody else begin (PostgreSQL)."""
        if self._is_somebody and not wire.is_sqlite:
            (name,) = self.key
            wire.rows(
                self._parts[0].held, tenant_id=tenant_id, keys=[self._values_of(key)[name] for key in keys]
            )

    def clashes(self, now: Stood, stood: Stood | None, left: Stood) -> bool:
        """Whether something that an import changed has been changed again since.

        Args:
            now: Its rows as they stand.
            stood: As they stood before the import; None where there were none.
            left: As the import left them.
        """
        if stood is None:
            return any(_values_of(now, name) != _values_of(left, name) for name in self._counts)
        if self._gone is None or [len(rows) for rows in now] != [len(rows) for rows in stood]:
            return now != left
        touched = _touched(stood, left)
        return any(now[part][0].get(name) != left[part][0].get(name) for part, name in touched)

    def put_back(self, wire: Wire, tenant_id: int, key: str, *, stood: Stood, left: Stood) -> None:
        """Make a thing be what it was before an import; of one row, what others changed beside it stays."""
        named = self._values_of(key)
        if self._gone is None:
            wire.run(self._parts[0].drop, tenant_id=tenant_id, **named)
            for part, rows in zip(self._parts, stood, strict=True):
                empty = dict.fromkeys(part.names)
                for row in rows:
                    wire.run(part.add, tenant_id=tenant_id, **(empty | part.values(row)))
            return
        wanted = self.one(wire, tenant_id, key)
        for place, name in _touched(stood, left):
            wanted[place][0][name] = stood[place][0][name]
        for part, rows in zip(self._parts, wanted, strict=True):
            for row in rows:
                wire.run(part.update, the_tenant=tenant_id, **_prefixed(named), **part.values(row))

    def take_back(self, wire: Wire, tenant_id: int, key: str, *, number: int, by: int, at: datetime) -> None:
        """Let a thing that an import added be there no more."""
        named = self._values_of(key)
        if self._gone is None or self._take_back is None:
            # What belongs to it goes with it (ON DELETE CASCADE).
            wire.run(self._parts[0].drop, tenant_id=tenant_id, **named)
        else:
            wire.run(self._take_back, the_tenant=tenant_id, **_prefixed(named), **self._gone(number, by, at))

    def keep_hash(self, wire: Wire, tenant_id: int, key: str, audit: Audit) -> None:
        """Have the hash of its row stand in the audit chain, where its table's rows do."""
        if self._hashed is not None:
            ((row,),) = self.one(wire, tenant_id, key)
            audit.keep_hash(self._hashed, {"tenant_id": tenant_id, **self._parts[0].values(row)})

    def one(self, wire: Wire, tenant_id: int, key: str) -> Stood:
        """The rows of one thing as they stand; empty lists where there are none."""
        named = self._values_of(key)
        return [
            [part.spelled(row) for row in wire.rows(part.one, tenant_id=tenant_id, **named)]
            for part in self._parts
        ]

    def values_of(self, key: str) -> tuple[Any, ...]:
        """The values of a key."""
        return tuple(self._values_of(key).values())

    def _values_of(self, key: str) -> dict[str, Any]:
        first = self._parts[0]
        return {name: first.value(name, value) for name, value in zip(self.key, json.loads(key), strict=True)}


def _marking(
    table: Table, key: Sequence[str], gone: Callable[[int, int, datetime], dict[str, Any]]
) -> PreparedStatement:
    names = gone(0, 0, _SOME_INSTANT)
    return PreparedStatement(
        update(table)
        .where(
            table.c.tenant_id == bindparam("the_tenant"),
            *(table.c[name] == bindparam(f"the_{name}", type_=table.c[name].type) for name in key),
        )
        .values({name: bindparam(name, type_=table.c[name].type) for name in names})
    )


def _prefixed(named: Mapping[str, Any]) -> dict[str, Any]:
    return {f"the_{name}": value for name, value in named.items()}


def encoded(stood: Stood | None) -> str:
    """Rows as the text that is kept of them; empty where there are none."""
    return "" if stood is None else _ENCODE(stood)


def decoded(text: str) -> Stood | None:
    """The same back."""
    rows: Stood | None = json.loads(text) if text else None
    return rows


def _touched(stood: Stood, left: Stood) -> list[tuple[int, str]]:
    """The columns that an import changed, each with the place of its table."""
    return [
        (place, name)
        for place, (before, after) in enumerate(zip(stood, left, strict=True))
        for name in before[0]
        if before[0][name] != after[0].get(name)
    ]


def _values_of(stood: Stood, name: str) -> list[Any]:
    return [row.get(name) for row in stood[0]]


PATIENT_CONTENT: Final = Content(
    "roster_patient",
    PatientRow,
    PatientIdentityRow,
    key=("patient_id",),
    gone=lambda number, _by, _at: {"taken_back": number, "on_roster": False},
    is_somebody=True,
)
MEMBER_CONTENT: Final = Content(
    "team_member",
    MemberRow,
    key=("member_id",),
    # Nobody else could have the Slack user id or the e-mail address that one who is gone still holds.
    gone=lambda number, _by, _at: {
        "taken_back": number,
        "active": False,
        "slack_user_id": None,
        "email": None,
    },
    counts=("roles",),
    is_somebody=True,
)
REQUEST_CONTENT: Final = Content(
    "membership_request", MembershipRequestRow, key=("request_id",), gone=lambda *_: {"approved": None}
)
PAYER_CONTENT: Final = Content("payer", PayerNameRow, PayerRuleRow, key=("name_key",), gone=None)
FEE_CONTENT: Final = Content("fee_schedule", FeeScheduleRow, FeeRateRow, key=("name_key",), gone=None)
SERVICE_CONTENT: Final = Content(
    "other_service",
    OtherServiceRow,
    key=("patient_id", "service_on", "code"),
    gone=lambda _number, by, at: {"withdrawn_by": by, "withdrawn_at": at},
    hashed=OTHER_SERVICES,
)
CLAIM_CONTENT: Final = Content(
    "claim_details",
    ClaimPersonRow,
    ClaimInsuranceRow,
    ClaimAuthorizationRow,
    key=("patient_id",),
    gone=None,
)
#: Every kind of content, by name.
CONTENTS: Final = {
    one.kind: one
    for one in (
        PATIENT_CONTENT,
        MEMBER_CONTENT,
        REQUEST_CONTENT,
        PAYER_CONTENT,
        FEE_CONTENT,
        SERVICE_CONTENT,
        CLAIM_CONTENT,
    )
}
