"""Runs work that goes on after a click was acknowledged; shutdown waits for it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from slack_bolt.kwargs_injection.async_utils import build_async_required_kwargs
from slack_bolt.lazy_listener.async_runner import AsyncLazyListenerRunner
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.util.utils import get_arg_names_of_callable

from bot.errors import reply_to
from services.once import run as once
from services.waiting import unhurried

#: In the context of a click whose answer goes into the direct message, since there is no message to answer at.
ANSWERS_IN_MESSAGES = "answers_in_messages"


class DrainedLazyRunner(AsyncLazyListenerRunner):
    """Runs lazy listeners as tasks that are kept, so that none is lost and each failure is told.

    Bolt's own runner forgets its tasks at shutdown and prints an error's text, which may hold what a
    person typed.
    """

    def __init__(self) -> None:
        self.logger = logging.getLogger(__name__)
        self._tasks: set[asyncio.Task[None]] = set()
        self._timers: set[asyncio.TimerHandle] = set()
        self._is_closed = False
        #: Tells whoever asked for work behind an acknowledgment that it failed.
        self.when_failed: Callable[[AsyncBoltRequest, Exception], Awaitable[None]] = _only_logged

    @property
    def count(self) -> int:
        """How much is going on."""
        return len(self._tasks)

    def start(self, function: Callable[..., Awaitable[None]], request: AsyncBoltRequest) -> None:
        """Start a lazy listener in the background."""
        self.keep(self._through_the_door(function, request))

    def keep(self, work: Coroutine[Any, Any, None]) -> None:
        """Run any other coroutine in the background, under the same care."""
        # Nobody waits for it any more, so it may wait for its turn.
        with unhurried():
            task = asyncio.get_running_loop().create_task(_guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def later(self, seconds: float, make: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Start work in so many seconds, unless the program ends before: then it is never made."""
        if self._is_closed:
            return

        def start() -> None:
            self._timers.discard(timer)
            # It follows by itself from whatever was done, and is no part of that.
            with once.apart():
                self.keep(make())

        timer = asyncio.get_running_loop().call_later(seconds, start)
        self._timers.add(timer)

    async def close(self) -> None:
        """Give up what was to start later, and wait until all that was started has ended."""
        self._is_closed = True
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
        await self.drain()

    async def drain(self) -> None:
        """Wait until all that was started has ended."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def _through_the_door(
        self, function: Callable[..., Awaitable[None]], request: AsyncBoltRequest
    ) -> None:
        try:
            await function(
                **build_async_required_kwargs(
                    logger=self.logger,
                    required_arg_names=get_arg_names_of_callable(function),
                    request=request,
                    response=None,
                    this_func=function,
                )
            )
        except Exception as error:  # noqa: BLE001 - errors of work done after a click are handled like all others
            await self.when_failed(request, error)


async def _only_logged(_request: AsyncBoltRequest, error: Exception) -> None:
    reply_to(error)


async def _guarded(work: Coroutine[Any, Any, None]) -> None:
    """Work whose failure is logged as all are, and never as asyncio would: with the error's own text."""
    try:
        await work
    except Exception as error:  # noqa: BLE001 - nobody waits for it any more
        reply_to(error)
