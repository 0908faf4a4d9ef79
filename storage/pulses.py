"""Stores how each running program does, for whoever looks from outside."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import bindparam, delete, select

from storage.statements import PreparedStatement, Wire, inserting
from storage.tables import NodePulseRow, table_of

_PULSE = table_of(NodePulseRow)
_ALL = PreparedStatement(
    select(_PULSE.c.node, _PULSE.c.at, _PULSE.c.program, _PULSE.c.faults)
    .where(_PULSE.c.tenant_id == bindparam("tenant_id"))
    .order_by(_PULSE.c.at.desc())
)
_FORGET = PreparedStatement(
    delete(_PULSE).where(
        _PULSE.c.tenant_id == bindparam("tenant_id"),
        (_PULSE.c.node == bindparam("node")) | (_PULSE.c.at < bindparam("before", type_=_PULSE.c.at.type)),
    )
)
_ADD = PreparedStatement(inserting(NodePulseRow))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """A program that ran, and what stood in its way."""

    #: Name of its machine and number of its process.
    node: str
    #: Aware, UTC.
    at: datetime
    program: str
    #: What stood in its way, by part; empty when nothing did.
    faults: Mapping[str, str]


class Pulses:
    """The programs that serve one tenant, the last to write first."""

    def __init__(self, wire: Wire, tenant_id: int) -> None:
        self._wire = wire
        self._tenant_id = tenant_id

    def all(self) -> tuple[Pulse, ...]:
        """What each has written last."""
        rows = self._wire.rows(_ALL, tenant_id=self._tenant_id)
        return tuple(
            Pulse(node=node, at=at, program=program, faults=json.loads(faults))
            for node, at, program, faults in rows
        )

    def beat(self, pulse: Pulse, *, before: datetime) -> None:
        """Write how a program does, and forget those that have not written since an instant."""
        self._wire.run(_FORGET, tenant_id=self._tenant_id, node=pulse.node, before=before)
        self._wire.run(
            _ADD,
            tenant_id=self._tenant_id,
            node=pulse.node,
            at=pulse.at,
            program=pulse.program,
            faults=json.dumps(dict(pulse.faults)),
        )

    def forget(self, node: str) -> None:
        """Take out a program that has ended as it should."""
        nothing_older = datetime(1970, 1, 1, tzinfo=UTC)
        self._wire.run(_FORGET, tenant_id=self._tenant_id, node=node, before=nothing_older)
