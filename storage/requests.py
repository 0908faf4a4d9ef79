"""Stores requests already carried out, so that their redelivery does nothing and is answered as they were.

A delivery of Slack's carries out one use case or several. Each is a step with a row of its own, written in its own
transaction: the key of the delivery, which use case it was, and what it was answered with.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, func, select, update

from storage.errors import AlreadyExists, DuplicateRequest
from storage.statements import PreparedStatement, Wire, inserting
from storage.tables import RequestRow, table_of

_REQUEST = table_of(RequestRow)
_OF_KEY = (_REQUEST.c.tenant_id == bindparam("tenant_id"), _REQUEST.c.key == bindparam("key"))
_SEEN = PreparedStatement(
    select(func.max(func.coalesce(_REQUEST.c.receipt_id, 0))).where(
        *_OF_KEY, (_REQUEST.c.receipt_id.is_not(None)) | (_REQUEST.c.step == "")
    )
)
_STEPS = PreparedStatement(
    select(_REQUEST.c.step, _REQUEST.c.at, _REQUEST.c.outcome).where(*_OF_KEY, _REQUEST.c.step != "")
)
_REMEMBER = PreparedStatement(inserting(RequestRow))
_PURGE = PreparedStatement(
    delete(_REQUEST).where(
        _REQUEST.c.tenant_id == bindparam("tenant_id"),
        _REQUEST.c.at < bindparam("before", type_=_REQUEST.c.at.type),
    )
)
_PURGE_OUTCOMES = PreparedStatement(
    update(_REQUEST)
    .where(
        _REQUEST.c.tenant_id == bindparam("tenant_id"),
        _REQUEST.c.at < bindparam("before", type_=_REQUEST.c.at.type),
        _REQUEST.c.outcome.is_not(None),
    )
    .values(outcome=None)
)


#: What `seen` says of a request that wrote no entries.
NO_RECEIPT = 0
#: Outcomes up to so many bytes may travel with the last statements of a unit of work.
_BRIEF = 8 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptStep:
    """A step of a request, as it was carried out before."""

    #: Aware, UTC.
    at: datetime
    #: What it was answered with; None once that is too old, empty where it could not be kept.
    outcome: bytes | None


class Requests:
    """The requests that one tenant has carried out."""

    def __init__(self, wire: Wire, tenant_id: int) -> None:
        self._wire = wire
        self._tenant_id = tenant_id
        #: The step that this unit of work is, until it is written.
        self._key: str | None = None
        self._step = ""
        self._at: datetime | None = None
        self._receipt_id: int | None = None
        self._outcome: bytes | None = None

    # -- the step that is being carried out --------------------------------------------------------------

    def carry(self, key: str, step: str, at: datetime) -> None:
        """Say which step of which request this unit of work is; it is written with the last statements."""
        self._key, self._step, self._at = key, step, at

    def answer(self, outcome: bytes) -> None:
        """Keep what the step is answered with."""
        self._outcome = outcome

    @property
    def is_brief(self) -> bool:
        """Whether what is to be written fits into one message to the database."""
        return len(self._outcome or b"") <= _BRIEF

    def write(self) -> None:
        """Keep the step, if this unit of work is one.

        Raises:
            DuplicateRequest: when it was carried out before, or is being carried out at this moment.
        """
        if self._key is not None and self._at is not None:
            self._add(self._key, self._step, self._at, self._receipt_id, self._outcome)

    # -- keys --------------------------------------------------------------------------------------------

    def steps(self, key: str) -> dict[str, KeptStep]:
        """The steps of a request that were carried out before, by name; none for a new request."""
        rows = self._wire.rows(_STEPS, tenant_id=self._tenant_id, key=key)
        return {step: KeptStep(at=at, outcome=outcome) for step, at, outcome in rows}

    def seen(self, key: str) -> int | None:
        """The receipt that a request of that key wrote (`NO_RECEIPT` when none); None for a new request."""
        if key == self._key:
            # Whoever carries it out has looked before; and of two at once, one is refused at the end.
            return None
        found: int | None = self._wire.one(_SEEN, tenant_id=self._tenant_id, key=key)[0]
        return found

    def remember(self, key: str, at: datetime, receipt_id: int | None = None) -> None:
        """Keep a request's key in this unit of work; its effects and its key are stored together or not at all.

        Raises:
            DuplicateRequest: when it was carried out before, or is being carried out at this moment; of the request
                that is being carried out, at the end of the unit of work.
        """
        if key == self._key:
            self._receipt_id = receipt_id or NO_RECEIPT
        else:
            self._add(key, "", at, receipt_id, None)

    def purge(self, before: datetime) -> int:
        """Forget requests older than any redelivery; returns how many."""
        return self._wire.run(_PURGE, tenant_id=self._tenant_id, before=before)

    def purge_outcomes(self, before: datetime) -> int:
        """Forget what requests were answered with, and not that they were carried out; returns of how many."""
        return self._wire.run(_PURGE_OUTCOMES, tenant_id=self._tenant_id, before=before)

    def _add(self, key: str, step: str, at: datetime, receipt_id: int | None, outcome: bytes | None) -> None:
        try:
            self._wire.run(
                _REMEMBER,
                tenant_id=self._tenant_id,
                key=key,
                step=step,
                at=at,
                receipt_id=receipt_id,
                outcome=outcome,
            )
        except AlreadyExists as error:
            raise DuplicateRequest from error
