"""Stores case reviews, scores, statements and stays of patients."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import bindparam, select, update

from billing import clinical
from billing.clinical import Admission, CaseReview, Scale, Score, StatementKind
from storage.audit import Audit
from storage.expressions import among
from storage.facts import ADMISSION_FACTS, REVIEW_FACTS, SCORE_FACTS, STATEMENT_FACTS, Facts
from storage.hashes import ADMISSIONS, REVIEW_TEXTS, REVIEWS, SCORES, STATEMENTS
from storage.patient_facts import FactTable, PatientFacts
from storage.statements import PreparedStatement, Wire, inserting
from storage.tables import (
    AdmissionRow,
    CaseReviewRow,
    CaseReviewTextRow,
    ScoreRow,
    StatementRow,
    table_of,
)

_REVIEWS = FactTable(CaseReviewRow, REVIEWS, REVIEW_FACTS, CaseReview, since="reviewed_on")
_SCORES = FactTable(ScoreRow, SCORES, SCORE_FACTS, Score, since="measured_on", words={"scale": Scale})
_STATEMENTS = FactTable(
    StatementRow,
    STATEMENTS,
    STATEMENT_FACTS,
    clinical.Statement,
    since="made_on",
    until="valid_until",
    words={"kind": StatementKind},
)
_ADMISSIONS = FactTable(
    AdmissionRow, ADMISSIONS, ADMISSION_FACTS, Admission, since="admitted_on", until="left_on"
)

_REVIEW = table_of(CaseReviewRow)
_TEXT = table_of(CaseReviewTextRow)
_ADMISSION = table_of(AdmissionRow)
_SCORE = table_of(ScoreRow)
_OF_ENTRIES = PreparedStatement(
    _REVIEWS.in_order(_REVIEWS.standing.where(among(_REVIEW.c.entry_id, "ids")), "reviewed_on")
)
_ADD_TEXT = PreparedStatement(inserting(CaseReviewTextRow))
_TEXTS = PreparedStatement(
    select(_TEXT.c.review_id, _TEXT.c.recommendation).where(
        _TEXT.c.tenant_id == bindparam("tenant_id"), among(_TEXT.c.review_id, "ids")
    )
)
_SEND = PreparedStatement(
    update(_REVIEW)
    .where(
        _REVIEW.c.tenant_id == bindparam("tenant"),
        _REVIEW.c.review_id == bindparam("review"),
        _REVIEW.c.withdrawn_at.is_(None),
    )
    .values(sent_on=bindparam("sent_on", type_=_REVIEW.c.sent_on.type))
    .returning(*REVIEWS.raw())
)
_SEE = PreparedStatement(
    update(_SCORE)
    .where(
        _SCORE.c.tenant_id == bindparam("tenant"),
        _SCORE.c.score_id == bindparam("score"),
        _SCORE.c.withdrawn_at.is_(None),
        _SCORE.c.seen_at.is_(None),
    )
    .values(seen_by=bindparam("by"), seen_at=bindparam("at", type_=_SCORE.c.seen_at.type))
    .returning(*SCORES.raw())
)
_LEAVE = PreparedStatement(
    update(_ADMISSION)
    .where(
        _ADMISSION.c.tenant_id == bindparam("tenant"),
        _ADMISSION.c.admission_id == bindparam("admission"),
        _ADMISSION.c.withdrawn_at.is_(None),
    )
    .values(left_on=bindparam("left_on", type_=_ADMISSION.c.left_on.type))
    .returning(*ADMISSIONS.raw())
)


class CaseReviews(PatientFacts[CaseReview]):
    """Psychiatric case reviews; of one day each."""

    def __init__(self, wire: Wire, tenant_id: int, audit: Audit, facts: Facts) -> None:
        super().__init__(wire, tenant_id, audit, facts, _REVIEWS)

    def add(self, fact: CaseReview, recommendation: str = "") -> CaseReview:
        """Keep a review and the consultant's words, which lie apart from it; returns it with its number."""
        review = super().add(fact)
        if recommendation:
            text = {
                "review_id": review.review_id,
                "tenant_id": self._tenant_id,
                "recommendation": recommendation,
                "removed_by": None,
            }
            self._wire.run(_ADD_TEXT, **text)
            self._audit.keep_hash(REVIEW_TEXTS, text)
        return review

    def recommendations(self, review_ids: Collection[int]) -> dict[int, str]:
        """The consultant's words, by review; reviews without are left out."""
        return dict(self._wire.rows(_TEXTS, tenant_id=self._tenant_id, ids=review_ids))

    def of_entries(self, entry_ids: Collection[int]) -> tuple[CaseReview, ...]:
        """The reviews whose time those entries hold, by patient."""
        rows = self._wire.rows(_OF_ENTRIES, tenant_id=self._tenant_id, ids=entry_ids)
        return tuple(map(_REVIEWS.value, rows))

    def sent(self, review_id: int, on: date | None) -> None:
        """Say on which local date the advice went to the treating provider; None takes that back.

        Raises:
            NotFound: when this tenant has no such review, or it was withdrawn.
        """
        self._stored(_SEND, tenant=self._tenant_id, review=review_id, sent_on=on)


class Scores(PatientFacts[Score]):
    """Results of validated scales; of one day each."""

    def __init__(self, wire: Wire, tenant_id: int, audit: Audit, facts: Facts) -> None:
        super().__init__(wire, tenant_id, audit, facts, _SCORES)

    def add(
        self,
        fact: Score,
        answer: int | None = None,
        *,
        seen_by: int | None = None,
        seen_at: datetime | None = None,
    ) -> Score:
        """Keep a score, and what was answered about suicide; returns the score with its number.

        Args:
            fact: the number it comes with says nothing.
            answer: see `billing.safety`; None where nobody said.
            seen_by: who has seen that already, where it puts an earlier score right.
            seen_at: aware instant of that.
        """
        row = self._hashed(
            _SCORES.add,
            tenant_id=self._tenant_id,
            **_SCORES.parameters(fact),
            answer=answer,
            seen_by=seen_by,
            seen_at=seen_at,
        )
        self._facts.added(SCORE_FACTS, row)
        return replace(fact, score_id=row["score_id"])

    def see(self, score_id: int, *, by: int, at: datetime) -> None:
        """Mark the answer of a score as seen.

        Raises:
            NotFound: when this tenant has no such score, it was withdrawn, or its answer was seen before.
        """
        self._stored(_SEE, tenant=self._tenant_id, score=score_id, by=by, at=at)


class Statements(PatientFacts[clinical.Statement]):
    """Documented statements; each holds from its day to its last, or for good."""

    def __init__(self, wire: Wire, tenant_id: int, audit: Audit, facts: Facts) -> None:
        super().__init__(wire, tenant_id, audit, facts, _STATEMENTS)


class Admissions(PatientFacts[Admission]):
    """Stays in facilities; each holds until the patient leaves."""

    def __init__(self, wire: Wire, tenant_id: int, audit: Audit, facts: Facts) -> None:
        super().__init__(wire, tenant_id, audit, facts, _ADMISSIONS)

    def left(self, admission_id: int, on: date | None) -> None:
        """Say on which local date the patient left; None takes that back.

        Raises:
            NotFound: when this tenant has no such stay, or it was withdrawn.
        """
        self._stored(_LEAVE, tenant=self._tenant_id, admission=admission_id, left_on=on)
