"""Reads bodies of requests that nobody has verified yet, and bounds what they hold of the memory at once."""

import asyncio
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from starlette.requests import Request

#: Slack's largest payloads (modals with their state) stay far below this.
LARGEST_BODY: Final = 1_000_000
#: All bodies that are on their way. Past it the largest gives way: Slack's are small, and come at once.
MOST_UNSIGNED_BYTES: Final = 32_000_000
#: For the whole body, from when its headers were read. The connection itself has as long from its first byte.
READING_SECONDS: Final = 10.0


class BodyNotTakenError(Exception):
    """A body is not read to its end; says why."""

    def __init__(self, why: str, status: HTTPStatus) -> None:
        super().__init__(why)
        self.status = status


@dataclass(eq=False, slots=True)
class _Reading:
    deadline: asyncio.Timeout
    parts: list[bytes] = field(default_factory=list)
    size: int = 0
    gave_way: bool = False


class Readings:
    """The bodies that are being read."""

    def __init__(self, most: int = MOST_UNSIGNED_BYTES) -> None:
        self._most = most
        self._size = 0
        self._under_way: set[_Reading] = set()

    async def body(self, request: Request, largest: int = LARGEST_BODY) -> bytes:
        """The whole body of a request that says beforehand how long it is.

        Raises:
            BodyNotTakenError: when it does not say, or is too large, too slow, or the largest of too many.
            ClientDisconnect: when the other side has gone.
        """
        _check_length(request, largest)
        reading = _Reading(asyncio.timeout(READING_SECONDS))
        self._under_way.add(reading)
        try:
            async with reading.deadline:
                async for part in request.stream():
                    reading.parts.append(part)
                    reading.size += len(part)
                    self._size += len(part)
                    self._make_room()
        except TimeoutError:
            if reading.gave_way:
                raise BodyNotTakenError("too much at once", HTTPStatus.SERVICE_UNAVAILABLE) from None
            raise BodyNotTakenError("too slow", HTTPStatus.REQUEST_TIMEOUT) from None
        finally:
            self._under_way.discard(reading)
            self._size -= reading.size
        return b"".join(reading.parts)

    def _make_room(self) -> None:
        if self._size <= self._most:
            return
        staying = [each for each in self._under_way if not each.gave_way]
        largest = max(staying, key=lambda each: each.size, default=None)
        if largest is not None:
            largest.gave_way = True
            largest.deadline.reschedule(asyncio.get_running_loop().time())


def _check_length(request: Request, largest: int) -> None:
    lengths = request.headers.getlist("content-length")
    # Whoever says both can be read in two ways.
    if not lengths or "transfer-encoding" in request.headers:
        raise BodyNotTakenError("no length", HTTPStatus.LENGTH_REQUIRED)
    if len(lengths) > 1 or not (lengths[0].isascii() and lengths[0].isdigit()):
        raise BodyNotTakenError("no length", HTTPStatus.BAD_REQUEST)
    if len(lengths[0]) > len(str(largest)) or int(lengths[0]) > largest:
        raise BodyNotTakenError("too large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
