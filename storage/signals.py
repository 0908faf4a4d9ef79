"""Reads positive answers about suicide: which nobody has seen, and which became otherwise of late."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, bindparam, or_, select, text

from billing.clinical import Scale
from storage.compiled import Values
from storage.expressions import among
from storage.statements import PreparedStatement, Wire
from storage.tables import FactVersionRow, ScoreRow, table_of

_SCORE = table_of(ScoreRow)
_VERSION = table_of(FactVersionRow)
_INSTANT = _VERSION.c.at.type
_NAMES = (
    *("score_id", "patient_id", "scale", "value", "answer", "measured_on", "recorded_by"),
    *("seen_by", "seen_at", "withdrawn_by", "withdrawn_at"),
)
_IN_TENANT = _SCORE.c.tenant_id == bindparam("tenant_id")
#: In the words of the index that holds them.
_POSITIVE = text("score.answer <> 0")
_OF_SCORE = and_(
    _VERSION.c.tenant_id == _SCORE.c.tenant_id,
    _VERSION.c.kind == "score",
    _VERSION.c.fact_id == _SCORE.c.score_id,
)
_SIGNALS = (
    select(*(_SCORE.c[name] for name in _NAMES), _VERSION.c.at, _VERSION.c.act)
    .join_from(_SCORE, _VERSION, and_(_OF_SCORE, _VERSION.c.n == 1))
    .where(_IN_TENANT)
)
_UNSEEN = PreparedStatement(
    _SIGNALS.where(
        _POSITIVE,
        _SCORE.c.withdrawn_at.is_(None),
        _SCORE.c.seen_at.is_(None),
        among(_SCORE.c.patient_id, "ids"),
    ).order_by(_SCORE.c.patient_id, _VERSION.c.at, _SCORE.c.score_id)
)
_ONE = PreparedStatement(_SIGNALS.where(_SCORE.c.score_id == bindparam("score_id")))
_OF_DAY = PreparedStatement(
    _SIGNALS.where(
        _SCORE.c.patient_id == bindparam("patient_id"),
        _SCORE.c.scale == bindparam("scale"),
        _SCORE.c.measured_on == bindparam("on", type_=_SCORE.c.measured_on.type),
    ).order_by(_SCORE.c.score_id)
)
_OF_PATIENT = PreparedStatement(
    _SIGNALS.where(_POSITIVE, _SCORE.c.patient_id == bindparam("patient_id")).order_by(_SCORE.c.score_id)
)
_LATELY = PreparedStatement(
    select(_SCORE.c.score_id, _VERSION.c.n, _VERSION.c.void, _VERSION.c.at)
    .join_from(_SCORE, _VERSION, _OF_SCORE)
    .where(
        _IN_TENANT,
        _POSITIVE,
        or_(_SCORE.c.seen_at.is_(None), _SCORE.c.withdrawn_at.is_not(None)),
        _VERSION.c.at >= bindparam("since", type_=_INSTANT),
    )
    .order_by(_SCORE.c.score_id, _VERSION.c.n)
)
_WRITTEN_AT = PreparedStatement(
    select(_SCORE.c.score_id)
    .join_from(_SCORE, _VERSION, _OF_SCORE)
    .where(_IN_TENANT, _POSITIVE, _VERSION.c.at == bindparam("at", type_=_INSTANT))
    .distinct()
    .order_by(_SCORE.c.score_id)
)
_ANSWERS = PreparedStatement(
    select(_SCORE.c.score_id, _SCORE.c.answer, _SCORE.c.seen_by, _SCORE.c.seen_at).where(
        _IN_TENANT, _SCORE.c.answer.is_not(None), among(_SCORE.c.score_id, "ids")
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSignal:
    """A score with what was answered about suicide, and what became of it."""

    score_id: int
    patient_id: int
    scale: Scale
    value: int
    #: None where nobody said.
    answer: int | None
    measured_on: date
    recorded_by: int | None
    seen_by: int | None
    seen_at: datetime | None
    withdrawn_by: int | None
    withdrawn_at: datetime | None
    #: When it was first written, aware; None where the program that wrote it did not keep that.
    recorded_at: datetime | None
    #: What wrote it: the kind of an act, `import`.
    act: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAnswer:
    """What was answered with one score, and who has marked that as seen."""

    answer: int
    seen_by: int | None
    seen_at: datetime | None


class Signals:
    """One tenant's answers about suicide."""

    def __init__(self, wire: Wire, tenant_id: int) -> None:
        self._wire = wire
        self._tenant_id = tenant_id

    def unseen(self, patient_ids: Collection[int]) -> tuple[StoredSignal, ...]:
        """Positive answers that stand and that nobody has seen, by patient, the first written first."""
        if not patient_ids:
            return ()
        rows = self._wire.rows(_UNSEEN, tenant_id=self._tenant_id, ids=patient_ids)
        return tuple(map(_signal, rows))

    def of_score(self, score_id: int) -> StoredSignal | None:
        """A score with its answer, whether it stands or was withdrawn."""
        row = self._wire.row(_ONE, tenant_id=self._tenant_id, score_id=score_id)
        return None if row is None else _signal(row)

    def of_day(self, patient_id: int, scale: Scale, on: date) -> tuple[StoredSignal, ...]:
        """Every score of a scale and day, withdrawn ones too, the first written first."""
        rows = self._wire.rows(
            _OF_DAY, tenant_id=self._tenant_id, patient_id=patient_id, scale=scale.value, on=on
        )
        return tuple(map(_signal, rows))

    def of_patient(self, patient_id: int) -> tuple[StoredSignal, ...]:
        """Every positive answer of a patient, withdrawn ones too, the first written first."""
        rows = self._wire.rows(_OF_PATIENT, tenant_id=self._tenant_id, patient_id=patient_id)
        return tuple(map(_signal, rows))

    def lately(self, since: datetime) -> dict[int, list[tuple[int, bool, datetime]]]:
        """Of positive scores, the versions written from an instant on: number, whether it was void, and when.

        Scores that stand and were seen are left out.
        """
        found: dict[int, list[tuple[int, bool, datetime]]] = {}
        for score_id, n, void, at in self._wire.rows(_LATELY, tenant_id=self._tenant_id, since=since):
            found.setdefault(score_id, []).append((n, bool(void), at))
        return found

    def written_at(self, at: datetime) -> tuple[int, ...]:
        """The positive scores of which a version was written at an instant, by number."""
        rows = self._wire.rows(_WRITTEN_AT, tenant_id=self._tenant_id, at=at)
        return tuple(score_id for (score_id,) in rows)

    def answers(self, score_ids: Collection[int]) -> dict[int, StoredAnswer]:
        """What was answered with each of some scores; those of which nobody said are left out."""
        if not score_ids:
            return {}
        rows = self._wire.rows(_ANSWERS, tenant_id=self._tenant_id, ids=score_ids)
        return {
            score_id: StoredAnswer(answer=answer, seen_by=seen_by, seen_at=seen_at)
            for score_id, answer, seen_by, seen_at in rows
        }


def _signal(row: Values) -> StoredSignal:
    *plain, recorded_at, act = row
    named = dict(zip(_NAMES, plain, strict=True))
    return StoredSignal(**(named | {"scale": Scale(named["scale"])}), recorded_at=recorded_at, act=act)
