"""Why do these minutes count, and those not? By word, or by the button on a status."""

from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncRespond

from billing.months import BillingMonth
from billing.people import Member
from bot.blocks import why as blocks
from bot.grammar.arguments import WhyArguments
from bot.ids import ActionId
from bot.middleware import acknowledge
from bot.office import Office, Turn
from bot.replies import Reply
from services import why
from services.requests import PatientRef


async def handle(office: Office, turn: Turn) -> Reply:
    """`/cocm why MRN123 october`."""
    given = turn.parsed.arguments
    assert isinstance(given, WhyArguments), "the grammar gives every understood why its patient"
    return blocks.why(await office.practice.read(why.why, turn.member, given.patient, given.month))


def register(app: AsyncApp, office: Office) -> None:
    """Listen to the Why buttons."""

    async def explain(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        handle, _, month = action["value"].partition(":")
        ref = PatientRef(text=handle, handle=handle)
        told = await office.practice.read(why.why, member, ref, BillingMonth.parse(month))
        await respond(**blocks.why(told).as_follow_up())

    app.action(ActionId.WHY)(ack=acknowledge, lazy=[explain])
