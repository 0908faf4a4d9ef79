"""Stores practices, and the Slack workspace each is bound to."""

from sqlalchemy import bindparam, select, update

from storage.compiled import Values
from storage.errors import AlreadyExists
from storage.statements import PreparedStatement, Wire, inserting
from storage.tables import AuditHeadRow, TenantRow, table_of
from storage.values import Tenant

#: For work on the tenants themselves, before one is known.
NO_TENANT = 0

_TENANT = table_of(TenantRow)
_COLUMNS = (_TENANT.c.tenant_id, _TENANT.c.name, _TENANT.c.enterprise_id, _TENANT.c.team_id)
_FIRST = PreparedStatement(select(*_COLUMNS).order_by(_TENANT.c.tenant_id).limit(1))
_OF_WORKSPACE = PreparedStatement(
    select(*_COLUMNS).where(
        _TENANT.c.enterprise_id == bindparam("enterprise_id"), _TENANT.c.team_id == bindparam("team_id")
    )
)
_ADD = PreparedStatement(inserting(TenantRow, without=("tenant_id",)).returning(_TENANT.c.tenant_id))
_ADD_AUDIT_HEAD = PreparedStatement(inserting(AuditHeadRow))
_BIND = PreparedStatement(
    update(_TENANT)
    .where(_TENANT.c.tenant_id == bindparam("tenant"), _TENANT.c.team_id.is_(None))
    .values(enterprise_id=bindparam("enterprise"), team_id=bindparam("team"))
)


class Tenants:
    """The one repository that is not a tenant's own."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def default(self) -> Tenant:
        """The tenant of offline imports and of the first workspace; created on first use."""
        return self.first() or self._add("Practice")

    def first(self) -> Tenant | None:
        """The same, as far as reading alone can tell; None before its first use."""
        found = self._wire.row(_FIRST)
        return _tenant(found) if found else None

    def of_workspace(self, enterprise_id: str | None, team_id: str) -> Tenant | None:
        """The tenant bound to a Slack workspace."""
        found = self._wire.row(_OF_WORKSPACE, enterprise_id=enterprise_id or "", team_id=team_id)
        return _tenant(found) if found else None

    def bind(self, enterprise_id: str | None, team_id: str) -> Tenant:
        """Bind the default tenant to a workspace on first contact; again with the same one changes nothing.

        Raises:
            AlreadyExists: when the practice is bound to another workspace.
        """
        bound = self.of_workspace(enterprise_id, team_id)
        if bound is not None:
            return bound
        default = self.default()
        if not self._wire.run(_BIND, tenant=default.tenant_id, enterprise=enterprise_id or "", team=team_id):
            raise AlreadyExists("This practice is bound to another Slack workspace. Nothing was changed.")
        return Tenant(
            tenant_id=default.tenant_id, name=default.name, enterprise_id=enterprise_id or "", team_id=team_id
        )

    def _add(self, name: str) -> Tenant:
        (tenant_id,) = self._wire.one(_ADD, name=name, enterprise_id=None, team_id=None)
        self._wire.run(_ADD_AUDIT_HEAD, tenant_id=tenant_id, seq=0, hash="")
        return Tenant(tenant_id=tenant_id, name=name)


def _tenant(row: Values) -> Tenant:
    tenant_id, name, enterprise_id, team_id = row
    return Tenant(tenant_id=tenant_id, name=name, enterprise_id=enterprise_id, team_id=team_id)
