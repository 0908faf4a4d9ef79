"""Log time from a line of chat, and answer what had to be asked first."""

import re
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncRespond

from billing.people import Member
from bot.context import BotContext, Request
from bot.ids import ActionId
from bot.middleware import acknowledge
from bot.replies import Reply
from bot.screens.receipt import log_answer
from services.entries import log


async def handle(bot: BotContext, request: Request) -> Reply:
    """`/cocm log 15m MRN123 phone check-in`."""
    draft = request.parsed.draft
    assert draft is not None, "the grammar gives every understood log its draft"
    outcome = await bot.practice.write(log.log, request.member, draft, request_key=request.request_key)
    return log_answer(outcome)


def register(app: AsyncApp, bot: BotContext) -> None:
    """Listen to the buttons of questions."""

    async def answer(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        pending_id, _, choice = action["value"].rpartition(":")
        outcome = await bot.practice.write(log.answer, member, pending_id, int(choice))
        await respond(**log_answer(outcome).as_replacement())

    app.action(re.compile(f"^{ActionId.ANSWER}_\\d+$"))(ack=acknowledge, lazy=[answer])
