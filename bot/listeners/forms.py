"""Listeners for the form for time: what opens it, and what becomes of what is sent."""

import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from billing.people import Member
from billing.references import entry_id_of, entry_reference
from bot import form_openings as openings
from bot import kit, pressed
from bot.context import BotContext, Handlers, Request
from bot.entry_fields import EntryFields, read_entry
from bot.grammar import FORM
from bot.ids import ActionId, BlockId, CallbackId, wherever
from bot.middleware import acknowledge
from bot.patient_fields import shown_question
from bot.replies import Reply
from bot.screens.entries import changed
from bot.screens.fact_buttons import FactForm, Opening
from bot.screens.form_fields import typed
from bot.screens.form_states import asking
from bot.screens.forms import FORM_OPENING, FORM_OPENING_PUSH, logged_already
from bot.screens.help import HELP_PUSH, HELP_START
from bot.screens.receipt import log_answer
from bot.submitting import (
    AtFields,
    Done,
    Outcome,
    Place,
    Said,
    Shown,
    answer,
    mark_of,
    metadata,
    origin_of,
    place_in,
)
from services.entries import kept_forms, log, other_patient
from services.entries.amending import WhyAsked
from services.entries.other_patient import Changed, WhichPatient
from services.entries.pending import Asked
from services.entries.receipts import Receipt
from services.errors import DayTooLong, QuestionExpired, UnknownPatient

_UNDONE = "This form was logged already, and undone since. To log it now, open a new form."


async def show_form(bot: BotContext, request: Request) -> Reply:
    """`/cocm` alone: the form opens beside the acknowledgment, since nothing on the way to it calls Slack."""
    if request.trigger_id is None:
        return Reply(text=HELP_PUSH, blocks=(kit.section(HELP_START),))
    place = Place(url=request.response_url)
    view = await openings.empty(bot, request.member, place)
    user_id = request.member.slack_user_id or request.user_id
    bot.background.keep(openings.show(bot, user_id, request.trigger_id, view, place))
    return Reply(text=FORM_OPENING_PUSH, blocks=(kit.context(FORM_OPENING),))


HANDLERS: Handlers = {FORM: show_form}


def register(app: AsyncApp, bot: BotContext) -> None:
    """Listen to what opens the form, and to what is sent."""
    _register_openings(app, bot)
    _register_clicks(app, bot)

    async def log_submitted(
        ack: AsyncAck, body: dict[str, Any], view: dict[str, Any], member: Member
    ) -> None:
        await answer(bot, ack, body, member, _logged(bot, member, view))

    async def edit_submitted(
        ack: AsyncAck, body: dict[str, Any], view: dict[str, Any], member: Member
    ) -> None:
        await answer(bot, ack, body, member, _corrected(bot, member, view))

    app.view(CallbackId.LOG_FORM)(log_submitted)
    app.view(CallbackId.EDIT_FORM)(edit_submitted)


def _register_openings(app: AsyncApp, bot: BotContext) -> None:
    """What opens an empty form, and the shortcut that fills it from a message."""

    async def open_empty(body: dict[str, Any], member: Member) -> None:
        place = openings.place_of(body)
        view = await openings.empty(bot, member, place)
        await openings.show(bot, body["user"]["id"], body["trigger_id"], view, place)

    async def open_from_message(shortcut: dict[str, Any], member: Member) -> None:
        place = openings.place_of(shortcut)
        view = await openings.from_message(bot, member, shortcut["message"], place)
        await openings.show(bot, shortcut["user"]["id"], shortcut["trigger_id"], view, place)

    app.shortcut(CallbackId.LOG_SHORTCUT)(ack=acknowledge, lazy=[open_empty])
    app.shortcut(CallbackId.LOG_FROM_MESSAGE)(ack=acknowledge, lazy=[open_from_message])
    app.action(ActionId.OPEN_FORM)(ack=acknowledge, lazy=[open_empty])


def _register_clicks(app: AsyncApp, bot: BotContext) -> None:
    """Buttons that open a form with something in it."""

    async def is_for_time(action: dict[str, Any]) -> bool:
        return Opening.of(action).kind is FactForm.LOG

    async def open_for_patient(action: dict[str, Any], body: dict[str, Any], member: Member) -> None:
        await opened(Opening.of(action), body, member)

    async def log_for(action: dict[str, Any], body: dict[str, Any], member: Member) -> None:
        await opened(Opening(kind=FactForm.LOG, handle=pressed.text(action)), body, member)

    async def opened(opening: Opening, body: dict[str, Any], member: Member) -> None:
        place = openings.place_of(body)
        view = await openings.for_patient(bot, member, opening, place)
        await openings.show(bot, body["user"]["id"], body["trigger_id"], view, place)

    async def open_entry(action: dict[str, Any], body: dict[str, Any], member: Member) -> None:
        place = openings.place_of(body, replaces=True)
        view = await openings.for_entry(bot, member, pressed.entry_id(action), place)
        await openings.show(bot, body["user"]["id"], body["trigger_id"], view, place)

    async def open_again(action: dict[str, Any], body: dict[str, Any], member: Member) -> None:
        view = await bot.practice.write(kept_forms.take, member, pressed.text(action))
        await openings.show(bot, body["user"]["id"], body["trigger_id"], view, place_in(view))

    app.action(wherever(ActionId.OPEN_FACT_FORM), matchers=[is_for_time])(
        ack=acknowledge, lazy=[open_for_patient]
    )
    app.action(re.compile(f"^{ActionId.LOG_FOR}_"))(ack=acknowledge, lazy=[log_for])
    app.action(wherever(ActionId.EDIT))(ack=acknowledge, lazy=[open_entry])
    app.action(ActionId.OPEN_AGAIN)(ack=acknowledge, lazy=[open_again])


async def _logged(bot: BotContext, member: Member, view: dict[str, Any]) -> Outcome:
    fields, origin = typed(view), origin_of(view)
    read = await read_entry(bot, member, fields)
    if isinstance(read, dict):
        return AtFields(read)
    try:
        outcome = await _store(bot, member, view, read)
    except DayTooLong as refusal:
        return AtFields({BlockId.DURATION: refusal.sentence})
    except UnknownPatient as refusal:
        return AtFields({BlockId.PATIENT: refusal.sentence})
    place = place_in(view)
    if isinstance(outcome, Asked):
        labels = [choice.label for choice in outcome.question.choices]
        message, choices = await shown_question(bot, read.patient, outcome.question.message, labels)
        kept = metadata(place, **_question(origin), asked=outcome.pending_id, mark=mark_of(fields))
        return Shown(asking(view, message, choices, kept), kit.escape(message))
    if isinstance(outcome, Receipt) and outcome.repeated:
        return _again(view, outcome, read)
    return Done(log_answer(outcome))


async def _store(bot: BotContext, member: Member, view: dict[str, Any], read: EntryFields) -> Any:
    """Log what the form says, or take the answer to what was asked about just that."""
    fields, origin = typed(view), origin_of(view)
    if origin.get("asked") and origin.get("mark") == mark_of(fields):
        try:
            return await bot.practice.write(log.answer, member, origin["asked"], int(fields[BlockId.ANSWER]))
        except QuestionExpired:
            # What was asked stands or falls with the fields, which are all there: it is asked anew.
            pass
    # The same form again stores nothing again.
    return await bot.practice.write(log.log, member, read.draft, request_key=f"view:{view['id']}")


def _question(origin: dict[str, Any]) -> dict[str, Any]:
    """What a form's metadata holds besides its place and an earlier question."""
    return {name: value for name, value in origin.items() if name not in {"place", "asked", "mark"}}


def _again(view: dict[str, Any], made: Receipt, read: EntryFields) -> Outcome:
    """The answer to a form that was sent before, and whose first answer Slack did not get."""
    if not made.entries:
        return Said(_UNDONE)
    before, asked = made.entries[0], read.asked
    named = {before.patient.handle, before.patient.identity}
    is_same = (
        (before.entry.seconds, before.entry.service_date, before.note)
        == (asked.seconds, asked.service_date, read.note)
        and not named.isdisjoint({asked.patient.handle, asked.patient.identity})
        and read.activity in {None, before.entry.activity}
    )
    if is_same:
        return Done(log_answer(made))
    kept = metadata(
        place_in(view),
        entry=entry_reference(before.entry.entry_id),
        version=before.entry.version,
        activity=before.entry.activity,
    )
    return Shown(logged_already(view, before, kept))


async def _corrected(bot: BotContext, member: Member, view: dict[str, Any]) -> Outcome:
    fields, origin = typed(view), origin_of(view)
    read = await read_entry(bot, member, fields)
    if isinstance(read, dict):
        return AtFields(read)
    entry_id = entry_id_of(origin["entry"]) or 0
    wanted = read.correction(entry_id, origin["version"], origin["activity"])
    try:
        if origin.get("asked") and origin.get("mark") == mark_of(fields):
            answered = int(fields[BlockId.ANSWER])
            outcome = await bot.practice.write(other_patient.answer, member, origin["asked"], answered)
        else:
            outcome = await bot.practice.write(other_patient.change, member, wanted)
    except UnknownPatient as refusal:
        return AtFields({BlockId.PATIENT: refusal.sentence})
    except DayTooLong as refusal:
        return AtFields({BlockId.DURATION: refusal.sentence})
    return await _shown_change(bot, view, read, outcome)


async def _shown_change(
    bot: BotContext,
    view: dict[str, Any],
    read: EntryFields,
    outcome: Changed | WhichPatient | WhyAsked | None,
) -> Outcome:
    if isinstance(outcome, WhyAsked):
        return AtFields({BlockId.REASON: outcome.sentence})
    if isinstance(outcome, WhichPatient):
        message, choices = await shown_question(bot, read.patient, outcome.message, outcome.choices)
        kept = metadata(
            place_in(view),
            **_question(origin_of(view)),
            asked=outcome.pending_id,
            mark=mark_of(typed(view)),
        )
        return Shown(asking(view, message, choices, kept), kit.escape(message))
    return Done(changed(outcome))
