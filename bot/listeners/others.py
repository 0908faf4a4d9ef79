"""Listens to the buttons and forms that this version of the program does not know, and so nobody else takes."""

import re

from slack_bolt.async_app import AsyncApp

from bot.context import BotContext
from bot.middleware import acknowledge
from bot.old_forms import OldForm
from bot.pressed import OldButton

_ANY = re.compile("")


def register(app: AsyncApp, _bot: BotContext) -> None:
    """Tell whoever pressed or sent one where to go on; without an answer Slack shows them a failure."""

    async def pressed() -> None:
        raise OldButton

    async def submitted() -> None:
        raise OldForm

    app.action(_ANY)(ack=acknowledge, lazy=[pressed])
    app.view(_ANY)(submitted)
