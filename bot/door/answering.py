"""Answers every request of Slack's in time, whichever way it came: with what was done, a promise of it, or "Busy"."""

import asyncio
from collections.abc import Callable
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot import measures, slow_answers
from bot.context import BotContext
from bot.door import late
from bot.door.admission import Admission
from bot.door.replays import SeenSignatures, signature_of
from bot.door.telling import acknowledging, told
from bot.errors import reply_to
from bot.once import key_of
from bot.screens.problems import busy, with_words_back
from services.once import run as once
from services.waiting import within

#: More work than this behind answers, and nothing more is begun: what hangs must not gather without end.
MOST_BEHIND = 256
#: Forms promise for themselves, and a menu has nothing to promise with.
_OF_FORMS = frozenset({"view_submission", "block_suggestion"})
#: Handshakes, which cost nothing and answer to nobody.
_FREE = frozenset({"url_verification", "app_rate_limited"})

Body = dict[str, Any]
Made = Callable[[], AsyncBoltRequest]


class AnsweringApp(AsyncApp):
    """Begins nothing for which a person waits so late that Slack would tell them it did not work; nothing twice."""

    #: Of requests over HTTP.
    seen: SeenSignatures

    def __init__(self, bot: BotContext, **options: Any) -> None:
        super().__init__(**options)
        self._bot = bot
        self._admission = Admission(lambda: bot.background.count > MOST_BEHIND)

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        """Answer one request of Slack's that Bolt has read already, and measure it."""
        return await self.answer(req.body, lambda: req, signature_of(req))

    async def answer(self, body: Body, request: Made, signature: str) -> BoltResponse:
        """Answer one request of Slack's, and measure it.

        Args:
            body: what it says.
            request: makes it what Bolt takes. That is left until it has its turn: past capacity most never do.
            signature: Slack's, over HTTP; empty over a socket.
        """
        with measures.measured(body) as statuses:
            try:
                response = await self._in_time(body, request)
            finally:
                self.seen.answered(signature)
            statuses.append(response.status)
            return response

    async def _in_time(self, body: Body, request: Made) -> BoltResponse:
        """Answer it in time, counted from now."""
        if body.get("type") in _FREE:
            return await super().async_dispatch(request())
        came_at = asyncio.get_running_loop().time()
        with slow_answers.counted_from(came_at, is_command="command" in body) as pace:
            async with self._admission.turn(slow_answers.TURN_SECONDS) as may_begin:
                if not may_begin:
                    return self._turned_away(body, request)
                req = request()
                self._bot.answer_urls.keep_slacks(req)
                begins = within(slow_answers.BEGIN_SECONDS - _since(came_at))
                with begins, once.carrying_out(key_of(req.body)):
                    task = asyncio.ensure_future(super().async_dispatch(req))
                is_of_form = req.body.get("type") in _OF_FORMS
                patience = slow_answers.FORM_SECONDS if is_of_form else slow_answers.ANSWER_SECONDS
                if await slow_answers.ends_within(max(0.0, patience - _since(came_at)), task):
                    return self._ended(req, task)
            return await late.answer(self._bot, req, pace, task)

    def _turned_away(self, body: Body, request: Made) -> BoltResponse:
        """Past capacity: whoever asked is told, and what Slack sends again by itself is left to that.

        That costs as little as it can, since there is more of it the less can be done.
        """
        if "command" in body:
            words = body.get("text") or ""
            return acknowledging(with_words_back(busy(words), words))
        event = body.get("event")
        if event is not None and not (event["type"] == "message" and event.get("channel_type") == "im"):
            return BoltResponse(status=503, body="")
        req = request()
        self._bot.answer_urls.keep_slacks(req)
        return told(self._bot, req.body, req.context, busy())

    def _ended(self, req: AsyncBoltRequest, task: asyncio.Future[BoltResponse]) -> BoltResponse:
        try:
            return task.result()
        except Exception as error:  # noqa: BLE001 - a fault of ours, answered like all others
            return told(self._bot, req.body, req.context, reply_to(error))


def _since(came_at: float) -> float:
    return asyncio.get_running_loop().time() - came_at
