"""Listeners for time entries: log, edit, void, split and history, typed or by a button."""

import json
import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from billing.activities import Activity
from billing.people import Member
from bot import pressed
from bot.context import BotContext, Handlers, Request
from bot.direct import replace_message, tell
from bot.form_openings import open_view
from bot.grammar.call.entry import EntryArguments
from bot.grammar.call.fact import FactArguments, PatientHistoryArguments
from bot.grammar.call.search import SearchArguments
from bot.grammar.commands.confirm import ConfirmArguments
from bot.grammar.commands.edit import EditArguments
from bot.grammar.commands.split import SplitArguments
from bot.ids import ActionId, BlockId, CallbackId, wherever
from bot.middleware import acknowledge
from bot.replies import Reply
from bot.screens import entries as screen
from bot.screens.acts import taken_back
from bot.screens.entry_changes import WHY_PUSH, which_entry, why_asked
from bot.screens.facts import fact_versions
from bot.screens.form_fields import typed
from bot.screens.forms import reason_form
from bot.screens.found import found
from bot.screens.preview import offer
from bot.screens.receipt import is_listed, log_answer, receipt
from bot.submitting import origin_of
from services.acts import fact_history
from services.entries import amend, amending, finding, held, history, log, other_patient, void
from services.entries.amending import EntryAct, WhichEntry, WhyAsked
from services.entries.changes import EntryEdit, HeldAnswer
from services.entries.receipts import Receipt
from services.entries.requests import LogDraft


async def log_time(bot: BotContext, request: Request) -> Reply:
    """`/cocm log 15m MRN123 phone check-in`; where only some of several lines are clear, they are offered."""
    if request.parsed.problems:
        return await _offer(bot, request)
    draft = request.parsed.draft
    assert draft is not None, "the grammar gives every understood log its draft"
    return log_answer(
        await bot.practice.write(log.log, request.member, draft, request_key=request.request_key)
    )


async def _offer(bot: BotContext, request: Request) -> Reply:
    lines = request.parsed.lines
    clear = LogDraft(lines=tuple(line.draft for line in lines if line.draft is not None))
    typed = tuple(line.text for line in lines)
    left = tuple(line.text for line in lines if line.draft is None)
    offered = await bot.practice.write(
        log.offer, request.member, clear, typed, left, request_key=request.request_key
    )
    return offer(request.text, lines, offered)


async def edit_entry(bot: BotContext, request: Request) -> Reply:
    """`/cocm edit e-36 25m because I typed 15`."""
    edit = request.given(EditArguments).edit
    return await _of_one(bot, request, EntryAct(command="edit", entry_id=edit.entry_id, edit=edit))


async def split_entry(bot: BotContext, request: Request) -> Reply:
    """`/cocm split e-36 10m MRN123 / 5m MRN124`."""
    parts = request.given(SplitArguments).split
    return await _of_one(bot, request, EntryAct(command="split", entry_id=parts.entry_id, split=parts))


async def void_or_show(bot: BotContext, request: Request) -> Reply:
    """`/cocm void e-36 wrong patient`, `history e-36`; of care, `void c-4b.3 wrong patient`, `history MRN123`."""
    arguments = request.parsed.arguments
    if isinstance(arguments, FactArguments | PatientHistoryArguments):
        return await _of_care(bot, request, arguments)
    given = request.given(EntryArguments)
    act = EntryAct(command=request.parsed.command, entry_id=given.entry_id, reason=given.reason)
    return await _of_one(bot, request, act)


async def _of_one(bot: BotContext, request: Request, act: EntryAct) -> Reply:
    """Do what was asked of one entry, or ask which is meant by the last one."""
    meant = await bot.practice.write(amending.which, request.member, act)
    if isinstance(meant, WhichEntry):
        return which_entry(meant)
    return await _carry_out(bot, request.member, meant)


async def _carry_out(bot: BotContext, member: Member, act: EntryAct) -> Reply:
    practice = bot.practice
    if (wanted := act.edit or act.split) is not None:
        return screen.changed(await practice.write(other_patient.change, member, wanted))
    if act.answer is not None:
        made = await practice.write(held.settle, member, act.entry_id, act.answer)
        return _settled(made, act.answer)
    if act.command == "void":
        return screen.voided(await practice.write(void.void, member, act.entry_id, act.reason))
    told = await practice.read(history.history, member, act.entry_id)
    return screen.history(told, bot.zone_of(member))


async def _of_care(
    bot: BotContext, request: Request, arguments: FactArguments | PatientHistoryArguments
) -> Reply:
    """A care fact voided or shown, or everything on file about a patient's care."""
    zone, member = bot.zone_of(request.member), request.member
    if isinstance(arguments, PatientHistoryArguments):
        of_patient = await bot.practice.read(fact_history.of_patient, member, arguments.patient)
        return fact_versions(of_patient, zone)
    reference = arguments.reference
    if request.parsed.command == "void":
        made = await bot.practice.write(fact_history.void_fact, member, reference, arguments.reason)
        return taken_back(made)
    return fact_versions(await bot.practice.read(fact_history.of_fact, member, reference), zone)


def _settled(made: Receipt | WhyAsked, answer: HeldAnswer) -> Reply:
    if isinstance(made, WhyAsked):
        return why_asked(made)
    return screen.voided(made) if answer is HeldAnswer.THE_SAME else receipt(made)


async def confirm_entry(bot: BotContext, request: Request) -> Reply:
    """`/cocm confirm`: what is held, with its buttons; `/cocm confirm e-36 clerical`: settled at once."""
    arguments = request.parsed.arguments
    if not isinstance(arguments, ConfirmArguments):
        return await find_entry(bot, request)
    if arguments.activity is None:
        act = EntryAct(command="confirm", entry_id=arguments.entry_id, answer=arguments.answer)
    else:
        edit = EntryEdit(entry_id=arguments.entry_id, activity=arguments.activity)
        act = EntryAct(command="edit", entry_id=arguments.entry_id, edit=edit)
    return await _of_one(bot, request, act)


async def find_entry(bot: BotContext, request: Request) -> Reply:
    """`/cocm delete the 15m MRN123 phone`: the entries that fit, with their buttons."""
    return found(await bot.practice.read(finding.find, request.member, request.given(SearchArguments).search))


HANDLERS: Handlers = {
    "log": log_time,
    "edit": edit_entry,
    "void": void_or_show,
    "split": split_entry,
    "history": void_or_show,
    "correct": find_entry,
    "confirm": confirm_entry,
}


def register(app: AsyncApp, bot: BotContext) -> None:
    """Listen to the answers of questions, and to a receipt's activity menu and dates."""

    async def answer(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        pending_id, choice = pressed.last_number(action)
        outcome = await bot.practice.write(log.answer, member, pending_id, choice)
        await respond(**log_answer(outcome).as_replacement())

    async def answer_change(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        pending_id, choice = pressed.last_number(action)
        outcome = await bot.practice.write(other_patient.answer, member, pending_id, choice)
        await respond(**screen.changed(outcome).as_replacement())

    async def void_found(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        made = await bot.practice.write(
            void.void, member, pressed.entry_id(action), "voided with the Void button"
        )
        await respond(**screen.voided(made).as_replacement())

    async def set_activity(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        reference, activity = pressed.parts(action, 2)
        entry_id, chosen = pressed.entry_id(reference), pressed.choice(Activity, activity)
        made = await bot.practice.write(amending.set_activity, member, entry_id, chosen)
        if isinstance(made, WhyAsked):
            await respond(**why_asked(made).as_follow_up())
        else:
            await respond(**receipt(made).as_replacement())

    async def settle_held(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        reference, answer = pressed.parts(action, 2)
        entry_id, answered = pressed.entry_id(reference), pressed.choice(HeldAnswer, answer)
        act = EntryAct(command="confirm", entry_id=entry_id, answer=answered)
        reply = await _carry_out(bot, member, act)
        # A message that holds other entries stays.
        stays = is_listed(action["action_id"]) or reply.text == WHY_PUSH
        await respond(**(reply.as_follow_up() if stays else reply.as_replacement()))

    async def set_date(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        reference, day = pressed.parts(action, 2)
        entry_id, on = pressed.entry_id(reference), pressed.day(day)
        made = await bot.practice.write(amend.set_date, member, entry_id, on)
        await respond(**receipt(made).as_replacement())

    app.action(re.compile(f"^{ActionId.ANSWER}_\\d+$"))(ack=acknowledge, lazy=[answer])
    app.action(re.compile(f"^{ActionId.ANSWER_CHANGE}_\\d+$"))(ack=acknowledge, lazy=[answer_change])
    app.action(wherever(ActionId.VOID))(ack=acknowledge, lazy=[void_found])
    app.action(ActionId.SET_ACTIVITY)(ack=acknowledge, lazy=[set_activity])
    app.action(wherever(ActionId.SETTLE_HELD))(ack=acknowledge, lazy=[settle_held])
    app.action(ActionId.SET_DATE)(ack=acknowledge, lazy=[set_date])
    _register_questions(app, bot)


def _register_questions(app: AsyncApp, bot: BotContext) -> None:
    """Listen to the answers of which entry is meant, and why it is changed."""

    async def pick(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        pending_id, reference = pressed.parts(action, 2)
        act = await bot.practice.write(amending.picked, member, pending_id, pressed.entry_id(reference))
        await respond(**(await _carry_out(bot, member, act)).as_replacement())

    async def ask_why(action: dict[str, Any], body: dict[str, Any]) -> None:
        origin = {"pending": pressed.text(action), "response_url": body.get("response_url", "")}
        await open_view(bot, body["trigger_id"], reason_form(json.dumps(origin)))

    async def give_reason(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any], member: Member) -> None:
        origin = origin_of(view)
        pending_id, url = (origin.of_kind(str, name) for name in ("pending", "response_url"))
        reason = typed(view)[BlockId.REASON]
        made = await bot.practice.write(amending.for_reason, member, pending_id, reason)
        await ack()
        if url:
            bot.background.keep(replace_message(bot, body["user"]["id"], url, screen.corrected(made)))
        else:
            bot.background.keep(tell(bot, body["user"]["id"], screen.corrected(made)))

    app.action(re.compile(f"^{ActionId.PICK_ENTRY}_\\d+$"))(ack=acknowledge, lazy=[pick])
    app.action(wherever(ActionId.GIVE_REASON))(ack=acknowledge, lazy=[ask_why])
    app.view(CallbackId.REASON_FORM)(give_reason)
