"""Listens to the buttons that settle a line of a patient's month where it stands."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncRespond

from billing.clinical import AttestationKind, StatementKind
from billing.people import Member
from billing.references import entry_id_of
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
_Asked = tuple[list[str], ShownWhy, PatientRef]
_Fix = Callable[[BotContext, Member, _Asked], Awaitable[Reply | None]]


async def _confirm(bot: BotContext, member: Member, asked: _Asked) -> Reply | None:
    (reference, answer), *_ = asked
    made = await bot.practice.write(held.settle, member, entry_id_of(reference) or 0, HeldAnswer(answer))
    # Somebody else's entry needs a reason, which is asked for beside the message.
    return changed(made) if isinstance(made, WhyAsked) else None


async def _trim(bot: BotContext, member: Member, asked: _Asked) -> None:
    (reference, edge, at), *_ = asked
    wanted = Trim(edge=Edge(edge), at=datetime.fromtimestamp(int(at), UTC))
    await bot.practice.write(trimming.trim, member, entry_id_of(reference) or 0, wanted)


async def _attest(bot: BotContext, member: Member, asked: _Asked) -> None:
    (kind,), shown, patient = asked
    request = Attest(patient=patient, month=shown.month, kind=AttestationKind(kind))
    await bot.practice.write(carry_out.carry_out, member, request)


async def _state(bot: BotContext, member: Member, asked: _Asked) -> None:
    (kind,), _, patient = asked
    today = bot.practice.clock.now().astimezone(bot.zone_of(member)).date()
    request = MakeStatement(patient=patient, kind=StatementKind(kind), on=today)
    await bot.practice.write(carry_out.carry_out, member, request)


async def _same_review(bot: BotContext, member: Member, asked: _Asked) -> None:
    (reference, is_one), *_ = asked
    entry_id = entry_id_of(reference) or 0
    await bot.practice.write(review_answers.answer, member, entry_id, is_one=is_one == "1")


async def _undo(bot: BotContext, member: Member, asked: _Asked) -> None:
    (act_id,), *_ = asked
    await bot.practice.write(undo.undo_act, member, int(act_id))


async def _put_back(bot: BotContext, member: Member, asked: _Asked) -> None:
    (act_id,), *_ = asked
    await bot.practice.write(undo.put_back, member, int(act_id))


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
        handle, what, *rest = action["value"].split(":")
        place, shown = WhyPlace.of_click(body), ShownWhy.read(action["block_id"])
        assert place is not None, "such buttons stand in explanations alone"
        assert shown is not None, "such buttons stand in explanations alone"
        patient = PatientRef(text=handle, handle=handle)
        beside = await _FIXES[what](bot, member, (rest, shown, patient))
        if beside is not None:
            await respond(**beside.as_follow_up())
            return
        await respond(**(await why_now(bot, member, place)).as_replacement())

    app.action(wherever(ActionId.FIX_HERE))(ack=acknowledge, lazy=[settle])
