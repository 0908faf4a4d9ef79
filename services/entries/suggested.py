"""Keeps the lines that a refusal suggests, so that a button can send one without holding its words."""

from collections.abc import Sequence

from billing.people import Member
from services.context import Context
from services.entries.pending import QUESTION_LIFE
from services.errors import QuestionExpired
from services.people.rights import Action, needs

#: What a line waits as: a question that nobody has to answer.
LINE = "line"


@needs(Action.SEE_OWN_TIME)
def keep(context: Context, actor: Member, lines: Sequence[str]) -> tuple[str, ...]:
    """Keep lines for as long as a question waits; the opaque id of each, for its button."""
    ids = tuple(
        context.uow.pending.ask(
            kind=LINE,
            payload={"line": line},
            member_id=actor.member_id,
            at=context.now,
            expires_at=context.now + QUESTION_LIFE,
        )
        for line in lines
    )
    context.uow.commit()
    return ids


@needs(Action.SEE_OWN_TIME)
def look(context: Context, actor: Member, pending_id: str) -> str:
    """The line behind a button that opens something, and can do so again.

    Raises:
        QuestionExpired: when it has expired, or is another member's.
    """
    payload = context.uow.pending.look(pending_id, member_id=actor.member_id, at=context.now)
    if payload is None:
        raise QuestionExpired
    return str(payload["line"])


@needs(Action.SEE_OWN_TIME)
def take(context: Context, actor: Member, pending_id: str) -> str:
    """The line behind a button, which is thereby sent: it can be taken once.

    Raises:
        QuestionExpired: when it was sent before, has expired, or is another member's.
    """
    payload = context.uow.pending.take(pending_id, member_id=actor.member_id, at=context.now)
    context.uow.commit()
    if payload is None:
        raise QuestionExpired
    return str(payload["line"])
