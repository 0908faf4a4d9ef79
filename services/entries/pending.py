"""Keeps questions that wait for a person's answer, with their draft."""

from dataclasses import dataclass
from datetime import timedelta

from pydantic import TypeAdapter

from billing.people import Member
from services.context import Context
from services.entries.requests import LogDraft, Question
from services.errors import QuestionExpired

#: A question left unanswered for this long expires; nothing was stored.
QUESTION_LIFE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Nothing is stored yet: this must be answered first."""

    #: Opaque id that the answer carries.
    pending_id: str
    question: Question


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingLog:
    """A draft that waits, and the key of the request that brought it."""

    draft: LogDraft
    request_key: str | None = None


_FORM = TypeAdapter(PendingLog)


def ask(context: Context, actor: Member, waiting: PendingLog) -> Asked:
    """Keep the draft until its first open question is answered."""
    question = waiting.draft.open_question
    assert question is not None, "only a draft with a question waits"
    pending_id = context.uow.pending.ask(
        kind="log",
        payload=_FORM.dump_python(waiting, mode="json"),
        member_id=actor.member_id,
        at=context.now,
        expires_at=context.now + QUESTION_LIFE,
    )
    return Asked(pending_id=pending_id, question=question)


def hold(context: Context, actor: Member, draft: LogDraft, *, request_key: str | None = None) -> Asked:
    """Keep a draft that nobody asked to log, in case the person wants it logged after all."""
    asked = ask(context, actor, PendingLog(draft=draft, request_key=request_key))
    context.uow.commit()
    return asked


def take(context: Context, actor: Member, pending_id: str) -> PendingLog:
    """The draft behind a question, which is thereby answered: it can be taken once.

    Raises:
        QuestionExpired: when it was answered before, has expired, or is another member's.
    """
    payload = context.uow.pending.take(pending_id, member_id=actor.member_id, at=context.now)
    if payload is None:
        raise QuestionExpired
    return _FORM.validate_python(payload)
