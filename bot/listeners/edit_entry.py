"""Correct an entry: its activity or its other date with one tap, the rest with a line or the form behind Edit."""

import json
from datetime import date
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.webhook.async_client import AsyncWebhookClient

from billing.activities import Activity
from billing.durations import spoken
from billing.people import Member
from billing.references import entry_id_of
from bot.context import BotContext, Request
from bot.fields import asked_in, errors_at_fields, understand_fields
from bot.grammar import Parsed
from bot.grammar.commands.edit import EditArguments
from bot.ids import ActionId, BlockId, CallbackId
from bot.middleware import acknowledge
from bot.replies import Reply
from bot.screens.entries import corrected
from bot.screens.forms import edit_form, typed
from bot.screens.receipt import receipt
from services.entries import amend
from services.entries.changes import EntryEdit


async def handle(bot: BotContext, request: Request) -> Reply:
    """`/cocm edit e-36 25m because I typed 15`."""
    given = request.parsed.arguments
    assert isinstance(given, EditArguments), "the grammar gives every understood edit its entry"
    return corrected(await bot.practice.write(amend.edit, request.member, given.edit))


def register(app: AsyncApp, bot: BotContext) -> None:
    """Listen to the receipts' activity menu and Edit button, and to the form."""

    async def set_activity(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        reference, _, activity = _chosen(action).partition(":")
        made = await bot.practice.write(
            amend.set_activity, member, entry_id_of(reference) or 0, Activity(activity)
        )
        await respond(**receipt(made).as_replacement())

    async def set_date(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        reference, _, day = action["value"].partition(":")
        made = await bot.practice.write(
            amend.set_date, member, entry_id_of(reference) or 0, date.fromisoformat(day)
        )
        await respond(**receipt(made).as_replacement())

    async def open_form(action: dict[str, Any], body: dict[str, Any], member: Member) -> None:
        entry = await bot.practice.read(amend.view, member, entry_id_of(action["value"]) or 0)
        origin = {
            "entry": action["value"],
            "version": entry.entry.version,
            "patient": entry.patient.handle,
            "response_url": body.get("response_url", ""),
        }
        form = edit_form(
            entry, spoken(entry.entry.seconds), json.dumps(origin), show_note=bot.views.phi_in_views
        )
        await bot.client.views_open(trigger_id=body["trigger_id"], view=form)

    async def submit(ack: AsyncAck, view: dict[str, Any], member: Member) -> None:
        fields, origin = typed(view), json.loads(view["private_metadata"])
        parsed = await understand_fields(bot, member, fields, origin["patient"])
        if parsed.problems:
            await ack(response_action="errors", errors=errors_at_fields(parsed, fields, origin["patient"]))
            return
        made = await bot.practice.write(amend.edit, member, _wanted(parsed, fields, origin))
        await ack()
        if origin["response_url"]:
            answer = AsyncWebhookClient(origin["response_url"])
            bot.background.keep(_send(answer, corrected(made).as_replacement()))

    app.action(ActionId.SET_ACTIVITY)(ack=acknowledge, lazy=[set_activity])
    app.action(ActionId.CONFIRM_ACTIVITY)(ack=acknowledge, lazy=[set_activity])
    app.action(ActionId.SET_DATE)(ack=acknowledge, lazy=[set_date])
    app.action(ActionId.EDIT)(ack=acknowledge, lazy=[open_form])
    app.view(CallbackId.EDIT_FORM)(submit)


async def _send(client: AsyncWebhookClient, body: dict[str, Any]) -> None:
    await client.send_dict(body)


def _wanted(parsed: Parsed, fields: dict[str, str], origin: dict[str, Any]) -> EntryEdit:
    """What the form's fields say the entry is to be."""
    asked = asked_in(parsed)
    clock = (asked.started_at.time(), asked.ended_at.time()) if asked.started_at and asked.ended_at else None
    return EntryEdit(
        entry_id=entry_id_of(origin["entry"]) or 0,
        version=origin["version"],
        seconds=asked.seconds,
        clock=clock,
        service_date=asked.service_date,
        activity=Activity(fields[BlockId.ACTIVITY]),
        note=fields[BlockId.NOTE],
        reason=fields[BlockId.REASON],
    )


def _chosen(action: dict[str, Any]) -> str:
    """A menu's chosen value, or a button's."""
    option = action.get("selected_option")
    return str(option["value"] if option else action["value"])
