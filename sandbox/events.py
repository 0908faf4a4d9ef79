"""The Events API: sends events to the app, again until it acknowledges."""

import asyncio
from collections.abc import Callable

from sandbox.model import JSON, Change
from sandbox.outbound import Outbound
from sandbox.payloads import Payloads
from sandbox.world import World

_SUBSCRIPTIONS = {
    "public": "message.channels",
    "private": "message.groups",
    "im": "message.im",
    "mpim": "message.mpim",
}


class Events:
    """Delivers the events that the app has subscribed to, from conversations the bot is in."""

    def __init__(self, world: World, payloads: Payloads, outbound: Outbound) -> None:
        self._world = world
        self._payloads = payloads
        self._outbound = outbound
        self._under_way: set[asyncio.Task[None]] = set()
        world.listen(self._heard)

    def send(self, event: JSON) -> None:
        """Deliver one event if the app has subscribed to its type. Needs a running event loop."""
        self._dispatch(str(event["type"]), lambda: event)

    async def close(self) -> None:
        """Give up what is still to be retried."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    def _heard(self, change: Change) -> None:
        message = change.message
        if message is None or message.ephemeral_to is not None:
            return
        channel = self._world.channels[message.channel]
        if self._world.app.bot_user_id not in channel.members:
            return
        subscription = _SUBSCRIPTIONS[channel.kind]
        if change.type != "message":
            previous = change.previous or {}
            self._dispatch(subscription, lambda: self._payloads.change_event(change.type, message, previous))
            return
        self._dispatch(subscription, lambda: self._payloads.message_event(message))
        if (
            channel.kind != "im"
            and message.bot_id is None
            and f"<@{self._world.app.bot_user_id}>" in message.text
        ):
            self._dispatch("app_mention", lambda: self._payloads.mention_event(message))

    def _dispatch(self, subscription: str, event: Callable[[], JSON]) -> None:
        if subscription not in self._world.app.events:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return  # a world driven without an event loop has no app to tell
        task = loop.create_task(self._deliver(self._payloads.event(event())))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _deliver(self, payload: JSON) -> None:
        reason = ""
        for attempt, wait in enumerate((None, *self._world.config.event_retries)):
            if wait is not None:
                await self._world.clock.sleep(wait)
            said = await self._outbound.deliver("events_api", payload, attempt=attempt, reason=reason)
            if not said.failure or said.no_retry:
                return
            reason = said.failure
