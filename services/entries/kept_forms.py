"""Keeps a form as somebody filled it in, where it could not be saved, so that it can be opened again as it was."""

from datetime import timedelta
from typing import Any

from billing.people import Member
from services.context import Context
from services.errors import QuestionExpired
from services.people.rights import Action, needs

#: A form that was not saved is kept for so long.
KEPT_FOR = timedelta(days=1)
_KIND = "form"


@needs(Action.SEE_OWN_TIME)
def keep(context: Context, actor: Member, form: dict[str, Any]) -> str:
    """Keep a form, any JSON, for the person alone; returns the opaque id for its button."""
    kept_as = context.uow.pending.ask(
        kind=_KIND,
        payload=form,
        member_id=actor.member_id,
        at=context.now,
        expires_at=context.now + KEPT_FOR,
    )
    context.uow.commit()
    return kept_as


@needs(Action.SEE_OWN_TIME)
def take(context: Context, actor: Member, kept_as: str) -> dict[str, Any]:
    """The form that was kept, which is thereby taken.

    Raises:
        QuestionExpired: when it was opened again before, is too old, or is another person's.
    """
    form = context.uow.pending.take(kept_as, member_id=actor.member_id, at=context.now)
    if form is None:
        raise QuestionExpired(
            "That form was opened again already, or is more than a day old. Nothing was stored by it."
        )
    context.uow.commit()
    return form
