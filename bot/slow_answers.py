"""How long a person waits, and what becomes of an answer that takes longer.

Slack waits three seconds for an acknowledgment, then says that it did not work. So everything is counted from when a
request came: it waits for its turn, is begun or not, and is answered or promised, all within these three seconds.
"""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from bot import kit
from bot.context import BotContext, Request
from bot.direct import tell
from bot.errors import reply_to
from bot.replies import Reply
from services.waiting import unhurried

#: Whoever has had no turn by then is told that the bot is busy, and nothing of theirs is begun.
TURN_SECONDS = 0.8
#: What has not begun to be stored by then is not stored: there must be time left to say so, or to end it.
BEGIN_SECONDS = 1.8
#: What has begun by then and not ended is answered later.
ANSWER_SECONDS = 2.0
#: Forms say that in themselves; this is for one that has not come so far.
FORM_SECONDS = 2.4
ON_ITS_WAY = "On its way: this takes a moment. The answer will come as a direct message from me."
_READING = "On its way: this takes a moment. The answer comes here."
_SAVING = (
    "Saving ... This takes longer than usual. Do not send it again: what became of it comes here, and says whether it "
    "was saved."
)


@dataclass(slots=True)
class Pace:
    """How far one request of Slack's has come."""

    #: By the event loop's clock.
    came_at: float
    #: Whether its answer is promised as one piece of work, so that nobody below has to promise it.
    is_command: bool = False
    #: Whether it only reads.
    reads: bool = False


_PACE: ContextVar[Pace | None] = ContextVar("pace", default=None)


@contextmanager
def counted_from(came_at: float, *, is_command: bool) -> Iterator[Pace]:
    """Count what is asked for inside from when its request came."""
    pace = Pace(came_at, is_command)
    mark = _PACE.set(pace)
    try:
        yield pace
    finally:
        _PACE.reset(mark)


def promise(pace: Pace) -> Reply:
    """What a command is answered with whose answer comes later."""
    words = _READING if pace.reads else _SAVING
    return Reply(text=words, blocks=(kit.section(words),))


async def soon(bot: BotContext, request: Request, work: Coroutine[Any, Any, Reply]) -> Reply:
    """The answer of what only reads when it is ready in time, else word that it follows.

    Raises:
        Refusal: as the work does, when it does so in time.
    """
    assert request.member.slack_user_id is not None, "who speaks in Slack has an id there"
    pace = _PACE.get()
    with unhurried():
        if pace is not None and pace.is_command:
            # Whoever answers the command promises it, and posts it where the command was typed.
            pace.reads = True
            return await work
        task = asyncio.ensure_future(work)
    if await ends_within(ANSWER_SECONDS, task):
        return task.result()
    follow(bot, request.member.slack_user_id, task)
    return Reply(text=ON_ITS_WAY, blocks=(kit.section(ON_ITS_WAY),))


async def ends_in_time(task: asyncio.Future[Any]) -> bool:
    """Whether work for which a person waits ends in time, well or badly; else it goes on."""
    pace = _PACE.get()
    spent = 0.0 if pace is None else asyncio.get_running_loop().time() - pace.came_at
    return await ends_within(max(0.0, ANSWER_SECONDS - spent), task)


async def ends_within(seconds: float, task: asyncio.Future[Any]) -> bool:
    """Whether work ends within so many seconds, well or badly; else it goes on."""
    done, _ = await asyncio.wait({task}, timeout=seconds)
    return bool(done)


def follow(bot: BotContext, user_id: str, task: asyncio.Future[Reply]) -> None:
    """Send what comes of work as a direct message, once it has ended."""
    bot.background.keep(_send(bot, user_id, task))


async def _send(bot: BotContext, user_id: str, task: asyncio.Future[Reply]) -> None:
    try:
        reply = await task
    except Exception as error:  # noqa: BLE001 - handled like all errors; nobody else waits for it
        reply = reply_to(error)
    await tell(bot, user_id, reply)
