"""Knows requests that were sent again byte for byte, signature and all, while their age would still pass.

What such a request stored is known by its key, on every node of a database, and it is answered as it was: a proxy that
sends once more what it got no answer to tells nobody of a failure. What stores nothing has no key: whoever caught its
bytes would be answered anew, so the node that answered it refuses it. Only signed requests are remembered: strangers
fill no memory, and cannot have a person's own request refused.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

from slack_bolt.async_app import AsyncBoltContext, AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.door.signatures import SIGNATURE_LIFE_SECONDS
from services.errors import Refusal

#: In the context of a request whose very bytes came before.
REPLAYED: Final = "replayed"
SIGNATURE, _TIMESTAMP = "x-slack-signature", "x-slack-request-timestamp"

Next = Callable[[], Awaitable[BoltResponse]]
Middleware = Callable[..., Awaitable[BoltResponse | None]]


class Replayed(Refusal):
    """That very request came before, and is not answered again."""

    code = "replayed"


@dataclass(slots=True)
class _Seen:
    at: int
    #: Set once the first has been answered.
    is_answered: asyncio.Event = field(default_factory=asyncio.Event)


class SeenSignatures:
    """Signatures of the last minutes that were found to be Slack's."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, _Seen] = OrderedDict()

    def __len__(self) -> int:
        return len(self._seen)

    def take(self, signature: str, timestamp: int) -> _Seen | None:
        """Remember a signature; None for one that is new, else the first request with it."""
        while self._seen and next(iter(self._seen.values())).at < timestamp - 2 * SIGNATURE_LIFE_SECONDS:
            self._seen.popitem(last=False)
        first = self._seen.get(signature)
        if first is None:
            self._seen[signature] = _Seen(timestamp)
        return first

    def answered(self, signature: str) -> None:
        """Note that a request has been answered."""
        first = self._seen.get(signature)
        if first is not None:
            first.is_answered.set()


def known_again(seen: SeenSignatures) -> Middleware:
    """Mark requests over HTTP whose very bytes came before; to stand behind the verification of signatures."""

    async def check(req: AsyncBoltRequest, context: AsyncBoltContext, next: Next) -> BoltResponse:  # noqa: A002 - Bolt injects by this name
        if context.get("over_http"):
            signature = _header(req, SIGNATURE)
            first = seen.take(signature, int(_header(req, _TIMESTAMP)))
            if first is not None:
                # Of two at once, the second is answered as the first.
                await first.is_answered.wait()
                context[REPLAYED] = True
        return await next()

    return check


def signature_of(req: AsyncBoltRequest) -> str:
    """The signature of a request; empty where it has none, as in Socket Mode."""
    return _header(req, SIGNATURE)


def _header(req: AsyncBoltRequest, name: str) -> str:
    return next(iter(req.headers.get(name, ())), "")
