"""Listeners for `remind` and for the digest's buttons."""

import re
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncRespond

from billing.months import BillingMonth
from billing.people import Member
from bot import kit
from bot.context import BotContext, Handlers, Request
from bot.grammar.commands.remind import RemindArguments
from bot.ids import ActionId
from bot.middleware import acknowledge
from bot.replies import Reply
from bot.screens import morning
from bot.screens import reminders as screen
from services.care import set_aside
from services.messages import choices


async def remind(bot: BotContext, request: Request) -> Reply:
    """`/cocm remind 8:30 | off | on | snooze 1h | quiet 6pm-7am`, for oneself or for the practice."""
    practice, wanted = bot.practice, request.given(RemindArguments).request
    if wanted.asks:
        found = await practice.read(choices.standing, request.member, wanted)
    else:
        found = await practice.write(choices.carry_out, request.member, wanted)
    today = practice.clock.now().astimezone(found.zone).date()
    return Reply(
        text=screen.PUSH,
        blocks=(
            *([] if wanted.asks else [kit.section(screen.DONE)]),
            kit.section(screen.standing(found, today)),
            *([kit.context(screen.how(found))] if found.kinds else []),
        ),
    )


HANDLERS: Handlers = {"remind": remind}


def register(app: AsyncApp, bot: BotContext) -> None:
    """Listen to the digest's buttons: not clinically indicated this month, and name the patient again."""

    async def leave_out(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        handle, _, month = action["value"].partition(":")
        meant = BillingMonth.parse(month)
        patient = await bot.practice.write(set_aside.set_aside, member, handle, meant)
        said = kit.section(morning.set_aside(patient.mrn, meant.name))
        back = kit.actions([kit.button(morning.NAME_AGAIN, ActionId.NAME_AGAIN, action["value"])])
        await respond(**Reply(text=morning.SET_ASIDE_PUSH, blocks=(said, back)).as_follow_up())

    async def name_again(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        handle, _, month = action["value"].partition(":")
        meant = BillingMonth.parse(month)
        patient = await bot.practice.write(set_aside.name_again, member, handle, meant)
        said = kit.section(morning.named_again(patient.mrn, meant.name))
        await respond(**Reply(text=morning.SET_ASIDE_PUSH, blocks=(said,)).as_replacement())

    app.action(re.compile(f"^{ActionId.SET_ASIDE}_"))(ack=acknowledge, lazy=[leave_out])
    app.action(ActionId.NAME_AGAIN)(ack=acknowledge, lazy=[name_again])
