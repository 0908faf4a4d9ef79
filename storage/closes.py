"""Stores closed months: revisions, reopenings, submissions, and each patient's line as it was frozen."""

import zlib
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import bindparam, func, select

from billing.closing import FrozenLine, MonthClose, Reopening
from billing.months import BillingMonth
from storage import damage
from storage.audit import Audit
from storage.errors import DamagedLine, NotFound
from storage.expressions import among
from storage.hashes import (
    CLOSE_TEXTS,
    CLOSES,
    FROZEN_LINES,
    REOPENING_TEXTS,
    REOPENINGS,
    SUBMISSIONS,
    HashedTable,
)
from storage.statements import PreparedStatement, Wire, inserting
from storage.tables import (
    FrozenLineRow,
    MonthCloseRow,
    MonthCloseTextRow,
    MonthReopeningRow,
    MonthReopeningTextRow,
    MonthSubmissionRow,
    table_of,
)

_CLOSE = table_of(MonthCloseRow)
_CLOSE_TEXT = table_of(MonthCloseTextRow)
_SUBMISSION = table_of(MonthSubmissionRow)
_REOPENING = table_of(MonthReopeningRow)
_REOPENING_TEXT = table_of(MonthReopeningTextRow)
_LINE = table_of(FrozenLineRow)

_CLOSES = PreparedStatement(
    select(
        _CLOSE.c.revision,
        _CLOSE.c.closed_by,
        _CLOSE.c.closed_at,
        _CLOSE.c.attestation,
        func.coalesce(_CLOSE_TEXT.c.reason, ""),
        _SUBMISSION.c.submitted_at,
    )
    .outerjoin_from(
        _CLOSE,
        _CLOSE_TEXT,
        (_CLOSE_TEXT.c.tenant_id == _CLOSE.c.tenant_id)
        & (_CLOSE_TEXT.c.month == _CLOSE.c.month)
        & (_CLOSE_TEXT.c.revision == _CLOSE.c.revision),
    )
    .outerjoin(
        _SUBMISSION,
        (_SUBMISSION.c.tenant_id == _CLOSE.c.tenant_id)
        & (_SUBMISSION.c.month == _CLOSE.c.month)
        & (_SUBMISSION.c.revision == _CLOSE.c.revision),
    )
    .where(_CLOSE.c.tenant_id == bindparam("tenant_id"), _CLOSE.c.month == bindparam("month"))
    .order_by(_CLOSE.c.revision)
)
_REOPENINGS = PreparedStatement(
    select(_REOPENING.c.reopened_by, _REOPENING.c.reopened_at, func.coalesce(_REOPENING_TEXT.c.reason, ""))
    .outerjoin_from(
        _REOPENING,
        _REOPENING_TEXT,
        (_REOPENING_TEXT.c.tenant_id == _REOPENING.c.tenant_id)
        & (_REOPENING_TEXT.c.month == _REOPENING.c.month)
        & (_REOPENING_TEXT.c.revision == _REOPENING.c.revision),
    )
    .where(_REOPENING.c.tenant_id == bindparam("tenant_id"), _REOPENING.c.month == bindparam("month"))
    .order_by(_REOPENING.c.revision)
)
_LAST_REVISION = PreparedStatement(
    select(func.coalesce(func.max(_CLOSE.c.revision), 0)).where(
        _CLOSE.c.tenant_id == bindparam("tenant_id"), _CLOSE.c.month == bindparam("month")
    )
)
_REVISION = PreparedStatement(
    select(_CLOSE.c.revision).where(
        _CLOSE.c.tenant_id == bindparam("tenant_id"),
        _CLOSE.c.month == bindparam("month"),
        _CLOSE.c.revision == bindparam("revision"),
    )
)
_REVISIONS = PreparedStatement(
    select(_CLOSE.c.month, _CLOSE.c.revision)
    .where(_CLOSE.c.tenant_id == bindparam("tenant_id"))
    .order_by(_CLOSE.c.month, _CLOSE.c.revision)
)
_LINES_OF_REVISION = (
    select(_LINE.c.patient_id, _LINE.c.line)
    .where(
        _LINE.c.tenant_id == bindparam("tenant_id"),
        _LINE.c.month == bindparam("month"),
        _LINE.c.revision == bindparam("revision"),
    )
    .order_by(_LINE.c.patient_id)
)
_LINES = PreparedStatement(_LINES_OF_REVISION)
_LINE_OF_PATIENT = PreparedStatement(_LINES_OF_REVISION.where(_LINE.c.patient_id == bindparam("patient_id")))
_LINES_OF_PATIENTS = PreparedStatement(_LINES_OF_REVISION.where(among(_LINE.c.patient_id, "ids")))
_FROZEN_PATIENTS = PreparedStatement(
    select(_LINE.c.patient_id).where(
        _LINE.c.tenant_id == bindparam("tenant_id"),
        _LINE.c.month == bindparam("month"),
        _LINE.c.revision == bindparam("revision"),
    )
)
_ADD_CLOSE = PreparedStatement(inserting(MonthCloseRow))
_ADD_CLOSE_TEXT = PreparedStatement(inserting(MonthCloseTextRow))
_ADD_SUBMISSION = PreparedStatement(inserting(MonthSubmissionRow))
_ADD_REOPENING = PreparedStatement(inserting(MonthReopeningRow))
_ADD_REOPENING_TEXT = PreparedStatement(inserting(MonthReopeningTextRow))
_ADD_LINE = PreparedStatement(inserting(FrozenLineRow))
#: A line is some kilobytes of text in which rules and keys repeat: packed, it takes a seventh.
_PACKING = 3
#: How many lines are held at a time while a month is frozen.
_BATCH = 500


class MonthCloses:
    """The closed months of one tenant; append-only."""

    def __init__(self, wire: Wire, tenant_id: int, audit: Audit) -> None:
        self._wire = wire
        self._tenant_id = tenant_id
        self._audit = audit

    def of(self, month: BillingMonth) -> tuple[MonthClose, ...]:
        """Every revision of a month, the first first; nothing for one never closed."""
        return tuple(
            MonthClose(
                month=month,
                revision=revision,
                closed_by=closed_by,
                closed_at=closed_at,
                attestation=attestation,
                reason=reason,
                submitted_at=submitted_at,
            )
            for revision, closed_by, closed_at, attestation, reason, submitted_at in self._wire.rows(
                _CLOSES, tenant_id=self._tenant_id, month=month
            )
        )

    def reopenings(self, month: BillingMonth) -> tuple[Reopening, ...]:
        """Every time a month was opened again, the first first."""
        return tuple(
            Reopening(month=month, reopened_by=reopened_by, reopened_at=reopened_at, reason=reason)
            for reopened_by, reopened_at, reason in self._wire.rows(
                _REOPENINGS, tenant_id=self._tenant_id, month=month
            )
        )

    def revisions(self) -> tuple[tuple[BillingMonth, int], ...]:
        """Every revision of every month, by month and number."""
        rows = self._wire.rows(_REVISIONS, tenant_id=self._tenant_id)
        return tuple((month, revision) for month, revision in rows)

    # Longer than forty lines: half of it says what it returns and raises.
    def close(self, close: MonthClose, lines: Iterable[FrozenLine]) -> int:
        """Keep a revision (numbered by `billing.closing.next_close`) with its lines, one a patient.

        Lines are taken as they come and not held, so they may be made while the month is read.

        Returns:
            How many lines were frozen.

        Raises:
            AlreadyExists: when somebody else wrote that revision in the meantime, or a patient comes twice.
            ValueError: for a line of another month, or a close that claims to be submitted already.
        """
        if close.submitted_at is not None:
            raise ValueError("a month is submitted after it is closed")
        key = {"tenant_id": self._tenant_id, "month": close.month, "revision": close.revision}
        self._add(
            CLOSES,
            _ADD_CLOSE,
            **key,
            closed_by=close.closed_by,
            closed_at=close.closed_at,
            attestation=close.attestation,
        )
        if close.reason:
            self._add(CLOSE_TEXTS, _ADD_CLOSE_TEXT, **key, reason=close.reason)
        coming = iter(lines)
        frozen = 0
        while batch := list(islice(coming, _BATCH)):
            if any(line.facts.month != close.month for line in batch):
                raise ValueError("a line is of another month than the one that is closed")
            rows = [
                key
                | {
                    "patient_id": line.facts.patient_id,
                    "line": zlib.compress(line.to_bytes(), _PACKING),
                }
                for line in batch
            ]
            self._wire.run_many(_ADD_LINE, rows)
            for row in rows:
                self._audit.keep_hash(FROZEN_LINES, row)
            frozen += len(batch)
        return frozen

    def _add(self, table: HashedTable, statement: PreparedStatement, **row: Any) -> None:
        """Add a row, with its hash on the way to the audit chain."""
        self._wire.run(statement, **row)
        self._audit.keep_hash(table, row)

    def reopen(self, reopening: Reopening) -> None:
        """Keep that a month's last revision was opened again.

        Raises:
            NotFound: when the month was never closed.
            AlreadyExists: when that revision was opened already.
        """
        (revision,) = self._wire.one(_LAST_REVISION, tenant_id=self._tenant_id, month=reopening.month)
        if not revision:
            raise NotFound("That month was never closed.")
        key = {"tenant_id": self._tenant_id, "month": reopening.month, "revision": revision}
        self._add(
            REOPENINGS,
            _ADD_REOPENING,
            **key,
            reopened_by=reopening.reopened_by,
            reopened_at=reopening.reopened_at,
        )
        self._add(REOPENING_TEXTS, _ADD_REOPENING_TEXT, **key, reason=reopening.reason)

    def submit(self, month: BillingMonth, revision: int, *, by: int, at: datetime) -> None:
        """Keep that the claims of a revision went to payers.

        Raises:
            NotFound: when there is no such revision.
            AlreadyExists: when that was said before.
        """
        key = {"tenant_id": self._tenant_id, "month": month, "revision": revision}
        if self._wire.row(_REVISION, **key) is None:
            raise NotFound("That month has no such revision.")
        self._add(SUBMISSIONS, _ADD_SUBMISSION, **key, submitted_by=by, submitted_at=at)

    def lines(self, month: BillingMonth, revision: int) -> Iterator[FrozenLine]:
        """The lines of a revision, by patient number; read before the unit of work ends.

        Raises:
            DamagedLine: at a line that cannot be read.
        """
        stored = self._wire.stream(_LINES, tenant_id=self._tenant_id, month=month, revision=revision)
        return (_line(month, revision, patient_id, packed) for patient_id, packed in stored)

    def line_bytes(self, month: BillingMonth, revision: int) -> Iterator[tuple[int, bytes]]:
        """Patient numbers of a revision, each with its line as `FrozenLine.to_bytes` wrote it.

        To be read before the unit of work ends.

        Raises:
            DamagedLine: at a line that cannot be unpacked.
        """
        stored = self._wire.stream(_LINES, tenant_id=self._tenant_id, month=month, revision=revision)
        return ((patient_id, _unpacked(month, revision, patient_id, packed)) for patient_id, packed in stored)

    def patients(self, month: BillingMonth, revision: int) -> frozenset[int]:
        """The patients who have a line in a revision."""
        rows = self._wire.rows(_FROZEN_PATIENTS, tenant_id=self._tenant_id, month=month, revision=revision)
        return frozenset(patient_id for (patient_id,) in rows)

    def lines_of(self, month: BillingMonth, revision: int, ids: Collection[int]) -> dict[int, FrozenLine]:
        """Some patients' lines of a revision, by patient; those without one are left out.

        Raises:
            DamagedLine: when one cannot be read.
        """
        rows = self._wire.rows(
            _LINES_OF_PATIENTS, tenant_id=self._tenant_id, month=month, revision=revision, ids=ids
        )
        return {patient_id: _line(month, revision, patient_id, packed) for patient_id, packed in rows}

    def readable_lines(self, month: BillingMonth, revision: int) -> Iterator[tuple[int, FrozenLine | None]]:
        """As `lines`, by patient number, with None for a line that this program cannot read."""
        stored = self._wire.stream(_LINES, tenant_id=self._tenant_id, month=month, revision=revision)
        for patient_id, packed in stored:
            try:
                line = _line(month, revision, patient_id, packed)
            except DamagedLine:
                line = None
            yield patient_id, line

    def line(self, month: BillingMonth, revision: int, patient_id: int) -> FrozenLine | None:
        """One patient's line of a revision.

        Raises:
            DamagedLine: when it cannot be read.
        """
        row = self._wire.row(
            _LINE_OF_PATIENT,
            tenant_id=self._tenant_id,
            month=month,
            revision=revision,
            patient_id=patient_id,
        )
        return None if row is None else _line(month, revision, patient_id, row[1])


def _line(month: BillingMonth, revision: int, patient_id: int, packed: bytes) -> FrozenLine:
    data = _unpacked(month, revision, patient_id, packed)
    try:
        return FrozenLine.from_bytes(data)
    except damage.UNREADABLE as error:
        raise _damaged(month, revision, patient_id) from error


def _unpacked(month: BillingMonth, revision: int, patient_id: int, packed: bytes) -> bytes:
    try:
        return zlib.decompress(packed)
    except (zlib.error, TypeError) as error:
        # Text, where somebody put that in the place of bytes.
        raise _damaged(month, revision, patient_id) from error


def _damaged(month: BillingMonth, revision: int, patient_id: int) -> DamagedLine:
    damage.note(_LINE.name, f"{month.first_day}/{revision}/{patient_id}")
    return DamagedLine(
        f"{month.name} {month.year} was closed with a line that is damaged now: these bytes are not a frozen line. "
        "Without it the month would look whole, so it is not shown, and nothing was changed. Administrators get a "
        "message; `cocm audit verify` names the patient, and a backup from before has the line."
    )
