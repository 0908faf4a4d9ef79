"""Listeners for time entries: log, edit, void, split and history, typed or by a button."""

import re
from datetime import date
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncRespond

from billing.activities import Activity
from billing.people import Member
from billing.references import entry_id_of
from bot.context import BotContext, Handlers, Request
from bot.grammar.call.entry import EntryArguments
from bot.grammar.call.fact import FactArguments, PatientHistoryArguments
from bot.grammar.call.search import SearchArguments
from bot.grammar.commands.edit import EditArguments
from bot.grammar.commands.split import SplitArguments
from bot.ids import ActionId, wherever
from bot.middleware import acknowledge
from bot.replies import Reply
from bot.screens import entries as screen
from bot.screens.acts import taken_back
from bot.screens.facts import fact_versions
from bot.screens.found import found
from bot.screens.preview import offer
from bot.screens.receipt import log_answer, receipt
from services.acts import fact_history
from services.entries import amend, finding, history, log, other_patient, void
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
    return screen.changed(await bot.practice.write(other_patient.change, request.member, edit))


async def void_entry(bot: BotContext, request: Request) -> Reply:
    """`/cocm void e-36 logged for the wrong patient`; of a care fact, `void c-4b.3 wrong patient`."""
    if isinstance(request.parsed.arguments, FactArguments):
        fact = request.given(FactArguments)
        return taken_back(
            await bot.practice.write(fact_history.void_fact, request.member, fact.reference, fact.reason)
        )
    given = request.given(EntryArguments)
    return screen.voided(await bot.practice.write(void.void, request.member, given.entry_id, given.reason))


async def split_entry(bot: BotContext, request: Request) -> Reply:
    """`/cocm split e-36 10m MRN123 / 5m MRN124`."""
    split = request.given(SplitArguments).split
    return screen.changed(await bot.practice.write(other_patient.change, request.member, split))


async def show_history(bot: BotContext, request: Request) -> Reply:
    """`/cocm history e-36`, `history MRN123`, `history c-4b`."""
    zone, arguments = bot.zone_of(request.member), request.parsed.arguments
    if isinstance(arguments, PatientHistoryArguments):
        of_patient = await bot.practice.read(fact_history.of_patient, request.member, arguments.patient)
        return fact_versions(of_patient, zone)
    if isinstance(arguments, FactArguments):
        of_fact = await bot.practice.read(fact_history.of_fact, request.member, arguments.reference)
        return fact_versions(of_fact, zone)
    entry_id = request.given(EntryArguments).entry_id
    told = await bot.practice.read(history.history, request.member, entry_id)
    return screen.history(told, zone)


async def find_entry(bot: BotContext, request: Request) -> Reply:
    """`/cocm delete the 15m MRN123 phone`: the entries that fit, with their buttons."""
    return found(await bot.practice.read(finding.find, request.member, request.given(SearchArguments).search))


HANDLERS: Handlers = {
    "log": log_time,
    "edit": edit_entry,
    "void": void_entry,
    "split": split_entry,
    "history": show_history,
    "correct": find_entry,
    "confirm": find_entry,
}


def register(app: AsyncApp, bot: BotContext) -> None:
    """Listen to the answers of questions, and to a receipt's activity menu and dates."""

    async def answer(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        pending_id, _, choice = action["value"].rpartition(":")
        outcome = await bot.practice.write(log.answer, member, pending_id, int(choice))
        await respond(**log_answer(outcome).as_replacement())

    async def answer_change(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        pending_id, _, choice = action["value"].rpartition(":")
        outcome = await bot.practice.write(other_patient.answer, member, pending_id, int(choice))
        await respond(**screen.changed(outcome).as_replacement())

    async def void_found(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        made = await bot.practice.write(
            void.void, member, entry_id_of(action["value"]) or 0, "voided with the Void button"
        )
        await respond(**screen.voided(made).as_replacement())

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

    app.action(re.compile(f"^{ActionId.ANSWER}_\\d+$"))(ack=acknowledge, lazy=[answer])
    app.action(re.compile(f"^{ActionId.ANSWER_CHANGE}_\\d+$"))(ack=acknowledge, lazy=[answer_change])
    app.action(wherever(ActionId.VOID))(ack=acknowledge, lazy=[void_found])
    app.action(ActionId.SET_ACTIVITY)(ack=acknowledge, lazy=[set_activity])
    app.action(wherever(ActionId.CONFIRM_ACTIVITY))(ack=acknowledge, lazy=[set_activity])
    app.action(ActionId.SET_DATE)(ack=acknowledge, lazy=[set_date])


def _chosen(action: dict[str, Any]) -> str:
    """A menu's chosen value, or a button's."""
    option = action.get("selected_option")
    return str(option["value"] if option else action["value"])
