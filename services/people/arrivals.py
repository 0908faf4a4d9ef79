"""Finds who sent a delivery, and what of it was carried out before, at once."""

from collections.abc import Mapping

from billing.people import Member
from services.context import Context
from services.people import members
from storage import KeptStep


def met(
    context: Context, slack_user_id: str, key: str | None
) -> tuple[Member | None, Mapping[str, KeptStep]]:
    """The member, as `members.find` has them, and the steps of the delivery of that key.

    Raises:
        Refusal: as `members.find`.
    """
    member = members.find(context, slack_user_id)
    return member, {} if key is None else context.uow.requests.steps(key)
