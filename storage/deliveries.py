"""Stores deliveries of scheduled messages: claimed once, changed only by whoever holds the last version."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage import damage
from storage.errors import NotFound
from storage.expressions import among
from storage.statements import PreparedStatement, Wire
from storage.tables import DeliveryRow, table_of


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDelivery:
    """One part of what is owed, in the words it is kept in; `services.messages.deliveries` gives them their sense."""

    delivery_id: str
    #: Name of its kind.
    job: str
    period: str
    recipient: str
    part: str
    thread_of: str | None
    due_at: datetime
    useful_until: datetime
    planned_at: datetime
    state: str
    version: int
    changed_at: datetime
    wait_seconds: int
    attempts: int
    looks: int
    code: str | None
    channel: str | None
    ts: str | None
    file_id: str | None
    uploaded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMessage:
    """A message that a member has in Slack, and where."""

    period: str
    member_id: int
    channel: str
    ts: str


_DELIVERY = table_of(DeliveryRow)
_NAMES = tuple(field.name for field in fields(StoredDelivery))
_COLUMNS = tuple(_DELIVERY.c[name] for name in _NAMES)
#: Never change once a delivery is in the outbox.
_FIXED = frozenset(_NAMES[: _NAMES.index("state")])
_INSTANT = _DELIVERY.c.due_at.type
_IN_TENANT = select(*_COLUMNS).where(_DELIVERY.c.tenant_id == bindparam("tenant_id"))
_UNFINISHED = or_(*(_DELIVERY.c.state == state for state in ("new", "sending", "ambiguous", "failed")))
#: Keys stay known so long after their use was over, whatever zone or quiet hours somebody chooses meanwhile.
_MARGIN = timedelta(days=7)

_VALUES = {name: bindparam(name, type_=_DELIVERY.c[name].type) for name in ("tenant_id", *_NAMES)}
# Each of the two has its own INSERT for this, with the same words.
_CLAIM_ON_SQLITE = PreparedStatement(sqlite.insert(_DELIVERY).values(_VALUES).on_conflict_do_nothing())
_CLAIM_ON_POSTGRESQL = PreparedStatement(
    postgresql.insert(_DELIVERY).values(_VALUES).on_conflict_do_nothing()
)
_OPEN = PreparedStatement(_IN_TENANT.where(_UNFINISHED).order_by(_DELIVERY.c.due_at, _DELIVERY.c.delivery_id))
_BY_ID = PreparedStatement(_IN_TENANT.where(_DELIVERY.c.delivery_id == bindparam("delivery_id")))
_KEYS = PreparedStatement(
    select(_DELIVERY.c.period, _DELIVERY.c.recipient)
    .where(
        _DELIVERY.c.tenant_id == bindparam("tenant_id"),
        _DELIVERY.c.useful_until > bindparam("after", type_=_INSTANT),
    )
    .distinct()
)
_OF_PERIODS = PreparedStatement(
    select(
        _DELIVERY.c.period,
        _DELIVERY.c.recipient,
        _DELIVERY.c.state,
        _DELIVERY.c.channel,
        _DELIVERY.c.ts,
    ).where(_DELIVERY.c.tenant_id == bindparam("tenant_id"), among(_DELIVERY.c.period, "periods"))
)
_FIRST_PLANNED = PreparedStatement(
    select(_DELIVERY.c.planned_at)
    .where(_DELIVERY.c.tenant_id == bindparam("tenant_id"))
    .order_by(_DELIVERY.c.planned_at)
    .limit(1)
)
_SENT = PreparedStatement(
    select(_DELIVERY.c.delivery_id)
    .where(
        _DELIVERY.c.tenant_id == bindparam("tenant_id"),
        among(_DELIVERY.c.period, "periods"),
        _DELIVERY.c.recipient == bindparam("recipient"),
        _DELIVERY.c.state == "sent",
    )
    .limit(1)
)
_PLACE = PreparedStatement(
    select(_DELIVERY.c.channel, _DELIVERY.c.ts).where(
        _DELIVERY.c.tenant_id == bindparam("tenant_id"),
        _DELIVERY.c.period == bindparam("period"),
        _DELIVERY.c.recipient == bindparam("recipient"),
        _DELIVERY.c.part == "message",
        _DELIVERY.c.ts.is_not(None),
    )
)
_SWAP = PreparedStatement(
    update(_DELIVERY)
    .where(
        _DELIVERY.c.tenant_id == bindparam("tenant"),
        _DELIVERY.c.delivery_id == bindparam("delivery"),
        _DELIVERY.c.version == bindparam("before"),
    )
    .values({name: bindparam(name, type_=_DELIVERY.c[name].type) for name in _NAMES if name not in _FIXED})
)


class Deliveries:
    """The outbox of one tenant."""

    def __init__(self, wire: Wire, tenant_id: int) -> None:
        self._wire = wire
        self._tenant_id = tenant_id

    def keys(self, now: datetime) -> frozenset[tuple[str, str]]:
        """Period and recipient of every delivery that is still of use at an instant, and of some that are not."""
        rows = self._wire.rows(_KEYS, tenant_id=self._tenant_id, after=now - _MARGIN)
        return frozenset((period, recipient) for period, recipient in rows)

    def periods(self, asked: Collection[str]) -> frozenset[str]:
        """Which of some periods are in the outbox, for whomever."""
        return frozenset(row[0] for row in self._of_periods(asked))

    def sent_to_members(self, asked: Collection[str]) -> tuple[SentMessage, ...]:
        """The messages of some periods that members were sent."""
        return tuple(
            SentMessage(period=period, member_id=int(recipient.partition(":")[2]), channel=channel, ts=ts)
            for period, recipient, state, channel, ts in self._of_periods(asked)
            if state == "sent" and recipient.startswith("member:") and channel and ts
        )

    def _of_periods(self, asked: Collection[str]) -> Iterable[Any]:
        return self._wire.rows(_OF_PERIODS, tenant_id=self._tenant_id, periods=asked) if asked else ()

    def first_planned(self) -> datetime | None:
        """When the very first delivery was put in; None before."""
        row = self._wire.row(_FIRST_PLANNED, tenant_id=self._tenant_id)
        return None if row is None else row[0]

    def add(self, deliveries: Iterable[StoredDelivery]) -> int:
        """Put parts in, but for those of deliveries that are there; returns how many were new.

        Args:
            deliveries: all parts of one for a recipient stand together, its message first.
        """
        claim = _CLAIM_ON_SQLITE if self._wire.is_sqlite else _CLAIM_ON_POSTGRESQL
        # Those who put in the same wait for each other; in one order, they cannot wait in a circle.
        ordered = sorted(deliveries, key=_key)
        new = 0
        for _, parts in groupby(ordered, key=_key):
            for part in parts:
                if not self._wire.run(claim, tenant_id=self._tenant_id, **_facts(part)):
                    break
                new += 1
        return new

    def open(self) -> tuple[StoredDelivery, ...]:
        """Every delivery whose state is not final, earliest due first."""
        rows = self._wire.rows(_OPEN, tenant_id=self._tenant_id)
        return tuple(
            damage.each(lambda row: StoredDelivery(**dict(zip(_NAMES, row, strict=True))), rows, "delivery")
        )

    def was_sent(self, periods: Collection[str], recipient: str) -> bool:
        """Whether anything of some periods was sent to a recipient."""
        return (
            self._wire.row(_SENT, tenant_id=self._tenant_id, periods=periods, recipient=recipient) is not None
        )

    def place_of(self, period: str, recipient: str) -> tuple[str, str] | None:
        """Channel and time of the message of a period that Slack has; None while it has none."""
        row = self._wire.row(_PLACE, tenant_id=self._tenant_id, period=period, recipient=recipient)
        return None if row is None else (row[0], row[1])

    def by_id(self, delivery_id: str) -> StoredDelivery:
        """One delivery, whatever its state.

        Raises:
            NotFound: when there is no such delivery.
        """
        row = self._wire.row(_BY_ID, tenant_id=self._tenant_id, delivery_id=delivery_id)
        if row is None:
            raise NotFound
        return StoredDelivery(**dict(zip(_NAMES, row, strict=True)))

    def swap(self, after: StoredDelivery) -> bool:
        """Store a changed delivery if the stored version is the one before it; says whether it did."""
        changed = {name: getattr(after, name) for name in _NAMES if name not in _FIXED}
        touched = self._wire.run(
            _SWAP,
            tenant=self._tenant_id,
            delivery=after.delivery_id,
            before=after.version - 1,
            **changed,
        )
        return touched == 1


def _facts(delivery: StoredDelivery) -> dict[str, Any]:
    return {name: getattr(delivery, name) for name in _NAMES}


_key = attrgetter("period", "recipient")
