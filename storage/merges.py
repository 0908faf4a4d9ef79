"""Stores which patients were made one: what was moved from whom to whom, so that it can be taken apart again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, or_, select, update

from storage.audit import Audit
from storage.facts import FACTS, Facts
from storage.hashes import (
    ADMISSIONS,
    CLAIM_FACTS,
    EPISODES,
    MERGED_ROWS,
    MERGES,
    PATIENTS,
    REVIEWS,
    SCORES,
    STATEMENTS,
    HashedTable,
)
from storage.statements import PreparedStatement, Wire, inserting
from storage.tables import PatientMergeRow, PatientMovedRow, PatientRow, table_of
from storage.values import ENTRY, EntryVersion

_MERGE = table_of(PatientMergeRow)
_MOVED = table_of(PatientMovedRow)
_PATIENT = table_of(PatientRow)
_ENDED_OF_ENTRY = PreparedStatement(
    select(_MERGE.c.gone, _MERGE.c.kept)
    .join_from(_MERGE, _MOVED, _MOVED.c.merge_id == _MERGE.c.merge_id)
    .where(
        _MERGE.c.tenant_id == bindparam("tenant_id"),
        _MOVED.c.kind == ENTRY,
        _MOVED.c.row_id == bindparam("entry_id"),
        _MERGE.c.at <= bindparam("at", type_=_MERGE.c.at.type),
        _MERGE.c.undone_at > bindparam("at", type_=_MERGE.c.at.type),
    )
    .order_by(_MERGE.c.merge_id.desc())
)
_INTO = PreparedStatement(
    select(_PATIENT.c.merged_into).where(
        _PATIENT.c.tenant_id == bindparam("tenant_id"), _PATIENT.c.patient_id == bindparam("patient_id")
    )
)
#: Not even a key of theirs may be taken: foreign keys to a patient wait.
_HOLD = PreparedStatement(
    select(_PATIENT.c.patient_id)
    .where(_PATIENT.c.tenant_id == bindparam("tenant_id"), _PATIENT.c.patient_id == bindparam("patient_id"))
    .with_for_update()
)
_ADD = PreparedStatement(inserting(PatientMergeRow, without=("merge_id",)).returning(_MERGE.c.merge_id))
_ADD_MOVED = PreparedStatement(inserting(PatientMovedRow))
_STANDING = PreparedStatement(
    select(_MERGE.c.merge_id, _MERGE.c.gone, _MERGE.c.kept, _MERGE.c.at)
    .where(
        _MERGE.c.tenant_id == bindparam("tenant_id"),
        _MERGE.c.undone_at.is_(None),
        or_(_MERGE.c.gone == bindparam("patient_id"), _MERGE.c.kept == bindparam("patient_id")),
    )
    .order_by(_MERGE.c.merge_id)
)
_END = PreparedStatement(
    update(_MERGE)
    .where(_MERGE.c.tenant_id == bindparam("tenant"), _MERGE.c.merge_id == bindparam("merge"))
    .values(undone_by=bindparam("by"), undone_at=bindparam("at", type_=_MERGE.c.undone_at.type))
)
_ROWS = PreparedStatement(
    select(_MOVED.c.kind, _MOVED.c.row_id)
    .where(_MOVED.c.tenant_id == bindparam("tenant_id"), _MOVED.c.merge_id == bindparam("merge_id"))
    .order_by(_MOVED.c.kind, _MOVED.c.row_id)
)
_POINT = PreparedStatement(
    update(_PATIENT)
    .where(_PATIENT.c.tenant_id == bindparam("tenant"), _PATIENT.c.patient_id == bindparam("patient"))
    .values(merged_into=bindparam("into"))
)
_POINTING = PreparedStatement(
    select(_PATIENT.c.patient_id)
    .where(_PATIENT.c.tenant_id == bindparam("tenant_id"), _PATIENT.c.merged_into == bindparam("into"))
    .order_by(_PATIENT.c.patient_id)
)


class _FactRows:
    """The rows of one kind of fact, and how they go from one patient to another."""

    def __init__(self, hashed: HashedTable) -> None:
        table, (key,) = hashed.table, hashed.key
        of_patient = (table.c.tenant_id == bindparam("tenant"), table.c.patient_id == bindparam("whose"))
        self.hashed = hashed
        self.all = PreparedStatement(select(table.c[key]).where(*of_patient).order_by(table.c[key]))
        self.move = PreparedStatement(
            update(table)
            .where(*of_patient, table.c[key] == bindparam("key"))
            .values(patient_id=bindparam("to"))
            .returning(*hashed.raw())
        )


#: Attestations and other services are read together instead: the first are never changed, and the patient is part
#: of the second's key.
_FACTS: Final = {
    hashed.kind: _FactRows(hashed)
    for hashed in (ADMISSIONS, CLAIM_FACTS, EPISODES, REVIEWS, SCORES, STATEMENTS)
}
#: How a patient is remembered who had been merged into the one that is gone.
ALIAS: Final = "alias"


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientMerge:
    """Two patients who are one."""

    merge_id: int
    #: Numbers of the patient whose MRN is an alias now, and of the one who has everything.
    gone: int
    kept: int
    #: Aware, UTC.
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedRow:
    """Something that went from one patient to the other: its kind, and its number."""

    kind: str
    row_id: int


class PatientMerges:
    """The merged patients of one tenant."""

    def __init__(self, wire: Wire, tenant_id: int, audit: Audit, facts: Facts) -> None:
        self._wire = wire
        self._tenant_id = tenant_id
        self._audit = audit
        self._facts = facts

    def hold(self, patient_id: int) -> None:
        """Wait for whoever is writing about a patient, and let nobody else begin until this unit of work ends.

        Who began in the meantime is beaten on PostgreSQL, and begins again (see `storage.triggers`).
        """
        self._wire.rows(_HOLD, tenant_id=self._tenant_id, patient_id=patient_id)

    def standing(self, patient_id: int) -> tuple[PatientMerge, ...]:
        """The merges that a patient is part of and that were not taken apart, the first first."""
        rows = self._wire.rows(_STANDING, tenant_id=self._tenant_id, patient_id=patient_id)
        return tuple(PatientMerge(merge_id=one, gone=gone, kept=kept, at=at) for one, gone, kept, at in rows)

    def whose(self, version: EntryVersion) -> int:
        """The patient whom what a version of an entry says is about now: merged or taken apart since, maybe."""
        patient_id = version.entry.patient_id
        entry_id = version.entry.entry_id
        for gone, kept in self._wire.rows(
            _ENDED_OF_ENTRY, tenant_id=self._tenant_id, entry_id=entry_id, at=version.at
        ):
            if kept == patient_id:
                patient_id = gone
        (into,) = self._wire.one(_INTO, tenant_id=self._tenant_id, patient_id=patient_id)
        return int(into or patient_id)

    def move_facts(self, gone: int, kept: int) -> list[MovedRow]:
        """Move every fact of care from one patient to another, withdrawn ones too; returns what was moved."""
        moved = []
        for kind, rows in _FACTS.items():
            for (key,) in self._wire.rows(rows.all, tenant=self._tenant_id, whose=gone):
                self._move(rows, key, gone, kept)
                moved.append(MovedRow(kind=kind, row_id=key))
        return moved

    def move_back(self, moved: Iterable[MovedRow], gone: int, kept: int) -> None:
        """Move facts back to whom they came from, but for those that are not there any more."""
        for one in moved:
            if one.kind in _FACTS:
                self._move(_FACTS[one.kind], one.row_id, kept, gone)

    def _move(self, rows: _FactRows, key: int, whose: int, to: int) -> None:
        found = self._wire.row(rows.move, tenant=self._tenant_id, whose=whose, key=key, to=to)
        if found is not None:
            row = rows.hashed.named(found)
            self._audit.keep_hash(rows.hashed, row)
            self._facts.changed(FACTS[rows.hashed.kind], row)

    def point(self, gone: int, kept: int) -> list[MovedRow]:
        """Let an MRN, and those merged into it before, name another patient; returns those that were."""
        before = [one for (one,) in self._wire.rows(_POINTING, tenant_id=self._tenant_id, into=gone)]
        for patient_id in (gone, *before):
            self._point(patient_id, kept)
        return [MovedRow(kind=ALIAS, row_id=patient_id) for patient_id in before]

    def point_back(self, gone: int, moved: Iterable[MovedRow]) -> None:
        """Let an MRN name its own patient again, and those merged into it before, too."""
        self._point(gone, None)
        for one in moved:
            if one.kind == ALIAS:
                self._point(one.row_id, gone)

    def _point(self, patient_id: int, into: int | None) -> None:
        self._wire.run(_POINT, tenant=self._tenant_id, patient=patient_id, into=into)
        self._audit.touched(PATIENTS, patient_id)

    def add(
        self, gone: int, kept: int, moved: Sequence[MovedRow], *, by: int, at: datetime, reason: str
    ) -> int:
        """Remember a merge and what it moved; returns its number."""
        (merge_id,) = self._wire.one(
            _ADD,
            tenant_id=self._tenant_id,
            gone=gone,
            kept=kept,
            by=by,
            at=at,
            reason=reason,
            undone_by=None,
            undone_at=None,
        )
        key = {"tenant_id": self._tenant_id, "merge_id": merge_id}
        self._audit.touched(MERGES, merge_id)
        self._audit.touched(MERGED_ROWS, merge_id)
        if moved:
            self._wire.run_many(
                _ADD_MOVED, [{**key, "kind": one.kind, "row_id": one.row_id} for one in moved]
            )
        return int(merge_id)

    def moved(self, merge_id: int) -> tuple[MovedRow, ...]:
        """What a merge moved."""
        rows = self._wire.rows(_ROWS, tenant_id=self._tenant_id, merge_id=merge_id)
        return tuple(MovedRow(kind=kind, row_id=row_id) for kind, row_id in rows)

    def end(self, merge_id: int, *, by: int, at: datetime) -> None:
        """Remember that a merge was taken apart."""
        self._wire.run(_END, tenant=self._tenant_id, merge=merge_id, by=by, at=at)
        self._audit.touched(MERGES, merge_id)
