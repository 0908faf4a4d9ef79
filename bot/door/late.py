"""Answers a request whose work takes longer than Slack waits: a promise now, and what became of it then."""

import asyncio
import json
from typing import Any

from slack_bolt.async_app import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError

from bot import kit
from bot.context import BotContext
from bot.direct import tell
from bot.door.telling import acknowledging, tell_aside
from bot.errors import reply_to
from bot.replies import Reply
from bot.screens import form_states
from bot.screens.forms import STILL_SAVING
from bot.slow_answers import Pace, promise
from bot.submitting import AtFields, Done, Outcome, Said, Shown, finish

_TAKES_LONGER = (
    "This takes longer than usual, and I am still at it. What became of it comes as a message. "
    "There is no need to press it again."
)
_KEPT = "Saving ... This takes longer than usual. No need to send it again: the answer follows here."
_DONE = Reply(text="Done.", blocks=(kit.section("Done."),))

Work = asyncio.Future[BoltResponse]


async def answer(bot: BotContext, req: AsyncBoltRequest, pace: Pace, task: Work) -> BoltResponse:
    """Promise what is under way, in Slack's time, and see to it that it is told.

    A message of a person's own is the exception: Slack delivers it again until it hears that it was taken, so it
    hears that only when its words are stored, and a program that dies before loses none.
    """
    body = req.body
    if "command" in body:
        bot.background.keep(_outcome_of_command(bot, req, task))
        return acknowledging(promise(pace))
    kind = body.get("type")
    if kind == "view_submission":
        bot.background.keep(_outcome_of_form(bot, req, task))
        saving = form_states.said(STILL_SAVING, form_states.Level.INFO)
        view = form_states.refilled(body["view"], saving)
        return BoltResponse(status=200, body={"response_action": "update", "view": view})
    if kind == "event_callback":
        return await _outcome_of_event(bot, req, task)
    bot.background.keep(_outcome_of_click(bot, req, task))
    return BoltResponse(status=200, body={"options": []} if kind == "block_suggestion" else "")


async def _outcome_of_command(bot: BotContext, req: AsyncBoltRequest, task: Work) -> None:
    """Post a command's answer where it was typed, in the place of the promise; else as a direct message."""
    message = await _message(task)
    url, user_id = req.body.get("response_url") or "", req.body["user_id"]
    replacing = {**message, "response_type": "ephemeral", "replace_original": True, "delete_original": False}
    if not url or not await bot.answer_urls.post(url, replacing):
        await tell(bot, user_id, Reply(text=message["text"], blocks=tuple(message.get("blocks") or ())))


async def _message(task: Work) -> dict[str, Any]:
    try:
        body = (await task).body
    except Exception as error:  # noqa: BLE001 - a fault of ours, answered like all others
        return reply_to(error).as_acknowledgment()
    found = json.loads(body) if body else {}
    return found if found.get("text") else _DONE.as_acknowledgment()


async def _outcome_of_form(bot: BotContext, req: AsyncBoltRequest, task: Work) -> None:
    view, user_id = req.body["view"], req.body["user"]["id"]
    outcome = await _outcome(task)
    ended: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
    ended.set_result(outcome)
    if isinstance(outcome, Done):
        # The form's own listener has said elsewhere what was done.
        await show_done(bot, view)
    else:
        await finish(bot, view, user_id, req.context.get("member"), ended)


async def show_done(bot: BotContext, view: dict[str, Any]) -> None:
    """Say in a form that it is done, if it is still open."""
    try:
        await bot.client.views_update(view_id=view["id"], view=form_states.done_view(view))
    except SlackApiError:
        return


async def _outcome(task: Work) -> Outcome:
    try:
        body = (await task).body
    except Exception as error:  # noqa: BLE001 - a fault of ours, answered like all others
        return Said(reply_to(error).blocks[0]["text"]["text"])
    said = json.loads(body) if body else {}
    if said.get("response_action") == "errors":
        return AtFields(said["errors"])
    if said.get("response_action") in {"update", "push"}:
        return Shown(said["view"])
    return Done(_DONE)


async def _outcome_of_event(bot: BotContext, req: AsyncBoltRequest, task: Work) -> BoltResponse:
    event = req.body["event"]
    note = None
    if event["type"] == "message" and event.get("channel_type") == "im" and "bot_id" not in event:
        note = await _note(bot, event["channel"])
    elif event["type"] == "app_home_opened" and event.get("tab") == "home":
        bot.background.keep(bot.home.out_of_date(event["user"]))
    try:
        return await task
    except Exception as error:  # noqa: BLE001 - a fault of ours, answered like all others
        await tell_aside(bot, req.body, req.context, reply_to(error))
        return BoltResponse(status=200, body="")
    finally:
        if note is not None:
            bot.background.keep(_take_back(bot, event["channel"], note))


async def _note(bot: BotContext, channel: str) -> str | None:
    """Say in a conversation that its words are being saved; gives the message, to take it back."""
    try:
        posted = await bot.client.chat_postMessage(channel=channel, text=_KEPT, blocks=[kit.section(_KEPT)])
    except Exception as error:  # noqa: BLE001 - the words are being saved, whether that is said or not
        reply_to(error)
        return None
    return str(posted["ts"])


async def _take_back(bot: BotContext, channel: str, ts: str) -> None:
    await bot.client.chat_delete(channel=channel, ts=ts)


async def _outcome_of_click(bot: BotContext, req: AsyncBoltRequest, task: Work) -> None:
    """A click does its work behind the acknowledgment, and says there what became of it."""
    await tell_aside(
        bot, req.body, req.context, Reply(text=_TAKES_LONGER, blocks=(kit.section(_TAKES_LONGER),))
    )
    try:
        await task
    except Exception as error:  # noqa: BLE001 - a fault of ours, answered like all others
        await tell_aside(bot, req.body, req.context, reply_to(error))
