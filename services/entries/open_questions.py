"""Finds the questions that wait for one person's answer, in their words, with the answers that there are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from billing.people import Member
from services.context import Context
from services.entries import pending
from services.errors import QuestionExpired
from services.people.rights import Action, needs
from storage import OpenQuestion

_WHY = "why"
#: What each kind of question is about, where its own words may not be shown.
ABOUT: Final[Mapping[str, str]] = {
    "log": "time to log",
    "care": "a patient's care",
    "timer": "your timer",
    "change": "a change of an entry",
    _WHY: "the reason for a change",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """A question that waits."""

    pending_id: str
    kind: str
    message: str = field(repr=False)
    #: The answers by their numbers; none where it takes words of the person.
    labels: tuple[str, ...] = field(repr=False)
    #: Aware instant.
    expires_at: datetime


def waits(context: Context, actor: Member) -> tuple[Waits, ...]:
    """The questions put to a member that are open, the next to expire first."""
    found = context.uow.pending.open_of(actor.member_id, context.now)
    return tuple(_read(one) for one in found)


@needs(Action.SEE_OWN_TIME)
def one_of(context: Context, actor: Member, pending_id: str) -> Waits:
    """A question that is open.

    Raises:
        QuestionExpired: when it was answered, has expired, or is another member's.
    """
    found = next((one for one in waits(context, actor) if one.pending_id == pending_id), None)
    if found is None:
        raise QuestionExpired
    return found


def _read(one: OpenQuestion) -> Waits:
    message, labels = _said(one.kind, one.payload)
    return Waits(
        pending_id=one.question_id, kind=one.kind, message=message, labels=labels, expires_at=one.expires_at
    )


def _said(kind: str, payload: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    if kind == "log":
        return pending.said(payload)
    if kind == _WHY:
        return "A change of an entry waits for its reason.", ()
    return str(payload.get("message", "")), tuple(payload.get("labels", ()))
