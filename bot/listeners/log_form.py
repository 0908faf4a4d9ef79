"""Log time with fields: `/cocm` alone, the shortcut, or the button on the Home tab."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackApiError

from billing.people import Member
from bot import kit, words
from bot.blocks.forms import log_form, typed
from bot.blocks.receipt import log_answer
from bot.direct import tell
from bot.fields import errors_at_fields, understand_fields, with_note
from bot.ids import ActionId, BlockId, CallbackId
from bot.middleware import acknowledge
from bot.office import Office, Turn
from bot.replies import Reply
from services import time_log


async def handle(office: Office, turn: Turn) -> Reply:
    """`/cocm` alone: the form opens beside the acknowledgement, since nothing on the way to it calls Slack."""
    if turn.trigger_id is None:
        return Reply(text=words.HELP_PUSH, blocks=(kit.section(words.HELP_START),))
    office.background.keep(_open(office, turn.member, turn.trigger_id, turn.user_id))
    return Reply(text=words.FORM_OPENING_PUSH, blocks=(kit.context(words.FORM_OPENING),))


def register(app: AsyncApp, office: Office) -> None:
    """Listen to the shortcut, the Home button and the form's submission."""

    async def open_form(body: dict[str, Any], member: Member) -> None:
        await _open(office, member, body["trigger_id"], body["user"]["id"])

    async def submit(ack: AsyncAck, view: dict[str, Any], body: dict[str, Any], member: Member) -> None:
        fields = typed(view)
        patient = fields[BlockId.PATIENT]
        parsed = await understand_fields(office, member, fields, patient)
        if parsed.problems:
            await ack(response_action="errors", errors=errors_at_fields(parsed, fields, patient))
            return
        draft = with_note(parsed, fields[BlockId.NOTE])
        outcome = await office.practice.write(time_log.log, member, draft, request_key=f"view:{view['id']}")
        await ack()
        office.background.keep(tell(office, body["user"]["id"], log_answer(outcome)))

    app.shortcut(CallbackId.LOG_SHORTCUT)(ack=acknowledge, lazy=[open_form])
    app.action(ActionId.OPEN_FORM)(ack=acknowledge, lazy=[open_form])
    app.view(CallbackId.LOG_FORM)(submit)


async def _open(office: Office, member: Member, trigger_id: str, user_id: str) -> None:
    today = office.practice.clock.now().astimezone(office.zone_of(member)).date()
    try:
        await office.client.views_open(trigger_id=trigger_id, view=log_form(today))
    except SlackApiError:
        # Triggers live three seconds: the person is told how to get there.
        await tell(office, user_id, Reply(text=words.NOT_DONE, blocks=(kit.section(words.FORM_FAILED),)))
