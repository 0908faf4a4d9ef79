"""Listeners for the forms about a patient's care: what opens them, and what is sent."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from billing.people import Member
from bot import form_openings as openings
from bot import kit, pressed
from bot.care_fields import FormRequest, read_care
from bot.context import BotContext
from bot.grammar.call.line import CareArguments
from bot.grammar.stated_scores import SOMEBODY
from bot.ids import ActionId, BlockId, CallbackId, wherever
from bot.middleware import acknowledge
from bot.patient_fields import shown_question
from bot.screens.care import care_answer
from bot.screens.care_forms import payer_options
from bot.screens.fact_buttons import FactForm, Opening
from bot.screens.form_fields import typed
from bot.screens.form_states import asking
from bot.submitting import AtFields, Done, Outcome, Shown, answer, mark_of, metadata, origin_of, place_in
from services.care import carry_out
from services.care.episodes import DatesOutOfOrder, NotEnrolled
from services.care.on_file import payers_named
from services.care.receipts import CareQuestion, CareReceipt
from services.care.requests import Assess
from services.entries import suggested
from services.errors import QuestionExpired, UnknownPatient

_FORMS = {
    CallbackId.ENROLL_FORM: FactForm.ENROLL,
    CallbackId.CONSENT_FORM: FactForm.CONSENT,
    CallbackId.ASSESS_FORM: FactForm.ASSESS,
    CallbackId.DISCHARGE_FORM: FactForm.DISCHARGE,
}


def register(app: AsyncApp, bot: BotContext) -> None:
    """Listen to the buttons that open a form, to what is sent, and to what is typed into the menu of payers."""

    async def is_about_care(action: dict[str, Any]) -> bool:
        return Opening.of(action).kind in _FORMS.values()

    async def open_form(action: dict[str, Any], body: dict[str, Any], member: Member) -> None:
        opening, place = Opening.of(action), openings.place_of(body)
        view = await openings.for_care(bot, member, opening, place)
        await openings.show(bot, body["user"]["id"], body["trigger_id"], view, place)

    async def open_scores(action: dict[str, Any], body: dict[str, Any], member: Member) -> None:
        line = await bot.practice.read(suggested.look, member, pressed.text(action))
        parsed = await bot.understand(line, member)
        asked = parsed.arguments.request if isinstance(parsed.arguments, CareArguments) else None
        if not isinstance(asked, Assess):
            raise QuestionExpired
        place = openings.place_of(body)
        view = await openings.for_scores(bot, member, asked, place, named=SOMEBODY not in line)
        await openings.show(bot, body["user"]["id"], body["trigger_id"], view, place)

    async def submitted(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any], member: Member) -> None:
        await answer(bot, ack, body, member, _recorded(bot, member, view))

    async def look_up_payers(ack: AsyncAck, body: dict[str, Any], member: Member) -> None:
        words = (body.get("value") or "").strip()
        await ack(options=payer_options(await bot.practice.read(payers_named, member, words), words))

    app.action(wherever(ActionId.OPEN_FACT_FORM), matchers=[is_about_care])(ack=acknowledge, lazy=[open_form])
    app.action(ActionId.SCORE_FORM)(ack=acknowledge, lazy=[open_scores])
    for callback_id in _FORMS:
        app.view(callback_id)(submitted)
    app.options(BlockId.PAYER)(look_up_payers)


async def _recorded(bot: BotContext, member: Member, view: dict[str, Any]) -> Outcome:
    fields = typed(view)
    asked = await read_care(bot, member, _FORMS[CallbackId(view["callback_id"])], fields)
    if isinstance(asked, dict):
        return AtFields(asked)
    try:
        outcome = await _store(bot, member, view, asked)
    except (UnknownPatient, NotEnrolled) as refusal:
        return AtFields({BlockId.PATIENT: refusal.sentence})
    except DatesOutOfOrder as refusal:
        return AtFields({BlockId.DAY: refusal.sentence})
    if not isinstance(outcome, CareQuestion):
        return Done(care_answer(outcome))
    message, choices = await shown_question(bot, asked.patient, outcome.message, outcome.choices)
    kept = metadata(place_in(view), asked=outcome.pending_id, mark=mark_of(fields))
    return Shown(asking(view, message, choices, kept), kit.escape(message))


async def _store(
    bot: BotContext, member: Member, view: dict[str, Any], asked: FormRequest
) -> CareReceipt | CareQuestion | None:
    """Record what the form says, or take the answer to what was asked about just that."""
    fields, origin = typed(view), origin_of(view)
    if origin.get("asked") and origin.get("mark") == mark_of(fields):
        try:
            return await bot.practice.write(
                carry_out.answer, member, origin["asked"], int(fields[BlockId.ANSWER])
            )
        except QuestionExpired:
            # What was asked stands or falls with the fields, which are all there: it is asked anew.
            pass
    # The same form again records nothing again; with other words in it, it is another.
    key = f"view:{view['id']}:{mark_of(fields)}"
    return await bot.practice.write(carry_out.carry_out, member, asked, request_key=key)
