"""Takes the next step with one delivery: claims it, calls the notifier within the lease, stores the outcome."""

import asyncio
from collections.abc import Coroutine
from random import Random
from typing import Any, TypeVar

import structlog

from scheduler import outbox
from scheduler.outbox import COMPOSE_DEADLINE, DEADLINE, LEASE, Step
from services.clock import Clock
from services.errors import StorageError
from services.messages.deliveries import (
    Ambiguous,
    Delivery,
    FileStarted,
    Limited,
    Missing,
    NotNow,
    Refused,
    Sent,
    State,
    Trouble,
    Uploaded,
)
from services.messages.ports import Composer, Notifier, Outbox

T = TypeVar("T")

log = structlog.get_logger(__name__)

#: The reason of a failure to put together what is to be told.
CANNOT_COMPOSE = "cannot_compose"


def steady() -> float:
    """The event loop's clock, in seconds, which nobody can put forward or back."""
    return asyncio.get_running_loop().time()


class Attempts:
    """Takes deliveries one step further."""

    def __init__(
        self,
        deliveries: Outbox,
        notifier: Notifier,
        composer: Composer,
        clock: Clock,
        chance: Random,
    ) -> None:
        self._deliveries = deliveries
        self._notifier = notifier
        self._composer = composer
        self._clock = clock
        self._chance = chance

    async def advance(self, delivery: Delivery) -> float:
        """Take the next step with a delivery whose wait is over.

        Returns:
            Seconds for which Slack asked to be left alone; 0 when it did not.

        Raises:
            Exception: what the store raised. The delivery is then left to its lease.
        """
        now = self._clock.now()
        match outbox.next_step(delivery, now):
            case Step.SEND:
                return await self._send(delivery)
            case Step.LOOK:
                return await self._look(delivery)
            case Step.TAKE_OVER:
                await self._store(outbox.unsure(delivery, now, self._chance))
            case Step.LAPSE:
                await self._store(outbox.lapsed(delivery, now))
        return 0.0

    async def _look(self, delivery: Delivery) -> float:
        looking = outbox.looking(delivery, self._clock.now())
        message = await self._message_of(delivery)
        if not await self._deliveries.swap(looking):
            return 0.0
        found = await _answered(self._notifier.find(looking, _thread(message)))
        return await self._conclude(looking, found)

    async def _send(self, delivery: Delivery) -> float:
        message = await self._message_of(delivery)
        if message is not None and message.state is not State.SENT:
            # Files share the end of a message that was not to be, or had nothing to say.
            ended = outbox.silent if message.state is State.SILENT else outbox.lapsed
            await self._store(ended(delivery, self._clock.now()))
            return 0.0
        claimed = outbox.claimed(delivery, self._clock.now())
        may_call_until = await self._hold(claimed)
        if may_call_until is None:
            return 0.0
        if claimed.uploaded:
            return await self._complete(claimed, _thread(message), may_call_until)
        content = await self._composed(claimed)
        if content is None or isinstance(content, Refused | NotNow):
            return await self._conclude(claimed, content)
        if steady() > may_call_until:
            # Putting it together took too long.
            return 0.0
        return await self._call(claimed, content, _thread(message))

    async def _call(self, delivery: Delivery, content: object, thread: Sent | None) -> float:
        """Have what was put together sent."""
        if delivery.is_file:
            return await self._upload(delivery, content, thread)
        return await self._conclude(delivery, await _answered(self._notifier.send(delivery, content)))

    async def _upload(self, delivery: Delivery, content: object, thread: Sent | None) -> float:
        place = await _answered(self._notifier.start_file(content))
        if not isinstance(place, FileStarted):
            return await self._conclude(delivery, place)
        started = outbox.file_started(delivery, self._clock.now(), place.file_id)
        may_call_until = await self._hold(started)
        if may_call_until is None or steady() > may_call_until:
            return 0.0
        done = await _answered(self._notifier.upload_file(content, place.upload_url))
        if not isinstance(done, Uploaded):
            return await self._conclude(started, done)
        uploaded = outbox.file_uploaded(started, self._clock.now())
        may_call_until = await self._hold(uploaded)
        if may_call_until is None:
            return 0.0
        return await self._complete(uploaded, thread, may_call_until)

    async def _complete(self, delivery: Delivery, thread: Sent | None, may_call_until: float) -> float:
        """Have Slack share a file whose bytes it has."""
        if steady() > may_call_until:
            return 0.0
        return await self._conclude(delivery, await _answered(self._notifier.complete_file(delivery, thread)))

    async def _conclude(self, delivery: Delivery, answer: Sent | Missing | Trouble | NotNow | None) -> float:
        """Store what a call came to; None is that there was nothing to say, and NotNow that it is not to be yet."""
        now = self._clock.now()
        looked = delivery.state is State.AMBIGUOUS
        match answer:
            case Sent():
                after = outbox.sent(delivery, now, answer)
            case Missing():
                after = outbox.missed(delivery, now, self._chance)
            case Limited():
                after = outbox.limited(delivery, now, answer, self._chance)
            case Refused() if looked:
                after = outbox.unseen(delivery, now, self._chance, answer.code)
            case Refused():
                after = outbox.refused(delivery, now, answer.code, self._chance)
            case Ambiguous() if looked:
                after = outbox.unseen(delivery, now, self._chance)
            case Ambiguous():
                after = outbox.unsure(delivery, now, self._chance)
            case NotNow():
                after = outbox.held_back(delivery, now, answer.seconds)
            case None:
                after = outbox.silent(delivery, now)
        await self._store(after)
        return answer.seconds if isinstance(answer, Limited) else 0.0

    async def _composed(self, delivery: Delivery) -> object | Refused | NotNow | None:
        try:
            async with asyncio.timeout(COMPOSE_DEADLINE):
                return await self._composer.compose(delivery)
        except StorageError:
            # No fault of the message's: it is left to its lease.
            raise
        except Exception as error:  # noqa: BLE001 - one faulty message must not stop the others
            log.error("message not composed", **_named(delivery), error=type(error).__qualname__)  # noqa: TRY400 - a traceback could hold a patient's words
            return Refused(code=CANNOT_COMPOSE)

    async def _message_of(self, delivery: Delivery) -> Delivery | None:
        """The message in whose thread a file goes; None for a message."""
        return None if delivery.thread_of is None else await self._deliveries.by_id(delivery.thread_of)

    async def _hold(self, after: Delivery) -> float | None:
        """Store a step that holds the lease.

        Returns:
            Steady instant up to which a call may begin, so that it ends within the lease whenever the store
            took the step; None when another node was faster.
        """
        begun = steady()
        return begun + LEASE - DEADLINE if await self._deliveries.swap(after) else None

    async def _store(self, after: Delivery) -> None:
        if not await self._deliveries.swap(after):
            log.info("delivery taken over by another node", **_named(after))
        elif after.state in {State.FAILED, State.LAPSED}:
            log.warning("not delivered", **_named(after), state=after.state, code=after.code)


def _thread(message: Delivery | None) -> Sent | None:
    if message is None or message.channel is None or message.ts is None:
        return None
    return Sent(channel=message.channel, ts=message.ts)


def _named(delivery: Delivery) -> dict[str, str]:
    return {"delivery": delivery.delivery_id, "period": delivery.period, "part": delivery.part}


async def _answered(call: Coroutine[Any, Any, T]) -> T | Ambiguous:
    """The notifier's answer; none in time is an ambiguous one, and so is a fault of its own."""
    try:
        async with asyncio.timeout(DEADLINE):
            return await call
    except TimeoutError:
        return Ambiguous()
    except Exception as error:  # noqa: BLE001 - a fault after Slack took it must not end in a second message
        log.error("notifier failed", error=type(error).__qualname__)  # noqa: TRY400 - a traceback could hold a patient's words
        return Ambiguous()
