"""Stores what was said of lines whose claims went to payers; append-only."""

from collections.abc import Collection
from itertools import groupby

from sqlalchemy import bindparam, func, select

from billing.charges import Charge
from billing.claims import ClaimEvent, ClaimEventKind
from billing.months import BillingMonth
from storage.audit import Audit
from storage.compiled import Values
from storage.hashes import CLAIM_EVENTS
from storage.statements import PreparedStatement, Wire, inserting
from storage.tables import ClaimEventRow, table_of

_EVENT = table_of(ClaimEventRow)
_ALL = (
    select(
        _EVENT.c.month,
        _EVENT.c.patient_id,
        _EVENT.c.kind,
        _EVENT.c.revision,
        _EVENT.c.claimed,
        _EVENT.c.day,
        _EVENT.c.by,
        _EVENT.c.at,
    )
    .where(_EVENT.c.tenant_id == bindparam("tenant_id"))
    .order_by(_EVENT.c.month, _EVENT.c.patient_id, _EVENT.c.n)
)
_OF_MONTH = PreparedStatement(_ALL.where(_EVENT.c.month == bindparam("month")))
_MONTHS = PreparedStatement(
    select(_EVENT.c.month)
    .where(_EVENT.c.tenant_id == bindparam("tenant_id"))
    .distinct()
    .order_by(_EVENT.c.month)
)
_LAST = PreparedStatement(
    select(_EVENT.c.patient_id, func.max(_EVENT.c.n))
    .where(_EVENT.c.tenant_id == bindparam("tenant_id"), _EVENT.c.month == bindparam("month"))
    .group_by(_EVENT.c.patient_id)
)
_ADD = PreparedStatement(inserting(ClaimEventRow))


class ClaimEvents:
    """What one tenant's people said of claims."""

    def __init__(self, wire: Wire, tenant_id: int, audit: Audit) -> None:
        self._wire = wire
        self._tenant_id = tenant_id
        self._audit = audit

    def of(self, month: BillingMonth) -> tuple[ClaimEvent, ...]:
        """Everything said of a month's lines, by patient, and of each the first first."""
        return tuple(map(_event, self._wire.rows(_OF_MONTH, tenant_id=self._tenant_id, month=month)))

    def months(self) -> tuple[BillingMonth, ...]:
        """Months of whose lines anything was said, the first first."""
        return tuple(month for (month,) in self._wire.rows(_MONTHS, tenant_id=self._tenant_id))

    def add(self, events: Collection[ClaimEvent]) -> None:
        """Keep what was said.

        Raises:
            AlreadyExists: when somebody else said something of the same line in the meantime.
        """
        by_month = groupby(sorted(events, key=_month_of), key=_month_of)
        for month, of_month in by_month:
            last: dict[int, int] = dict(self._wire.rows(_LAST, tenant_id=self._tenant_id, month=month))
            rows = []
            for event in of_month:
                last[event.patient_id] = last.get(event.patient_id, 0) + 1
                rows.append(self._row(event, last[event.patient_id]))
            self._wire.run_many(_ADD, rows)
            for row in rows:
                self._audit.keep_hash(CLAIM_EVENTS, row)

    def _row(self, event: ClaimEvent, n: int) -> dict[str, object]:
        return {
            "tenant_id": self._tenant_id,
            "month": event.month,
            "patient_id": event.patient_id,
            "n": n,
            "kind": event.kind.value,
            "revision": event.revision,
            "claimed": " ".join(f"{charge.code}x{charge.units}" for charge in event.claimed),
            "day": event.day,
            "by": event.by,
            "at": event.at,
        }


def _month_of(event: ClaimEvent) -> BillingMonth:
    return event.month


def _event(row: Values) -> ClaimEvent:
    month, patient_id, kind, revision, claimed, day, by, at = row
    pairs = (text.partition("x") for text in claimed.split())
    return ClaimEvent(
        month=month,
        patient_id=patient_id,
        kind=ClaimEventKind(kind),
        revision=revision,
        claimed=tuple(Charge(code, int(units)) for code, _, units in pairs),
        day=day,
        by=by,
        at=at,
    )
