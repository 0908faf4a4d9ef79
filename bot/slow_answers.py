"""Sends an answer that takes longer than Slack waits as a direct message."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from bot import kit
from bot.context import BotContext, Request
from bot.direct import tell
from bot.errors import reply_to
from bot.replies import Reply

#: Slack waits three seconds for an acknowledgment.
PATIENCE_SECONDS = 2.0
_ON_ITS_WAY = "On its way: this takes a moment. The answer will come as a direct message from me."


async def soon(bot: BotContext, request: Request, work: Coroutine[Any, Any, Reply]) -> Reply:
    """The answer when it is ready in time, else word that it follows.

    Raises:
        Refusal: as the work does, when it does so in time.
    """
    task = asyncio.ensure_future(work)
    done, _ = await asyncio.wait({task}, timeout=PATIENCE_SECONDS)
    if done:
        return task.result()
    bot.background.keep(_send(bot, request, task))
    return Reply(text=_ON_ITS_WAY, blocks=(kit.section(_ON_ITS_WAY),))


async def _send(bot: BotContext, request: Request, task: asyncio.Future[Reply]) -> None:
    try:
        reply = await task
    except Exception as error:  # noqa: BLE001 - handled like all errors; nobody else waits for it
        reply = reply_to(error)
    assert request.member.slack_user_id is not None, "who speaks in Slack has an id there"
    await tell(bot, request.member.slack_user_id, reply)
