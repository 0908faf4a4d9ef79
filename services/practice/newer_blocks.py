"""Remembers which of Slack's newer blocks a workspace does not take, so that it is seldom asked about them."""

from datetime import timedelta
from typing import Final

from services.context import Context

#: Where a block may stand.
HOME: Final = "home"
MESSAGE: Final = "message"
#: After so long Slack is asked again whether it takes a block that it refused.
ASKED_AGAIN_AFTER: Final = timedelta(days=7)


def not_taken(context: Context, surface: str) -> frozenset[str]:
    """Kinds of block that Slack refused there lately: not to be sent before it is asked again."""
    return frozenset(
        block
        for (where, block), refused_at in context.uow.homes.refusals().items()
        if where == surface and context.now - refused_at < ASKED_AGAIN_AFTER
    )


def refused(context: Context, surface: str, block: str) -> None:
    """Keep that Slack has just refused a kind of block there."""
    context.uow.homes.refused(surface, block, context.now)
    context.uow.commit()
