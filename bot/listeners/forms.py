"""Log time with fields: `/cocm` alone, the shortcut, or the button on the Home tab."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackApiError

from billing.people import Member
from bot import kit
from bot.context import BotContext, Request
from bot.direct import tell
from bot.fields import errors_at_fields, understand_fields, with_note
from bot.ids import ActionId, BlockId, CallbackId
from bot.middleware import acknowledge
from bot.replies import Reply
from bot.screens import forms, problems
from bot.screens.help import HELP_PUSH, HELP_START
from bot.screens.receipt import log_answer
from services.entries import log


async def handle(bot: BotContext, request: Request) -> Reply:
    """`/cocm` alone: the form opens beside the acknowledgement, since nothing on the way to it calls Slack."""
    if request.trigger_id is None:
        return Reply(text=HELP_PUSH, blocks=(kit.section(HELP_START),))
    bot.background.keep(_open(bot, request.member, request.trigger_id, request.user_id))
    return Reply(text=forms.FORM_OPENING_PUSH, blocks=(kit.context(forms.FORM_OPENING),))


def register(app: AsyncApp, bot: BotContext) -> None:
    """Listen to the shortcut, the Home button and the form's submission."""

    async def open_form(body: dict[str, Any], member: Member) -> None:
        await _open(bot, member, body["trigger_id"], body["user"]["id"])

    async def submit(ack: AsyncAck, view: dict[str, Any], body: dict[str, Any], member: Member) -> None:
        fields = forms.typed(view)
        patient = fields[BlockId.PATIENT]
        parsed = await understand_fields(bot, member, fields, patient)
        if parsed.problems:
            await ack(response_action="errors", errors=errors_at_fields(parsed, fields, patient))
            return
        draft = with_note(parsed, fields[BlockId.NOTE])
        outcome = await bot.practice.write(log.log, member, draft, request_key=f"view:{view['id']}")
        await ack()
        bot.background.keep(tell(bot, body["user"]["id"], log_answer(outcome)))

    app.shortcut(CallbackId.LOG_SHORTCUT)(ack=acknowledge, lazy=[open_form])
    app.action(ActionId.OPEN_FORM)(ack=acknowledge, lazy=[open_form])
    app.view(CallbackId.LOG_FORM)(submit)


async def _open(bot: BotContext, member: Member, trigger_id: str, user_id: str) -> None:
    today = bot.practice.clock.now().astimezone(bot.zone_of(member)).date()
    try:
        await bot.client.views_open(trigger_id=trigger_id, view=forms.log_form(today))
    except SlackApiError:
        # Triggers live three seconds: the person is told how to get there.
        await tell(bot, user_id, Reply(text=problems.NOT_DONE, blocks=(kit.section(forms.FORM_FAILED),)))
