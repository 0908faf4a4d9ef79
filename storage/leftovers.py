"""Looks for what still refers to patients and members, so that none is taken away who is needed."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, bindparam, or_, select

from billing.claim_facts import ClaimFactKind
from storage.expressions import among
from storage.import_contents import CLAIM_CONTENT, SERVICE_CONTENT
from storage.import_log import RECEIPT
from storage.statements import PreparedStatement, Wire
from storage.tables import (
    ActRow,
    AdmissionRow,
    AttestationRow,
    CaseReviewRow,
    ClaimFactRow,
    ClaimPersonRow,
    CurrentEntryRow,
    EpisodeRow,
    OtherServiceRow,
    PatientMergeRow,
    PayerClaimRow,
    ScoreRow,
    StatementRow,
    TableRow,
    table_of,
)

_CURRENT = table_of(CurrentEntryRow)
_MERGE = table_of(PatientMergeRow)
_ACT = table_of(ActRow)
_CLAIM_FACT = table_of(ClaimFactRow)
_SERVICE = table_of(OtherServiceRow)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leftover:
    """Something on file that refers to a patient or a member."""

    #: The patient's number, or the member's.
    whose: int
    #: As among the changes of an import: the kind, and the key; empty for what no import writes.
    kind: str = ""
    key: str = ""


def _naming(column: Column[Any], *key: Column[Any], where: Iterable[Any] = ()) -> PreparedStatement:
    """Whom among `ids` a column names, and the key of what does."""
    return PreparedStatement(
        select(column, *key)
        .where(column.table.c.tenant_id == bindparam("tenant_id"), among(column, "ids"), *where)
        .distinct()
    )


def _facts(row: type[TableRow], name: str, key: str) -> tuple[str, PreparedStatement]:
    table = table_of(row)
    return str(table.name), _naming(table.c[name], table.c[key], where=[table.c.withdrawn_at.is_(None)])


_OF_PATIENTS = (
    (RECEIPT, _naming(_CURRENT.c.patient_id, _CURRENT.c.receipt_id)),
    _facts(EpisodeRow, "patient_id", "episode_id"),
    _facts(CaseReviewRow, "patient_id", "review_id"),
    _facts(ScoreRow, "patient_id", "score_id"),
    _facts(StatementRow, "patient_id", "statement_id"),
    _facts(AdmissionRow, "patient_id", "admission_id"),
    _facts(ClaimFactRow, "patient_id", "fact_id"),
    _facts(AttestationRow, "patient_id", "attestation_id"),
)
_SERVICES = _naming(
    _SERVICE.c.patient_id,
    _SERVICE.c.service_on,
    _SERVICE.c.code,
    where=[_SERVICE.c.withdrawn_at.is_(None)],
)
_CARDS = _naming(table_of(ClaimPersonRow).c.patient_id)
_NUMBERS = _naming(table_of(PayerClaimRow).c.patient_id)
_MERGED = PreparedStatement(
    select(_MERGE.c.gone, _MERGE.c.kept).where(
        _MERGE.c.tenant_id == bindparam("tenant_id"),
        _MERGE.c.undone_at.is_(None),
        or_(among(_MERGE.c.gone, "ids"), among(_MERGE.c.kept, "ids")),
    )
)
_OF_MEMBERS = (
    (RECEIPT, _naming(_CURRENT.c.performed_by, _CURRENT.c.receipt_id)),
    (RECEIPT, _naming(_CURRENT.c.recorded_by, _CURRENT.c.receipt_id)),
    _facts(EpisodeRow, "care_manager", "episode_id"),
    _facts(CaseReviewRow, "consultant", "review_id"),
    _facts(StatementRow, "made_by", "statement_id"),
    _facts(AttestationRow, "attested_by", "attestation_id"),
    _facts(ScoreRow, "recorded_by", "score_id"),
    _facts(ScoreRow, "seen_by", "score_id"),
)
_ACTED = _naming(_ACT.c.actor)
_DATED_MANAGERS = PreparedStatement(
    select(_CLAIM_FACT.c.value, _CLAIM_FACT.c.fact_id).where(
        _CLAIM_FACT.c.tenant_id == bindparam("tenant_id"),
        _CLAIM_FACT.c.kind == ClaimFactKind.CARE_MANAGER.value,
        _CLAIM_FACT.c.withdrawn_at.is_(None),
    )
)


class Leftovers:
    """What stands of one tenant that refers to some patients or members."""

    def __init__(self, wire: Wire, tenant_id: int) -> None:
        self._wire = wire
        self._tenant_id = tenant_id

    def of_patients(self, ids: Collection[int]) -> list[Leftover]:
        """Entries, facts of care and merges of some patients."""
        given = {"tenant_id": self._tenant_id, "ids": ids}
        found = [
            Leftover(whose=whose, kind=kind, key=str(key))
            for kind, statement in _OF_PATIENTS
            for whose, key in self._wire.rows(statement, **given)
        ]
        found += [
            Leftover(
                whose=whose, kind=SERVICE_CONTENT.kind, key=SERVICE_CONTENT.spelled_key(whose, day, code)
            )
            for whose, day, code in self._wire.rows(_SERVICES, **given)
        ]
        found += [
            Leftover(whose=whose, kind=CLAIM_CONTENT.kind, key=CLAIM_CONTENT.spelled_key(whose))
            for (whose,) in self._wire.rows(_CARDS, **given)
        ]
        found += [Leftover(whose=whose) for (whose,) in self._wire.rows(_NUMBERS, **given)]
        merged = {number for pair in self._wire.rows(_MERGED, **given) for number in pair}
        return found + [Leftover(whose=whose) for whose in sorted(merged & set(ids))]

    def of_members(self, ids: Collection[int]) -> list[Leftover]:
        """What some members did, and what is on file that names them."""
        given = {"tenant_id": self._tenant_id, "ids": ids}
        found = [
            Leftover(whose=whose, kind=kind, key=str(key))
            for kind, statement in _OF_MEMBERS
            for whose, key in self._wire.rows(statement, **given)
        ]
        found += [Leftover(whose=whose) for (whose,) in self._wire.rows(_ACTED, **given)]
        found += [
            Leftover(whose=int(value), kind=_CLAIM_FACT.name, key=str(fact_id))
            for value, fact_id in self._wire.rows(_DATED_MANAGERS, tenant_id=self._tenant_id)
            if value and int(value) in ids
        ]
        return found
