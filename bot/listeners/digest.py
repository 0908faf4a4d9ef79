"""The digest's buttons: log for this patient; not clinically indicated this month."""

import re
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncRespond
from slack_sdk.errors import SlackApiError

from billing.months import BillingMonth
from billing.people import Member
from bot import kit
from bot.context import BotContext
from bot.ids import ActionId
from bot.middleware import acknowledge
from bot.replies import Reply
from bot.screens import forms, morning, problems
from services.care import set_aside


def register(app: AsyncApp, bot: BotContext) -> None:
    """Listen to the buttons beside the patients of a digest."""

    async def log_for(
        action: dict[str, Any], body: dict[str, Any], member: Member, respond: AsyncRespond
    ) -> None:
        today = bot.practice.clock.now().astimezone(bot.zone_of(member)).date()
        try:
            view = forms.log_form(today, patient=action["value"])
            await bot.client.views_open(trigger_id=body["trigger_id"], view=view)
        except SlackApiError:
            # Triggers live three seconds: the person is told how to get there.
            failed = Reply(text=problems.NOT_DONE, blocks=(kit.section(forms.FORM_FAILED),))
            await respond(**failed.as_follow_up())

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

    app.action(re.compile(f"^{ActionId.LOG_FOR}_"))(ack=acknowledge, lazy=[log_for])
    app.action(re.compile(f"^{ActionId.SET_ASIDE}_"))(ack=acknowledge, lazy=[leave_out])
    app.action(ActionId.NAME_AGAIN)(ack=acknowledge, lazy=[name_again])
