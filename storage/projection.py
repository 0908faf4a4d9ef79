"""Rebuilds the projection from the ledger, and compares the two."""

from sqlalchemy import Select, bindparam, case, delete, except_, func, insert, null, select

from storage.entry_columns import CURRENT, FACTS, VERSION
from storage.statements import PreparedStatement, Wire
from storage.values import ProjectionDifference, ProjectionFault, VersionKind

_COLUMNS = ("tenant_id", *FACTS, "version", "corrected_at")


def _standing() -> Select[tuple[object, ...]]:
    """What the projection should hold: each entry's last version, unless it is void."""
    last = (
        select(VERSION.c.entry_id, func.max(VERSION.c.n).label("n"))
        .where(VERSION.c.tenant_id == bindparam("tenant_id"))
        .group_by(VERSION.c.entry_id)
        .subquery("last")
    )
    origin = VERSION.alias("origin")
    # An entry put back as it was stands corrected when that version was written, if it was a correction at all.
    corrected_at = case(
        (VERSION.c.restores.is_(None) & (VERSION.c.n > 1), VERSION.c.at),
        (VERSION.c.restores > 1, origin.c.at),
    )
    return (
        select(
            VERSION.c.tenant_id,
            *(VERSION.c[name] for name in FACTS),
            VERSION.c.n.label("version"),
            corrected_at.label("corrected_at"),
        )
        .join_from(VERSION, last, (VERSION.c.entry_id == last.c.entry_id) & (VERSION.c.n == last.c.n))
        .outerjoin(origin, (origin.c.entry_id == VERSION.c.entry_id) & (origin.c.n == VERSION.c.restores))
        .where(VERSION.c.kind != VersionKind.VOID.value)
    )


def _held() -> Select[tuple[object, ...]]:
    return select(*(CURRENT.c[name] for name in _COLUMNS)).where(
        CURRENT.c.tenant_id == bindparam("tenant_id")
    )


_EMPTY = PreparedStatement(delete(CURRENT).where(CURRENT.c.tenant_id == bindparam("tenant_id")))
_FILL = PreparedStatement(insert(CURRENT).from_select(_COLUMNS, _standing()))
_EXTEND = PreparedStatement(
    insert(CURRENT).from_select(
        _COLUMNS,
        select(
            VERSION.c.tenant_id,
            *(VERSION.c[name] for name in FACTS),
            VERSION.c.n,
            null().label("corrected_at"),
        ).where(
            VERSION.c.tenant_id == bindparam("tenant_id"),
            VERSION.c.entry_id.between(bindparam("receipt_id"), bindparam("last")),
            VERSION.c.receipt_id == bindparam("receipt_id"),
        ),
    )
)


def _entries_of(first: Select[tuple[object, ...]], second: Select[tuple[object, ...]]) -> PreparedStatement:
    """The entries that the first has and the second has not, or otherwise; damaged rows need not convert."""
    return PreparedStatement(select(except_(first, second).subquery("found").c.entry_id))


_NOT_HELD = _entries_of(_standing(), _held())
_NOT_STANDING = _entries_of(_held(), _standing())


def rebuild(wire: Wire, tenant_id: int) -> int:
    """Make one tenant's projection again from its ledger; returns how many entries stand."""
    wire.run(_EMPTY, tenant_id=tenant_id)
    return wire.run(_FILL, tenant_id=tenant_id)


def extend(wire: Wire, tenant_id: int, receipt_id: int, last: int) -> None:
    """Add what a receipt wrote at first, whose last entry is `last`; its number is that of its first."""
    wire.run(_EXTEND, tenant_id=tenant_id, receipt_id=receipt_id, last=last)


def differences(wire: Wire, tenant_id: int) -> tuple[ProjectionDifference, ...]:
    """Every entry that one tenant's projection has otherwise than its ledger, by number."""
    expected = {entry_id for (entry_id,) in wire.rows(_NOT_HELD, tenant_id=tenant_id)}
    held = {entry_id for (entry_id,) in wire.rows(_NOT_STANDING, tenant_id=tenant_id)}
    return tuple(
        ProjectionDifference(entry_id=entry_id, difference=_kind(entry_id in expected, entry_id in held))
        for entry_id in sorted(expected | held)
    )


def _kind(expected: bool, held: bool) -> ProjectionFault:  # noqa: FBT001 - the two sides of one comparison
    if expected and held:
        return ProjectionFault.DIFFERENT
    return ProjectionFault.MISSING if expected else ProjectionFault.EXTRA
