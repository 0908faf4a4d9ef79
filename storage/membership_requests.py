"""Stores who asked to take part, and what an administrator decided."""

from datetime import datetime

from sqlalchemy import bindparam, select, update

from storage.compiled import Values
from storage.import_contents import REQUEST_CONTENT
from storage.import_log import ImportLog
from storage.statements import PreparedStatement, Wire, inserting
from storage.tables import MembershipRequestRow, table_of
from storage.values import MembershipRequest

_REQUEST = table_of(MembershipRequestRow)
_COLUMNS = (
    _REQUEST.c.request_id,
    _REQUEST.c.slack_user_id,
    _REQUEST.c.display_name,
    _REQUEST.c.asked_at,
    _REQUEST.c.decided_at,
    _REQUEST.c.decided_by,
    _REQUEST.c.approved,
)
_IN_TENANT = select(*_COLUMNS).where(_REQUEST.c.tenant_id == bindparam("tenant_id"))
_BY_SLACK_ID = PreparedStatement(_IN_TENANT.where(_REQUEST.c.slack_user_id == bindparam("slack_user_id")))
_BY_ID = PreparedStatement(_IN_TENANT.where(_REQUEST.c.request_id == bindparam("request_id")))
_ALL = PreparedStatement(_IN_TENANT.order_by(_REQUEST.c.request_id))
_ADD = PreparedStatement(
    inserting(MembershipRequestRow, without=("request_id",)).returning(_REQUEST.c.request_id)
)
_DECIDE = PreparedStatement(
    update(_REQUEST)
    .where(_REQUEST.c.tenant_id == bindparam("tenant"), _REQUEST.c.request_id == bindparam("request"))
    .values(
        decided_at=bindparam("at", type_=_REQUEST.c.decided_at.type),
        decided_by=bindparam("by"),
        approved=bindparam("approved", type_=_REQUEST.c.approved.type),
    )
)


class MembershipRequests:
    """The requests of one tenant; a person has at most one."""

    def __init__(self, wire: Wire, tenant_id: int, import_log: ImportLog) -> None:
        self._wire = wire
        self._tenant_id = tenant_id
        self._import_log = import_log

    def by_slack_id(self, slack_user_id: str) -> MembershipRequest | None:
        """The request of a Slack user, decided or not."""
        row = self._wire.row(_BY_SLACK_ID, tenant_id=self._tenant_id, slack_user_id=slack_user_id)
        return None if row is None else _request(row)

    def by_id(self, request_id: int) -> MembershipRequest | None:
        """The request of that number."""
        row = self._wire.row(_BY_ID, tenant_id=self._tenant_id, request_id=request_id)
        return None if row is None else _request(row)

    def all(self) -> tuple[MembershipRequest, ...]:
        """Every request, the first first."""
        return tuple(_request(row) for row in self._wire.rows(_ALL, tenant_id=self._tenant_id))

    def add(self, slack_user_id: str, display_name: str, at: datetime) -> MembershipRequest:
        """Keep that somebody asked, at an aware instant.

        Raises:
            AlreadyExists: when they have asked before.
        """
        (request_id,) = self._wire.one(
            _ADD,
            tenant_id=self._tenant_id,
            slack_user_id=slack_user_id,
            display_name=display_name,
            asked_at=at,
            decided_at=None,
            decided_by=None,
            approved=None,
        )
        self._import_log.vouch(REQUEST_CONTENT, request_id)
        return MembershipRequest(
            request_id=request_id, slack_user_id=slack_user_id, display_name=display_name, asked_at=at
        )

    def decide(self, request_id: int, *, approved: bool, by: int | None, at: datetime) -> None:
        """Keep what was decided; a later decision takes the place of an earlier one."""
        self._import_log.touches(REQUEST_CONTENT, request_id)
        self._wire.run(_DECIDE, tenant=self._tenant_id, request=request_id, approved=approved, by=by, at=at)


def _request(row: Values) -> MembershipRequest:
    request_id, slack_user_id, display_name, asked_at, decided_at, decided_by, approved = row
    return MembershipRequest(
        request_id=request_id,
        slack_user_id=slack_user_id,
        display_name=display_name,
        asked_at=asked_at,
        decided_at=decided_at,
        decided_by=decided_by,
        approved=approved,
    )
