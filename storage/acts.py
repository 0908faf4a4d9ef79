"""Stores what people did: each act with every version that it wrote, and which acts were taken back."""

import json
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam, func, select

from storage.audit import Audit
from storage.compiled import Values
from storage.errors import AlreadyExists, StaleVersion
from storage.hashes import ACTS, UNDONE_ACTS
from storage.statements import PreparedStatement, Wire, inserting
from storage.tables import ACT_NUMBERS, ActRow, UndoneActRow, table_of
from storage.values import Act, ActKind, Change

_ACT = table_of(ActRow)
_UNDONE = table_of(UndoneActRow)
_INSTANT = _ACT.c.at.type
_READ = select(
    _ACT.c.act_id, _ACT.c.kind, _ACT.c.actor, _ACT.c.at, _ACT.c.changes, _UNDONE.c.by_act
).outerjoin_from(_ACT, _UNDONE, _UNDONE.c.act_id == _ACT.c.act_id)
_IN_TENANT = _READ.where(_ACT.c.tenant_id == bindparam("tenant_id"))
_NEWEST_FIRST = (_ACT.c.at.desc(), _ACT.c.act_id.desc())
_BY_ID = PreparedStatement(_IN_TENANT.where(_ACT.c.act_id == bindparam("act_id")))
_OF_REQUEST = PreparedStatement(_IN_TENANT.where(_ACT.c.request_key == bindparam("key")))
_SINCE = PreparedStatement(
    _IN_TENANT.where(
        _ACT.c.actor == bindparam("actor"), _ACT.c.at >= bindparam("since", type_=_INSTANT)
    ).order_by(*_NEWEST_FIRST)
)
_UNDONE_BY = PreparedStatement(
    _IN_TENANT.where(_UNDONE.c.by_act == bindparam("by_act")).order_by(*_NEWEST_FIRST)
)
_OF_KIND = PreparedStatement(
    _IN_TENANT.where(_ACT.c.kind == bindparam("kind")).order_by(_ACT.c.at, _ACT.c.act_id)
)
_LAST_NUMBER = PreparedStatement(select(func.coalesce(func.max(_ACT.c.act_id), 0)))
_NEXT_NUMBER = PreparedStatement(select(ACT_NUMBERS.next_value()))
_ADD = PreparedStatement(inserting(ActRow))
_ADD_UNDONE = PreparedStatement(inserting(UndoneActRow))

_ENCODE = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


class Acts:
    """The acts of one tenant's people, and the one that this unit of work is."""

    def __init__(self, wire: Wire, tenant_id: int, audit: Audit) -> None:
        self._wire = wire
        self._tenant_id = tenant_id
        self._audit = audit
        #: The act in progress; without changes or number yet.
        self.current: Act | None = None
        self._number: int | None = None
        self._request_key: str | None = None
        self._takes_back: tuple[int, ...] = ()
        self._changes: dict[tuple[str, int], Change] = {}

    # -- the act in progress -----------------------------------------------------------------------------

    def begin(self, kind: ActKind, *, by: int, at: datetime, request_key: str | None = None) -> None:
        """Say what this unit of work is, before it writes anything; what is done on the way belongs to it."""
        if self.current is None:
            self.current = Act(act_id=0, kind=kind, actor=by, at=at, changes=())
            self._request_key = request_key

    def takes_back(self, act_ids: Collection[int]) -> None:
        """Say which acts the one in progress takes back."""
        self._takes_back = tuple(act_ids)

    def changed(self, kind: str, fact_id: int, before: int | None, after: int) -> None:
        """Note that the act in progress wrote a version of a fact; None before is a fact that is new."""
        if self.current is None:
            return
        known = self._changes.get((kind, fact_id))
        first = known.before if known else before
        self._changes[kind, fact_id] = Change(kind=kind, fact_id=fact_id, before=first, after=after)

    @property
    def changes(self) -> tuple[Change, ...]:
        """What the act in progress has changed so far, in that order."""
        return tuple(self._changes.values())

    @property
    def lacks_number(self) -> bool:
        """True while an act in progress waits for its number, which costs PostgreSQL a round trip."""
        return self.current is not None and self._number is None

    def take_number(self, number: int) -> None:
        """Give the act in progress a number that came with others."""
        self._number = number

    def number(self) -> int:
        """The number that the act in progress is kept under."""
        if self._number is None:
            if self._wire.is_sqlite:
                self._number = self._wire.one(_LAST_NUMBER)[0] + 1
            else:
                (self._number,) = self._wire.one(_NEXT_NUMBER)
        return self._number

    def write(self) -> None:
        """Keep the act in progress, if it changed anything.

        Raises:
            StaleVersion: when what it takes back was taken back by somebody else in the meantime.
        """
        act = self.current
        if act is None or not self._changes:
            return
        row = {
            "act_id": self.number(),
            "tenant_id": self._tenant_id,
            "kind": act.kind.value,
            "actor": act.actor,
            "at": act.at,
            "request_key": self._request_key,
            "changes": _ENCODE([[one.kind, one.fact_id, one.before, one.after] for one in self.changes]),
        }
        self._wire.run(_ADD, **row)
        self._audit.keep_hash(ACTS, row)
        for taken_back in self._takes_back:
            undone = {"act_id": taken_back, "tenant_id": self._tenant_id, "by_act": row["act_id"]}
            try:
                self._wire.run(_ADD_UNDONE, **undone)
            except AlreadyExists as error:
                raise StaleVersion from error
            self._audit.keep_hash(UNDONE_ACTS, undone)

    # -- what was done -----------------------------------------------------------------------------------

    def by_id(self, act_id: int) -> Act | None:
        """The act of that number."""
        row = self._wire.row(_BY_ID, tenant_id=self._tenant_id, act_id=act_id)
        return None if row is None else _act(row)

    def of_request(self, key: str) -> Act | None:
        """The act that a request brought, of those that take back."""
        row = self._wire.row(_OF_REQUEST, tenant_id=self._tenant_id, key=key)
        return None if row is None else _act(row)

    def since(self, actor: int, since: datetime) -> tuple[Act, ...]:
        """What a member did since then, the newest first."""
        rows = self._wire.rows(_SINCE, tenant_id=self._tenant_id, actor=actor, since=since)
        return tuple(map(_act, rows))

    def of_kind(self, kind: ActKind) -> tuple[Act, ...]:
        """Everything of one kind that anybody did, the first first."""
        return tuple(map(_act, self._wire.rows(_OF_KIND, tenant_id=self._tenant_id, kind=kind.value)))

    def undone_by(self, act_id: int) -> tuple[Act, ...]:
        """The acts that an act took back, the newest first."""
        return tuple(map(_act, self._wire.rows(_UNDONE_BY, tenant_id=self._tenant_id, by_act=act_id)))


def _act(row: Values) -> Act:
    act_id, kind, actor, at, changes, undone_by = row
    return Act(
        act_id=act_id,
        kind=ActKind(kind),
        actor=actor,
        at=at,
        changes=tuple(
            Change(kind=fact, fact_id=fact_id, before=before, after=after)
            for fact, fact_id, before, after in json.loads(changes)
        ),
        undone_by=undone_by,
    )
