"""Sends an answer that takes longer than Slack waits as a direct message."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from bot import kit
from bot.context import BotContext, Request
from bot.direct import tell
from bot.errors import reply_to
from bot.replies import Reply
from services.waiting import unhurried

#: Slack waits three seconds for an acknowledgment.
PATIENCE_SECONDS = 2.0
#: What has not begun to be stored by then is not stored: there must be time left to say so, or to end it.
BEGIN_SECONDS = 1.8
#: What has begun by then and not ended is answered later.
ANSWER_SECONDS = 2.4
_ON_ITS_WAY = "On its way: this takes a moment. The answer will come as a direct message from me."
_STILL_SAVING = (
    "This takes longer than usual. Do not send it again: the answer will come as a direct message from me, and says "
    "whether it was saved."
)


async def soon(bot: BotContext, request: Request, work: Coroutine[Any, Any, Reply]) -> Reply:
    """The answer when it is ready in time, else word that it follows.

    Raises:
        Refusal: as the work does, when it does so in time.
    """
    assert request.member.slack_user_id is not None, "who speaks in Slack has an id there"
    with unhurried():
        task = asyncio.ensure_future(work)
    if await _ends_within(PATIENCE_SECONDS, task):
        return task.result()
    follow(bot, request.member.slack_user_id, task)
    return Reply(text=_ON_ITS_WAY, blocks=(kit.section(_ON_ITS_WAY),))


async def in_time(bot: BotContext, user_id: str, work: Coroutine[Any, Any, Reply]) -> Reply:
    """The answer to words for which a person waits; word that it follows, should what they stored be saved late.

    Raises:
        Refusal: as the work does, when it does so in time.
    """
    task = asyncio.ensure_future(work)
    if await ends_in_time(task):
        return task.result()
    follow(bot, user_id, task)
    return Reply(text=_STILL_SAVING, blocks=(kit.section(_STILL_SAVING),))


async def ends_in_time(task: asyncio.Future[Any]) -> bool:
    """Whether work for which a person waits ends in time, well or badly; else it goes on."""
    return await _ends_within(ANSWER_SECONDS, task)


def follow(bot: BotContext, user_id: str, task: asyncio.Future[Reply]) -> None:
    """Send what comes of work as a direct message, once it has ended."""
    bot.background.keep(_send(bot, user_id, task))


async def _send(bot: BotContext, user_id: str, task: asyncio.Future[Reply]) -> None:
    try:
        reply = await task
    except Exception as error:  # noqa: BLE001 - handled like all errors; nobody else waits for it
        reply = reply_to(error)
    await tell(bot, user_id, reply)


async def _ends_within(seconds: float, task: asyncio.Future[Any]) -> bool:
    done, _ = await asyncio.wait({task}, timeout=seconds)
    return bool(done)
