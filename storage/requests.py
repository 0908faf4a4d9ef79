"""Stores requests already carried out, so that their redelivery does nothing."""

from datetime import datetime

from sqlalchemy import bindparam, delete, select

from storage.errors import AlreadyExists, DuplicateRequest
from storage.statements import PreparedStatement, Wire, inserting
from storage.tables import RequestRow, table_of

_REQUEST = table_of(RequestRow)
_SEEN = PreparedStatement(
    select(_REQUEST.c.receipt_id).where(
        _REQUEST.c.tenant_id == bindparam("tenant_id"), _REQUEST.c.key == bindparam("key")
    )
)
_REMEMBER = PreparedStatement(inserting(RequestRow))
_PURGE = PreparedStatement(
    delete(_REQUEST).where(
        _REQUEST.c.tenant_id == bindparam("tenant_id"),
        _REQUEST.c.at < bindparam("before", type_=_REQUEST.c.at.type),
    )
)


#: What `seen` says of a request that wrote no entries.
NO_RECEIPT = 0


class Requests:
    """The requests that one tenant has carried out."""

    def __init__(self, wire: Wire, tenant_id: int) -> None:
        self._wire = wire
        self._tenant_id = tenant_id

    def seen(self, key: str) -> int | None:
        """The receipt that a request of that key wrote (`NO_RECEIPT` when none); None for a new request."""
        found = self._wire.row(_SEEN, tenant_id=self._tenant_id, key=key)
        return None if found is None else found[0] or NO_RECEIPT

    def remember(self, key: str, at: datetime, receipt_id: int | None = None) -> None:
        """Keep a request's key in this unit of work; its effects and its key are stored together or not at all.

        Raises:
            DuplicateRequest: when it was carried out before, or is being carried out at this moment.
        """
        try:
            self._wire.run(_REMEMBER, tenant_id=self._tenant_id, key=key, at=at, receipt_id=receipt_id)
        except AlreadyExists as error:
            raise DuplicateRequest from error

    def purge(self, before: datetime) -> int:
        """Forget requests older than any redelivery; returns how many."""
        return self._wire.run(_PURGE, tenant_id=self._tenant_id, before=before)
