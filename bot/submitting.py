"""Answers a submitted form: in the form where something is to be put right, else where it was opened from."""

import asyncio
import hashlib
import json
import secrets
from collections.abc import Awaitable, Coroutine, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal

from slack_bolt.async_app import AsyncAck
from slack_sdk.errors import SlackApiError

from billing.people import Member
from bot import kit
from bot.context import BotContext
from bot.direct import tell
from bot.errors import reply_to
from bot.ids import BlockId
from bot.old_forms import FromForm, OldForm
from bot.replies import Reply
from bot.screens import form_states
from bot.screens.forms import STILL_SAVING, not_saved
from bot.slow_answers import ends_in_time
from bot.why_again import WhyPlace, show_again
from services.entries import kept_forms

#: Of this run of the program: after the next start a question is asked once more.
_KEY = secrets.token_bytes(16)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a form was opened from, and so where its answer goes. It names no patient: Slack keeps it in the view."""

    #: Slack takes five messages there, for half an hour; empty where there is only the direct message.
    url: str = ""
    #: `replace` puts the answer in the place of the message, `beside` leaves that as it is.
    how: Literal["replace", "beside"] = "beside"
    #: The explanation of a month that is shown again, what is settled with it: see `WhyPlace`.
    why: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """It was stored, or nothing is to be: this is to be said."""

    reply: Reply


@dataclass(frozen=True, slots=True)
class AtFields:
    """Something is wrong with some fields: a sentence for each, by block."""

    errors: dict[str, str]


@dataclass(frozen=True, slots=True)
class Said:
    """Something is wrong with the whole."""

    #: As mrkdwn.
    sentence: str


@dataclass(frozen=True, slots=True)
class Shown:
    """The form goes on as another: with a question above its fields, or as a correction."""

    view: dict[str, Any]
    #: What is said of it where the form was closed meanwhile.
    sentence: str = field(default="It needs an answer first.")


Outcome = Done | AtFields | Said | Shown


def metadata(place: Place, **more: Any) -> str:
    """What a form's `private_metadata` holds."""
    return json.dumps({"place": asdict(place), **more})


def origin_of(view: dict[str, Any]) -> FromForm[Any]:
    """Everything that a form's `private_metadata` holds.

    Raises:
        OldForm: when it is of another form.
    """
    try:
        found = json.loads(view.get("private_metadata") or "{}")
    except ValueError:
        raise OldForm from None
    if not isinstance(found, dict):
        raise OldForm
    return FromForm(found)


def mark_of(fields: Mapping[str, str]) -> str:
    """Tells whether fields are as they were when a question was asked about them; nothing can be read from it."""
    plain = json.dumps({name: value for name, value in sorted(fields.items()) if name != BlockId.ANSWER})
    return hashlib.blake2b(plain.encode(), key=_KEY, digest_size=16).hexdigest()


def place_in(view: dict[str, Any]) -> Place:
    """Where a form was opened from.

    Raises:
        OldForm: when its metadata is of another form.
    """
    origin = origin_of(view)
    if "place" not in origin:
        return Place()
    place = FromForm(origin.of_kind(dict, "place"))
    how, why = place.get("how"), place.get("why")
    if how not in {"replace", "beside"} or not (why is None or _is_why(why)):
        raise OldForm
    return Place(url=place.of_kind(str, "url"), how=how, why=why)


def _is_why(why: Any) -> bool:
    """Whether it says where an explanation stands."""
    names = {one.name for one in fields(WhyPlace)}
    return isinstance(why, dict) and why.keys() == names and all(isinstance(one, str) for one in why.values())


async def answer(
    bot: BotContext,
    ack: AsyncAck,
    body: dict[str, Any],
    member: Member,
    work: Coroutine[Any, Any, Outcome],
) -> None:
    """Do what a form asks for, and answer in time: what is not done yet goes on behind the form, which stays open.

    Raises:
        OldForm: when it does not say where its answer goes; nothing is begun then.
    """
    try:
        place_in(body["view"])
    except OldForm:
        work.close()
        raise
    view, user_id = body["view"], body["user"]["id"]
    task = asyncio.ensure_future(_outcome(work))
    if not await ends_in_time(task):
        saving = form_states.said(STILL_SAVING, form_states.Level.INFO)
        await ack(response_action="update", view=form_states.refilled(view, saving))
        bot.background.keep(finish(bot, view, user_id, member, task))
        return
    outcome = task.result()
    if isinstance(outcome, Done):
        await ack()
        bot.background.keep(_say(bot, view, user_id, member, outcome.reply))
    elif isinstance(outcome, AtFields):
        await ack(response_action="errors", errors=outcome.errors)
    else:
        await ack(response_action="update", view=_shown(view, outcome))


async def _say(
    bot: BotContext, view: dict[str, Any], user_id: str, member: Member | None, reply: Reply
) -> None:
    """Say what was done where the form was opened from, and show the line that it settled as settled."""
    place = place_in(view)
    await deliver(bot, user_id, place, reply)
    if place.why is not None and member is not None:
        await show_again(bot, member, WhyPlace(**place.why))


async def deliver(bot: BotContext, user_id: str, place: Place, reply: Reply) -> None:
    """Say something where a form was opened from; as a direct message where that is not possible any more."""
    if place.url:
        message = reply.as_replacement() if place.how == "replace" else reply.as_follow_up()
        if await bot.answer_urls.post(place.url, message):
            return
    await tell(bot, user_id, reply)


async def _outcome(work: Awaitable[Outcome]) -> Outcome:
    try:
        return await work
    except Exception as error:  # noqa: BLE001 - handled like all errors, and said where the person looks
        return Said(reply_to(error).blocks[0]["text"]["text"])


async def finish(
    bot: BotContext, view: dict[str, Any], user_id: str, member: Member | None, task: asyncio.Future[Outcome]
) -> None:
    """Say in the form what became of it; whoever has closed it is told in a direct message, and has it back."""
    outcome = await task
    if isinstance(outcome, Done):
        await _put(bot, view, form_states.done_view(view))
        await _say(bot, view, user_id, member, outcome.reply)
        return
    shown = _shown(view, outcome)
    if await _put(bot, view, shown):
        return
    try:
        kept_as = await bot.practice.write(kept_forms.keep, member, shown) if member is not None else None
    except Exception as error:  # noqa: BLE001 - handled like all errors; what is said goes out without the button
        reply_to(error)
        kept_as = None
    await tell(bot, user_id, not_saved(_sentence(outcome), kept_as))


async def _put(bot: BotContext, view: dict[str, Any], shown: dict[str, Any]) -> bool:
    """Put another view in the place of an open one; False where it is open no more."""
    try:
        await bot.client.views_update(view_id=view["id"], view=shown)
    except SlackApiError:
        return False
    return True


def _shown(view: dict[str, Any], outcome: AtFields | Said | Shown) -> dict[str, Any]:
    if isinstance(outcome, Shown):
        return outcome.view
    return form_states.refilled(view, form_states.said(_sentence(outcome)))


def _sentence(outcome: AtFields | Said | Shown) -> str:
    if isinstance(outcome, AtFields):
        return kit.escape(" ".join(outcome.errors.values()))
    return outcome.sentence
