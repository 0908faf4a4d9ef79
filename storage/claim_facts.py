"""Stores from which day on each fact of a patient's claims holds."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, func, select

from billing.claim_facts import ClaimFact, ClaimFactKind
from storage.audit import Audit
from storage.expressions import among
from storage.facts import CLAIM_FACT_FACTS, Facts
from storage.hashes import CLAIM_FACTS
from storage.patient_facts import FactTable, PatientFacts
from storage.statements import PreparedStatement, Wire, inserting
from storage.tables import ClaimFactRow, table_of


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredClaimFact:
    """A fact of one patient's claims as it is stored."""

    fact_id: int
    patient_id: int
    kind: ClaimFactKind
    value: str
    #: Local date.
    from_day: date

    @property
    def fact(self) -> ClaimFact:
        """What it says."""
        return ClaimFact(kind=self.kind, value=self.value, from_day=self.from_day)


_TABLE = FactTable(
    ClaimFactRow,
    CLAIM_FACTS,
    CLAIM_FACT_FACTS,
    StoredClaimFact,
    since="from_day",
    words={"kind": ClaimFactKind},
)
_ROW = table_of(ClaimFactRow)
_ADD_MANY = PreparedStatement(inserting(ClaimFactRow, without=("fact_id", "withdrawn_by", "withdrawn_at")))
_LAST = PreparedStatement(
    select(func.coalesce(func.max(_ROW.c.fact_id), 0)).where(_ROW.c.tenant_id == bindparam("tenant_id"))
)
_AFTER = PreparedStatement(
    select(*CLAIM_FACTS.raw()).where(
        _ROW.c.tenant_id == bindparam("tenant_id"), _ROW.c.fact_id > bindparam("last")
    )
)
_CHANGED_SINCE = PreparedStatement(
    select(_ROW.c.patient_id).where(
        _ROW.c.tenant_id == bindparam("tenant_id"),
        _ROW.c.withdrawn_at.is_(None),
        among(_ROW.c.patient_id, "ids"),
        _ROW.c.kind == bindparam("kind"),
        _ROW.c.from_day >= bindparam("first_day"),
    )
)


class ClaimFacts(PatientFacts[StoredClaimFact]):
    """What changed about the claims of one tenant's patients, and from which day on."""

    def __init__(self, wire: Wire, tenant_id: int, audit: Audit, facts: Facts) -> None:
        super().__init__(wire, tenant_id, audit, facts, _TABLE)

    def of_many(self, ids: Collection[int]) -> dict[int, tuple[ClaimFact, ...]]:
        """What is said of those patients' claims, of days to come too, oldest first; by patient, where anything is."""
        found = self.of_patients(ids, date.min, date.max)
        return {patient_id: tuple(one.fact for one in facts) for patient_id, facts in found.items()}

    def changed_since(self, ids: Collection[int], kind: ClaimFactKind, day: date) -> frozenset[int]:
        """Those of some patients of whom something of a kind begins on a local date or later."""
        rows = self._wire.rows(
            _CHANGED_SINCE, tenant_id=self._tenant_id, ids=ids, kind=kind.value, first_day=day
        )
        return frozenset(patient_id for (patient_id,) in rows)

    def of_patient(self, patient_id: int) -> tuple[StoredClaimFact, ...]:
        """Everything said of one patient's claims, of days to come too, oldest first."""
        return self.of_patients((patient_id,), date.min, date.max).get(patient_id, ())

    def add_many(self, facts: Iterable[StoredClaimFact]) -> None:
        """Add thousands of facts, each under a new number."""
        key = {"tenant_id": self._tenant_id}
        (last,) = self._wire.one(_LAST, **key)
        self._wire.load(_ADD_MANY, ({**key, **_TABLE.parameters(fact)} for fact in facts))
        added = [CLAIM_FACTS.named(row) for row in self._wire.stream(_AFTER, **key, last=last)]
        for row in added:
            self._audit.keep_hash(CLAIM_FACTS, row)
        self._facts.added_many(CLAIM_FACT_FACTS, added)

    def withdraw_all(self, facts: Iterable[StoredClaimFact], *, by: int | None, at: datetime) -> None:
        """Let several facts count no more; nobody in particular does so who imports a file."""
        for fact in facts:
            self._stored(_TABLE.withdraw, tenant=self._tenant_id, key=fact.fact_id, by=by, at=at)
