"""Stores the mappings of other systems' files that a practice saved, by name."""

from sqlalchemy import bindparam, delete, select

from storage.audit import Audit
from storage.statements import PreparedStatement, Wire, inserting
from storage.tables import ImportMappingRow, table_of
from storage.values import SavedMapping

_MAPPING = table_of(ImportMappingRow)
_NAMES = ("name", "kind", "text", "saved_by", "saved_at")
_ALL = PreparedStatement(
    select(*(_MAPPING.c[name] for name in _NAMES))
    .where(_MAPPING.c.tenant_id == bindparam("tenant_id"))
    .order_by(_MAPPING.c.name_key)
)
_ADD = PreparedStatement(inserting(ImportMappingRow))
_DROP = PreparedStatement(
    delete(_MAPPING).where(
        _MAPPING.c.tenant_id == bindparam("tenant_id"), _MAPPING.c.name_key == bindparam("name_key")
    )
)


class SavedMappings:
    """One tenant's own mappings; those that are shipped are not among them."""

    def __init__(self, wire: Wire, tenant_id: int, audit: Audit) -> None:
        self._wire = wire
        self._tenant_id = tenant_id
        self._audit = audit

    def all(self) -> tuple[SavedMapping, ...]:
        """Every mapping, by name."""
        rows = self._wire.rows(_ALL, tenant_id=self._tenant_id)
        return tuple(SavedMapping(**dict(zip(_NAMES, row, strict=True))) for row in rows)

    def by_name(self, name: str) -> SavedMapping | None:
        """The mapping of that name, whatever its case and outer spaces."""
        return next((one for one in self.all() if _key(one.name) == _key(name)), None)

    def put(self, mapping: SavedMapping) -> None:
        """Keep a mapping in place of the one of that name, if any."""
        replaced = self.by_name(mapping.name) is not None
        self._drop(mapping.name)
        self._wire.run(
            _ADD,
            tenant_id=self._tenant_id,
            name_key=_key(mapping.name),
            **{name: getattr(mapping, name) for name in _NAMES},
        )
        self._audit.record(
            at=mapping.saved_at,
            actor=mapping.saved_by,
            action="mapping.saved",
            subject="mapping",
            details={"name": mapping.name, "kind": mapping.kind, "replaced": replaced},
        )

    def drop(self, mapping: SavedMapping) -> None:
        """Forget a mapping; who does so and when is that of the mapping given."""
        self._drop(mapping.name)
        self._audit.record(
            at=mapping.saved_at,
            actor=mapping.saved_by,
            action="mapping.dropped",
            subject="mapping",
            details={"name": mapping.name, "kind": mapping.kind},
        )

    def _drop(self, name: str) -> None:
        self._wire.run(_DROP, tenant_id=self._tenant_id, name_key=_key(name))


def _key(name: str) -> str:
    return name.strip().casefold()
