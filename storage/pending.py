"""Stores questions put to people until they are answered or expire."""

import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from sqlalchemy import bindparam, delete, select

from storage import damage
from storage.compiled import Values
from storage.expressions import among
from storage.statements import PreparedStatement, Wire, inserting
from storage.tables import PendingPayloadRow, PendingQuestionRow, table_of

#: Kinds that wait for an answer; others only keep something for a button.
QUESTIONS = ("log", "care", "timer", "change", "why")

_QUESTION = table_of(PendingQuestionRow)
_PAYLOAD = table_of(PendingPayloadRow)
_ADD = PreparedStatement(inserting(PendingQuestionRow))
_ADD_PAYLOAD = PreparedStatement(inserting(PendingPayloadRow))
_READ = PreparedStatement(
    select(_PAYLOAD.c.payload)
    .join_from(_PAYLOAD, _QUESTION, _PAYLOAD.c.question_id == _QUESTION.c.question_id)
    .where(
        _QUESTION.c.tenant_id == bindparam("tenant_id"),
        _QUESTION.c.question_id == bindparam("question_id"),
        _QUESTION.c.member_id == bindparam("member_id"),
        _QUESTION.c.expires_at > bindparam("at", type_=_QUESTION.c.expires_at.type),
    )
)
_OPEN_OF = PreparedStatement(
    select(_QUESTION.c.question_id, _QUESTION.c.kind, _PAYLOAD.c.payload, _QUESTION.c.expires_at)
    .join_from(_PAYLOAD, _QUESTION, _PAYLOAD.c.question_id == _QUESTION.c.question_id)
    .where(
        _QUESTION.c.tenant_id == bindparam("tenant_id"),
        _QUESTION.c.member_id == bindparam("member_id"),
        among(_QUESTION.c.kind, "kinds"),
        _QUESTION.c.expires_at > bindparam("at", type_=_QUESTION.c.expires_at.type),
    )
    .order_by(_QUESTION.c.expires_at)
)
# Payloads go with their questions (ON DELETE CASCADE).
_TAKE = PreparedStatement(delete(_QUESTION).where(_QUESTION.c.question_id == bindparam("question_id")))
_PURGE = PreparedStatement(
    delete(_QUESTION).where(
        _QUESTION.c.tenant_id == bindparam("tenant_id"),
        _QUESTION.c.expires_at <= bindparam("at", type_=_QUESTION.c.expires_at.type),
    )
)
_ID_BYTES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenQuestion:
    """A question that waits for its member's answer."""

    #: Opaque; its buttons carry it.
    question_id: str
    kind: str
    payload: dict[str, Any] = field(repr=False)
    #: Aware instant.
    expires_at: datetime


class Pending:
    """The pending questions of one tenant."""

    def __init__(self, wire: Wire, tenant_id: int) -> None:
        self._wire = wire
        self._tenant_id = tenant_id

    def ask(
        self,
        kind: str,
        payload: dict[str, Any],
        *,
        member_id: int,
        at: datetime,
        expires_at: datetime,
        question_id: str = "",
    ) -> str:
        """Keep a question's payload (any JSON); returns the opaque id for its buttons, the one given or a new one."""
        question_id = question_id or secrets.token_urlsafe(_ID_BYTES)
        self._wire.run(
            _ADD,
            question_id=question_id,
            tenant_id=self._tenant_id,
            kind=kind,
            member_id=member_id,
            at=at,
            expires_at=expires_at,
        )
        text = json.dumps(payload, ensure_ascii=False)
        self._wire.run(_ADD_PAYLOAD, question_id=question_id, tenant_id=self._tenant_id, payload=text)
        return question_id

    def look(self, question_id: str, *, member_id: int, at: datetime) -> dict[str, Any] | None:
        """As `take`, but the question stays."""
        found = self._wire.row(
            _READ, tenant_id=self._tenant_id, question_id=question_id, member_id=member_id, at=at
        )
        return None if found is None else cast("dict[str, Any]", json.loads(found[0]))

    def take(self, question_id: str, *, member_id: int, at: datetime) -> dict[str, Any] | None:
        """The payload of a question put to this member, and no question any more.

        None when it has expired, was answered already, or was put to somebody else.
        """
        found = self._wire.row(
            _READ, tenant_id=self._tenant_id, question_id=question_id, member_id=member_id, at=at
        )
        # Of two who answer at once, the delete lets one through.
        if found is None or not self._wire.run(_TAKE, question_id=question_id):
            return None
        return cast("dict[str, Any]", json.loads(found[0]))

    def open_of(self, member_id: int, at: datetime) -> tuple[OpenQuestion, ...]:
        """The questions put to a member that wait for an answer, the next to expire first."""
        rows = self._wire.rows(
            _OPEN_OF, tenant_id=self._tenant_id, member_id=member_id, kinds=QUESTIONS, at=at
        )
        return tuple(damage.each(_open, rows, "pending_question"))

    def purge_expired(self, at: datetime) -> int:
        """Delete questions that nobody answered in time; returns how many."""
        return self._wire.run(_PURGE, tenant_id=self._tenant_id, at=at)


def _open(row: Values) -> OpenQuestion:
    question_id, kind, payload, expires_at = row
    return OpenQuestion(
        question_id=question_id, kind=kind, payload=json.loads(payload), expires_at=expires_at
    )
