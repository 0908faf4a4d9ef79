"""Why do these minutes count, and those not? By word, or by the button on a status."""

from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncRespond

from billing.months import BillingMonth
from billing.people import Member
from bot.context import BotContext, Request
from bot.grammar.commands.why import WhyArguments
from bot.ids import ActionId
from bot.middleware import acknowledge
from bot.replies import Reply
from bot.screens import why as blocks
from services.months import why
from services.people.patient_ref import PatientRef


async def handle(bot: BotContext, request: Request) -> Reply:
    """`/cocm why MRN123 october`."""
    given = request.parsed.arguments
    assert isinstance(given, WhyArguments), "the grammar gives every understood why its patient"
    return blocks.why(await bot.practice.read(why.why, request.member, given.patient, given.month))


def register(app: AsyncApp, bot: BotContext) -> None:
    """Listen to the Why buttons."""

    async def explain(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        handle, _, month = action["value"].partition(":")
        ref = PatientRef(text=handle, handle=handle)
        told = await bot.practice.read(why.why, member, ref, BillingMonth.parse(month))
        await respond(**blocks.why(told).as_follow_up())

    app.action(ActionId.WHY)(ack=acknowledge, lazy=[explain])
