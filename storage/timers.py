"""Stores people's timers: one that runs for each, and what became of those that ran."""

from datetime import datetime

from sqlalchemy import bindparam, select, update

from billing.timers import Timer, TimerOutcome
from storage import damage
from storage.compiled import Values
from storage.errors import StaleVersion
from storage.facts import TIMER_FACTS, Facts
from storage.statements import PreparedStatement, Wire, inserting
from storage.tables import TimerRow, table_of

_TIMER = table_of(TimerRow)
_INSTANT = _TIMER.c.ended_at.type
_COLUMNS = tuple(column for column in _TIMER.columns if column.name != "tenant_id")
_NAMES = tuple(column.name for column in _COLUMNS)
_IN_TENANT = select(*_COLUMNS).where(_TIMER.c.tenant_id == bindparam("tenant_id"))
_STANDING = _IN_TENANT.where(_TIMER.c.withdrawn_at.is_(None))
_RUNNING = _STANDING.where(_TIMER.c.ended_at.is_(None))
_RUNNING_OF = PreparedStatement(_RUNNING.where(_TIMER.c.member_id == bindparam("member_id")))
_ALL_RUNNING = PreparedStatement(_RUNNING.order_by(_TIMER.c.started_at, _TIMER.c.timer_id))
_BY_ID = PreparedStatement(_IN_TENANT.where(_TIMER.c.timer_id == bindparam("timer_id")))
_LAST_ENDED = PreparedStatement(
    _STANDING.where(
        _TIMER.c.member_id == bindparam("member_id"),
        _TIMER.c.ended_at >= bindparam("since", type_=_INSTANT),
    )
    .order_by(_TIMER.c.ended_at.desc(), _TIMER.c.timer_id.desc())
    .limit(1)
)
_ADD = PreparedStatement(inserting(TimerRow, without=("timer_id",)).returning(_TIMER.c.timer_id))
_CHANGE = PreparedStatement(
    update(_TIMER)
    .where(
        _TIMER.c.tenant_id == bindparam("the_tenant"),
        _TIMER.c.timer_id == bindparam("the_timer"),
        # Of two who stop it at once, one does.
        _TIMER.c.ended_at.is_(None),
        _TIMER.c.withdrawn_at.is_(None),
    )
    .values(
        {
            name: bindparam(name, type_=_TIMER.c[name].type)
            for name in ("patient_id", "note", "ended_at", "outcome", "receipt_id")
        }
    )
)


class Timers:
    """The timers of one tenant's members."""

    def __init__(self, wire: Wire, tenant_id: int, facts: Facts) -> None:
        self._wire = wire
        self._tenant_id = tenant_id
        self._facts = facts

    def running(self, member_id: int) -> Timer | None:
        """The one timer of a member that runs."""
        row = self._wire.row(_RUNNING_OF, tenant_id=self._tenant_id, member_id=member_id)
        found = [] if row is None else damage.each(_timer, [row], "timer")
        return found[0] if found else None

    def all_running(self) -> tuple[Timer, ...]:
        """Every timer that runs, the earliest first."""
        return tuple(damage.each(_timer, self._wire.rows(_ALL_RUNNING, tenant_id=self._tenant_id), "timer"))

    def by_id(self, timer_id: int) -> Timer | None:
        """The timer of that number, whatever became of it; None for one whose start was taken back."""
        row = self._wire.row(_BY_ID, tenant_id=self._tenant_id, timer_id=timer_id)
        return None if row is None or row[-1] is not None else _timer(row)

    def last_ended(self, member_id: int, since: datetime) -> Timer | None:
        """The timer of a member that ended last, from an instant on."""
        row = self._wire.row(_LAST_ENDED, tenant_id=self._tenant_id, member_id=member_id, since=since)
        return None if row is None else _timer(row)

    def start(
        self, *, member_id: int, patient_id: int | None, started_at: datetime, begun_at: datetime, note: str
    ) -> Timer:
        """Begin a timer.

        Raises:
            AlreadyExists: when one of the member's runs.
        """
        row = {
            "member_id": member_id,
            "patient_id": patient_id,
            "started_at": started_at,
            "begun_at": begun_at,
            "note": note,
            **dict.fromkeys(("ended_at", "outcome", "receipt_id", "withdrawn_by", "withdrawn_at")),
        }
        (timer_id,) = self._wire.one(_ADD, tenant_id=self._tenant_id, **row)
        self._facts.added(TIMER_FACTS, {"timer_id": timer_id, **row})
        return _timer((timer_id, *(row[name] for name in _NAMES[1:])))

    def change(self, after: Timer) -> None:
        """Keep what is known of a running timer now, or what became of it.

        Raises:
            StaleVersion: when it runs no more.
        """
        changed = {
            "patient_id": after.patient_id,
            "note": after.note,
            "ended_at": after.ended_at,
            "outcome": None if after.outcome is None else after.outcome.value,
            "receipt_id": after.receipt_id,
        }
        found = self._wire.run(_CHANGE, the_tenant=self._tenant_id, the_timer=after.timer_id, **changed)
        if not found:
            raise StaleVersion
        kept = {"timer_id": after.timer_id, "member_id": after.member_id, "started_at": after.started_at}
        withdrawn = {"begun_at": after.begun_at, "withdrawn_by": None, "withdrawn_at": None}
        self._facts.changed(TIMER_FACTS, {**kept, **changed, **withdrawn})


def _timer(row: Values) -> Timer:
    known = dict(zip(_NAMES, row, strict=True))
    return Timer(
        **{name: known[name] for name in _NAMES if not name.startswith("withdrawn") and name != "outcome"},
        outcome=None if known["outcome"] is None else TimerOutcome(known["outcome"]),
    )
