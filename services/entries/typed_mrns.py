"""Keeps MRNs that people typed into a menu and that are nobody's yet, so that every node knows what was typed."""

from datetime import timedelta

from billing.people import Member
from services.context import Context
from services.people.rights import Action, needs
from storage import AlreadyExists

#: A form may stand open so long.
KEPT_FOR = timedelta(days=1)
#: What it waits as: nobody has to answer it.
TYPED = "typed_mrn"


@needs(Action.SEE_OWN_TIME)
def keep(context: Context, actor: Member, value: str, text: str) -> None:
    """Keep what was typed under the opaque value that stands for it in the form."""
    try:
        context.uow.pending.ask(
            kind=TYPED,
            payload={"mrn": text},
            member_id=actor.member_id,
            at=context.now,
            expires_at=context.now + KEPT_FOR,
            question_id=value,
        )
    except AlreadyExists:
        return
    context.uow.commit()


@needs(Action.SEE_OWN_TIME)
def find(context: Context, actor: Member, value: str) -> str | None:
    """The MRN that a value stands for; None when it is forgotten, or another member's."""
    payload = context.uow.pending.look(value, member_id=actor.member_id, at=context.now)
    return None if payload is None else str(payload.get("mrn", "")) or None
