"""Listeners for the forms: log time with fields, and correct an entry."""

import asyncio
import json
import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.errors import SlackApiError

from billing.activities import Activity
from billing.durations import spoken
from billing.people import Member
from billing.references import entry_id_of
from bot import kit
from bot.context import BotContext, Handlers, Request
from bot.direct import replace_message, tell
from bot.fields import asked_in, errors_at_fields, understand_fields, with_note
from bot.grammar import FORM, Parsed
from bot.ids import ActionId, BlockId, CallbackId, wherever
from bot.middleware import acknowledge
from bot.replies import Reply
from bot.screens.entries import corrected
from bot.screens.fact_buttons import FactForm, Opening
from bot.screens.forms import (
    FORM_FAILED,
    FORM_OPENING,
    FORM_OPENING_PUSH,
    LONGEST_NOTE,
    edit_form,
    log_form,
    typed,
)
from bot.screens.help import HELP_PUSH, HELP_START
from bot.screens.problems import NOT_DONE
from bot.screens.receipt import log_answer
from bot.slow_answers import follow, is_answered
from services.entries import amend, log
from services.entries.changes import EntryEdit
from services.entries.requests import LogDraft

#: Triggers live three seconds: who waited longer is told how to get to the form.
_FAILED = Reply(text=NOT_DONE, blocks=(kit.section(FORM_FAILED),))


async def show_form(bot: BotContext, request: Request) -> Reply:
    """`/cocm` alone: the form opens beside the acknowledgment, since nothing on the way to it calls Slack."""
    if request.trigger_id is None:
        return Reply(text=HELP_PUSH, blocks=(kit.section(HELP_START),))
    bot.background.keep(_open(bot, request.member, request.trigger_id, request.user_id))
    return Reply(text=FORM_OPENING_PUSH, blocks=(kit.context(FORM_OPENING),))


HANDLERS: Handlers = {FORM: show_form}


def register(app: AsyncApp, bot: BotContext) -> None:
    """Listen to what opens a form, and to forms sent."""
    _register_openings(app, bot)
    _register_log_form(app, bot)
    _register_edit_form(app, bot)


def _register_openings(app: AsyncApp, bot: BotContext) -> None:
    """What opens the form to log time: a shortcut, a button, a message."""

    async def open_form(body: dict[str, Any], member: Member) -> None:
        await _open(bot, member, body["trigger_id"], body["user"]["id"])

    async def log_for(
        action: dict[str, Any], body: dict[str, Any], member: Member, respond: AsyncRespond
    ) -> None:
        if not await _opened(bot, member, body["trigger_id"], patient=action["value"]):
            await respond(**_FAILED.as_follow_up())

    async def is_here(action: dict[str, Any]) -> bool:
        # Reviews have a form and a listener of their own.
        return Opening.read(action["value"]).kind is not FactForm.REVIEW

    async def open_fact(
        action: dict[str, Any], body: dict[str, Any], member: Member, respond: AsyncRespond
    ) -> None:
        opening = Opening.read(action["value"])
        if not await _opened(bot, member, body["trigger_id"], patient=opening.handle):
            await respond(**_FAILED.as_follow_up())

    async def from_message(shortcut: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        note = shortcut["message"].get("text") or ""
        if not await _opened(bot, member, shortcut["trigger_id"], note=note[:LONGEST_NOTE]):
            await respond(**_FAILED.as_follow_up())

    app.shortcut(CallbackId.LOG_SHORTCUT)(ack=acknowledge, lazy=[open_form])
    app.shortcut(CallbackId.LOG_FROM_MESSAGE)(ack=acknowledge, lazy=[from_message])
    app.action(ActionId.OPEN_FORM)(ack=acknowledge, lazy=[open_form])
    app.action(re.compile(f"^{ActionId.LOG_FOR}_"))(ack=acknowledge, lazy=[log_for])
    app.action(wherever(ActionId.OPEN_FACT_FORM), matchers=[is_here])(ack=acknowledge, lazy=[open_fact])


def _register_log_form(app: AsyncApp, bot: BotContext) -> None:
    async def submit(ack: AsyncAck, view: dict[str, Any], body: dict[str, Any], member: Member) -> None:
        fields = typed(view)
        patient = fields[BlockId.PATIENT]
        parsed = await understand_fields(bot, member, fields, patient)
        if parsed.problems:
            await ack(response_action="errors", errors=errors_at_fields(parsed, fields, patient))
            return
        draft = with_note(parsed, fields[BlockId.NOTE])
        task = asyncio.ensure_future(logged(member, draft, f"view:{view['id']}"))
        if await is_answered(task):
            # What was refused is said in the form, which keeps what was typed.
            task.result()
        await ack()
        follow(bot, body["user"]["id"], task)

    async def logged(member: Member, draft: LogDraft, request_key: str) -> Reply:
        return log_answer(await bot.practice.write(log.log, member, draft, request_key=request_key))

    app.view(CallbackId.LOG_FORM)(submit)


def _register_edit_form(app: AsyncApp, bot: BotContext) -> None:
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
            bot.background.keep(replace_message(origin["response_url"], corrected(made)))

    app.action(wherever(ActionId.EDIT))(ack=acknowledge, lazy=[open_form])
    app.view(CallbackId.EDIT_FORM)(submit)


async def _open(bot: BotContext, member: Member, trigger_id: str, user_id: str) -> None:
    if not await _opened(bot, member, trigger_id):
        await tell(bot, user_id, _FAILED)


async def _opened(
    bot: BotContext, member: Member, trigger_id: str, *, patient: str = "", note: str = ""
) -> bool:
    today = bot.practice.clock.now().astimezone(bot.zone_of(member)).date()
    try:
        await bot.client.views_open(trigger_id=trigger_id, view=log_form(today, note, patient=patient))
    except SlackApiError:
        return False
    return True


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
