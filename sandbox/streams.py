"""Streams of changes, one for each chat page that is open."""

import asyncio
import json
from collections.abc import AsyncIterator

from sandbox.model import JSON, Change, Message
from sandbox.render import message_json, view_json
from sandbox.world import World

KEEP_ALIVE_SECONDS = 15.0


class Streams:
    """Fans changes out to open pages. Each has a queue of its own, so that none loses what another reads."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._queues: set[asyncio.Queue[str | None]] = set()

    async def read(self, user_id: str) -> AsyncIterator[str]:
        """Server-Sent Events for one person, until the sandbox ends. Comments keep the connection alive."""
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        stop = self._world.listen(lambda change: self._heard(queue, user_id, change))
        self._queues.add(queue)
        try:
            yield ": open\n\n"
            while True:
                try:
                    data = await asyncio.wait_for(queue.get(), KEEP_ALIVE_SECONDS)
                except TimeoutError:
                    yield ": alive\n\n"
                    continue
                if data is None:
                    return
                yield f"data: {data}\n\n"
        finally:
            stop()
            self._queues.discard(queue)

    def end(self) -> None:
        """End every stream that is open."""
        for queue in self._queues:
            queue.put_nowait(None)

    def _heard(self, queue: asyncio.Queue[str | None], user_id: str, change: Change) -> None:
        if change.audience is None or user_id in change.audience:
            queue.put_nowait(json.dumps(change_json(self._world, change)))


def page_message(world: World, message: Message) -> JSON:
    """A message as the page shows it: Slack's JSON, where it stands, and whether only one person sees it."""
    body = message_json(message, world.app, world.team)
    return body | {"channel": message.channel, "ephemeral": message.ephemeral_to is not None}


def change_json(world: World, change: Change) -> JSON:
    """A change as the page's stream carries it."""
    body: JSON = {"type": change.type, **change.detail}
    if change.type == "message_deleted" and change.message is not None:
        return body | {"channel": change.message.channel, "ts": change.message.ts}
    if change.message is not None:
        body["message"] = page_message(world, change.message)
    if change.type == "view_closed" and change.view is not None:
        body["view_id"] = change.view.id
    elif change.view is not None:
        body["view"] = view_json(change.view, world.app, world.team)
    return body
