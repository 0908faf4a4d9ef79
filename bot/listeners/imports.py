"""Listeners for files that somebody sent to be imported: look, answer, import as shown, and take back."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncRespond

from billing.people import Member
from bot import kit, pressed
from bot.context import BotContext
from bot.file_previews import look_again
from bot.ids import ActionId, wherever
from bot.middleware import acknowledge
from bot.screens import sent_files as screen
from bot.sent_files import bytes_of
from services.errors import Refusal
from services.imports import sent
from services.imports.load import KINDS
from services.imports.obstacles import CannotUndoImport
from services.imports.outcome import ImportOutcome
from services.imports.request import DateOrder, TimeUnit
from services.imports.running import run_import
from services.imports.sent import AsShown, SentFile

#: An import that takes longer says that it is under way.
_PATIENCE_SECONDS = 1.5
#: What is said about a whole file.
_SAYINGS = frozenset({"dates", "unit"})
Change = Callable[[SentFile, dict[str, Any], dict[str, Any]], SentFile]


def register(app: AsyncApp, bot: BotContext) -> None:
    """Listen to the buttons below a file's preview, and below an import."""
    _register_answers(app, bot)
    _register_decisions(app, bot)

    async def undo(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        number = pressed.number(action)
        try:
            taken = await bot.practice.write(sent.undo, member, number)
        except CannotUndoImport as refusal:
            await respond(**screen.cannot_undo(refusal.sentence, number).as_replacement())
            return
        await respond(**screen.taken_back(taken).as_replacement())

    app.action(wherever(ActionId.UNDO_IMPORT))(ack=acknowledge, lazy=[undo])


def _register_answers(app: AsyncApp, bot: BotContext) -> None:
    """What is said about a file: it is looked at again with that."""
    for action_id, change in _CHANGES.items():
        app.action(wherever(action_id))(ack=acknowledge, lazy=[_looks_again(bot, change)])
    # Picked answers wait in the message until all of them are used.
    app.action(wherever(ActionId.PICK_FILE_ANSWER))(acknowledge)

    async def other_kinds(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        about = await bot.practice.write(sent.take, member, pressed.text(action))
        kept_as = await bot.practice.write(sent.keep, member, about)
        await respond(**screen.other_kinds(kept_as).as_replacement())

    app.action(ActionId.OTHER_KIND)(ack=acknowledge, lazy=[other_kinds])


def _register_decisions(app: AsyncApp, bot: BotContext) -> None:
    async def import_it(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        about = await bot.practice.write(sent.take, member, pressed.text(action))
        task = asyncio.ensure_future(_import(bot, member, about))
        done, _ = await asyncio.wait({task}, timeout=_PATIENCE_SECONDS)
        if not done:
            await respond(**screen.said(screen.IMPORTING).as_replacement())
        try:
            outcome = await task
        except Refusal as refusal:
            kept_as = await bot.practice.write(sent.keep, member, about)
            reply = screen.not_imported(kit.escape(refusal.sentence), kept_as)
        else:
            reply = screen.imported(outcome, about.kind)
        await respond(**reply.as_replacement())

    async def cancel(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        await bot.practice.write(sent.take, member, pressed.text(action))
        await respond(**screen.said(screen.CANCELED).as_replacement())

    app.action(ActionId.IMPORT_FILE)(ack=acknowledge, lazy=[import_it])
    app.action(ActionId.CANCEL_FILE)(ack=acknowledge, lazy=[cancel])


async def _import(bot: BotContext, member: Member, about: SentFile) -> ImportOutcome:
    data = await bytes_of(bot, about.url)
    outcome = await asyncio.to_thread(
        run_import, bot.practice, AsShown(actor=member, sent=about), about.request(data, member), _unseen
    )
    if outcome.stored:
        bot.home.after_anything()
        await asyncio.to_thread(bot.practice.database.survey)
    return outcome


def _unseen(_done: int, _of: int) -> None:
    """Slack has no bar to draw."""


def _looks_again(bot: BotContext, change: Change) -> Callable[..., Awaitable[None]]:
    async def look(
        action: dict[str, Any], body: dict[str, Any], member: Member, respond: AsyncRespond
    ) -> None:
        kept_as = pressed.parts(action, 2, least=1)[0]
        before: list[SentFile] = []

        def decided(about: SentFile) -> SentFile:
            before[:] = [about]
            return change(about, action, body)

        made = await bot.practice.write(sent.take, member, kept_as, decided)
        reply = await look_again(bot, member, before[0], made)
        await respond(**reply.as_replacement())

    return look


def _picked(about: SentFile, _: dict[str, Any], body: dict[str, Any]) -> SentFile:
    """The answers that were picked in the message; what was not is asked again."""
    values = body.get("state", {}).get("values", {})
    picked = (state.get("selected_option") for states in values.values() for state in states.values())
    for option in filter(None, picked):
        question, choice = map(pressed.number, pressed.parts(option["value"], 2))
        about = about.answered(question, choice)
    return about


def _all_new(about: SentFile, _: dict[str, Any], _body: dict[str, Any]) -> SentFile:
    return replace(about, all_new=True)


def _of_kind(about: SentFile, action: dict[str, Any], _: dict[str, Any]) -> SentFile:
    _id, kind, mapping = pressed.parts(action, 3, least=2)
    # What was answered was about another kind of file.
    return SentFile(url=about.url, sha256=about.sha256, kind=pressed.name(KINDS, kind), mapping=mapping)


def _as_it_is(about: SentFile, _: dict[str, Any], _body: dict[str, Any]) -> SentFile:
    return about


def _with_saying(about: SentFile, action: dict[str, Any], _: dict[str, Any]) -> SentFile:
    _id, name, value = pressed.parts(action, 3)
    if pressed.name(_SAYINGS, name) == "dates":
        return replace(about, dates=pressed.choice(DateOrder, value))
    return replace(about, unit=pressed.choice(TimeUnit, value))


_CHANGES: dict[ActionId, Change] = {
    ActionId.ANSWER_FILE: _picked,
    ActionId.ALL_NEW_PATIENTS: _all_new,
    ActionId.SAY_OF_FILE: _with_saying,
    ActionId.KIND_OF_FILE: _of_kind,
    ActionId.LOOK_AT_FILE: _as_it_is,
}
