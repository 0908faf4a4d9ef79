"""Listens to the buttons that settle a line of a patient's month where it stands."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncRespond

from billing.clinical import AttestationKind, StatementKind
from billing.people import Member
from bot import pressed
from bot.context import BotContext
from bot.ids import ActionId, wherever
from bot.middleware import acknowledge
from bot.replies import Reply
from bot.screens.entries import changed
from bot.screens.fixes import ShownWhy
from bot.why_again import WhyPlace, why_now
from services.acts import undo
from services.care import carry_out, review_answers
from services.care.requests import Attest, MakeStatement
from services.entries import held, trimming
from services.entries.amending import WhyAsked
from services.entries.changes import HeldAnswer
from services.entries.trimming import Edge, Trim
from services.people.patient_ref import PatientRef

#: What a button says behind the patient, and of which month its message is.
_Asked = tuple[str, ShownWhy, PatientRef]
_Fix = Callable[[BotContext, Member, _Asked], Awaitable[Reply | None]]


async def _confirm(bot: BotContext, member: Member, asked: _Asked) -> Reply | None:
    rest, *_ = asked
    reference, answer = pressed.parts(rest, 2)
    entry_id, answered = pressed.entry_id(reference), pressed.choice(HeldAnswer, answer)
    made = await bot.practice.write(held.settle, member, entry_id, answered)
    # Somebody else's entry needs a reason, which is asked for beside the message.
    return changed(made) if isinstance(made, WhyAsked) else None


async def _trim(bot: BotContext, member: Member, asked: _Asked) -> None:
    rest, *_ = asked
    reference, edge, at = pressed.parts(rest, 3)
    wanted = Trim(edge=pressed.choice(Edge, edge), at=pressed.instant(at))
    await bot.practice.write(trimming.trim, member, pressed.entry_id(reference), wanted)


async def _attest(bot: BotContext, member: Member, asked: _Asked) -> None:
    rest, shown, patient = asked
    request = Attest(patient=patient, month=shown.month, kind=pressed.choice(AttestationKind, rest))
    await bot.practice.write(carry_out.carry_out, member, request)


async def _state(bot: BotContext, member: Member, asked: _Asked) -> None:
    rest, _, patient = asked
    today = bot.practice.clock.now().astimezone(bot.zone_of(member)).date()
    request = MakeStatement(patient=patient, kind=pressed.choice(StatementKind, rest), on=today)
    await bot.practice.write(carry_out.carry_out, member, request)


async def _same_review(bot: BotContext, member: Member, asked: _Asked) -> None:
    rest, *_ = asked
    reference, is_one = pressed.parts(rest, 2)
    entry_id, one_review = pressed.entry_id(reference), pressed.name({"0", "1"}, is_one) == "1"
    await bot.practice.write(review_answers.answer, member, entry_id, is_one=one_review)


async def _undo(bot: BotContext, member: Member, asked: _Asked) -> None:
    rest, *_ = asked
    await bot.practice.write(undo.undo_act, member, pressed.number(rest))


async def _put_back(bot: BotContext, member: Member, asked: _Asked) -> None:
    rest, *_ = asked
    await bot.practice.write(undo.put_back, member, pressed.number(rest))


_FIXES: Mapping[str, _Fix] = {
    "confirm": _confirm,
    "trim": _trim,
    "attest": _attest,
    "state": _state,
    "same": _same_review,
    "undo": _undo,
    "back": _put_back,
}


def register(app: AsyncApp, bot: BotContext) -> None:
    """Listen to what settles a line, and to its way back: the message is shown again with what is left."""

    async def settle(
        action: dict[str, Any], body: dict[str, Any], member: Member, respond: AsyncRespond
    ) -> None:
        handle, what, rest = pressed.parts(action, 3)
        place, shown = WhyPlace.of_click(body), ShownWhy.read(action.get("block_id") or "")
        if place is None or shown is None or what not in _FIXES:
            raise pressed.OldButton
        patient = PatientRef(text=handle, handle=handle)
        beside = await _FIXES[what](bot, member, (rest, shown, patient))
        if beside is not None:
            await respond(**beside.as_follow_up())
            return
        await respond(**(await why_now(bot, member, place)).as_replacement())

    app.action(wherever(ActionId.FIX_HERE))(ack=acknowledge, lazy=[settle])
