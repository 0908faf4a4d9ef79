"""Checks whether the program is ready to work, for load balancers and operators, and writes down how it does."""

import asyncio
import os
import socket
from contextlib import suppress
from datetime import timedelta
from importlib import metadata
from typing import Final

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError

from cocm import measures
from cocm.fault_words import clock_off, little_room, outbox_old, token_refused
from cocm.wiring import Application
from scheduler.alarm import Alarm
from services.context import Context
from services.messages.store import unfinished
from storage import DiskFull, NewerSchema, OlderSchema, Pulse, StorageError, failures

log = structlog.get_logger(__name__)

#: A scheduler that has not ticked for this long is not working.
TICK_WITHIN: Final = timedelta(minutes=2)
#: Seconds for which Slack may be without a socket to us: it changes them every few hours.
SOCKET_WITHIN: Final = 60.0
#: Seconds that the database has for its answer.
PATIENCE_SECONDS: Final = 20.0
#: Seconds for which an answer of the database holds: whoever asks often costs no more.
_FRESH: Final = 2.0
#: Seconds for which a write that found no room stands for the disk of a server.
_FULL_LATELY: Final = 60.0
#: Seconds between looks at ourselves, and between those that ask Slack and are written down.
_LOOK, _BEAT = 5.0, 60.0
#: A program that has not written for so long is gone.
PULSE_LIFE: Final = timedelta(days=1)


class Readiness:
    """Looks at the parts that a working program needs."""

    def __init__(self, program: Application, alarm: Alarm | None) -> None:
        self._program = program
        self._database = program.database
        self._practice = program.practice
        self._vitals = program.vitals
        self._alarm = alarm
        self.node = f"{socket.gethostname()}:{os.getpid()}"
        self._asking: asyncio.Task[dict[str, str]] | None = None
        self._asked_at = 0.0
        #: The event loop's clock when the socket last stood; None before the first look.
        self._connected_at: float | None = None
        self._last: dict[str, str] = {}
        self._watching: asyncio.Task[None] | None = None

    async def faults(self) -> dict[str, str]:
        """What stands in the way, by part; empty when ready."""
        wrong = await self._of_database()
        for whose, code in self._vitals.overheard.refused_tokens.items():
            wrong[f"{whose} token"] = token_refused(whose, code)
        if (said := clock_off(self._vitals.overheard.clock_offset)) is not None:
            wrong["clock"] = said
        if self._alarm is not None and not self._alarm.ticked_within(TICK_WITHIN):
            wrong["scheduler"] = "The scheduler has not run for two minutes."
        if not await self._has_socket():
            wrong["socket"] = (
                "There has been no Socket Mode connection for a minute, so nothing that people type arrives. Check "
                "the network, SLACK_APP_TOKEN, and that Socket Mode is switched on for the app."
            )
        self._last = wrong
        measures.READY.set(not wrong)
        measures.tell_faults(wrong)
        return wrong

    def start(self) -> None:
        """Look at ourselves every few seconds, in the running event loop, until `stop`."""
        self._watching = asyncio.get_running_loop().create_task(self._watch())

    async def stop(self) -> None:
        """End, and take our name out of the list of programs that run."""
        if self._watching is not None:
            self._watching.cancel()
            with suppress(asyncio.CancelledError):
                await self._watching
        with suppress(StorageError, TimeoutError):
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._practice.write(_forget, self.node)

    async def _watch(self) -> None:
        loop = asyncio.get_running_loop()
        beaten_at: float | None = None
        while True:
            await self._has_socket()
            if beaten_at is None or loop.time() - beaten_at >= _BEAT:
                beaten_at = loop.time()
                await self._ask_slack()
                before = set(self._last)
                after = set(await self.faults())
                for name in sorted(after ^ before):
                    log.warning("not ready" if name in after else "ready again", part=name)
            await asyncio.sleep(_LOOK)

    async def _ask_slack(self) -> None:
        """Have Slack say whether it takes our token, and what time it is; both are overheard."""
        with suppress(SlackApiError, ClientError, OSError, TimeoutError):
            await self._program.bot.client.auth_test()

    async def _has_socket(self) -> bool:
        if self._vitals.is_connected is None:
            return True
        now = asyncio.get_running_loop().time()
        if self._connected_at is None or await self._vitals.is_connected():
            self._connected_at = now
        stands = now - self._connected_at <= SOCKET_WITHIN
        measures.SOCKET.set(stands)
        return stands

    async def _of_database(self) -> dict[str, str]:
        """What is wrong with the database; asked by one at a time, however long it takes to answer."""
        now = asyncio.get_running_loop().time()
        if self._asking is None or (self._asking.done() and now - self._asked_at > _FRESH):
            self._asked_at = now
            self._asking = asyncio.create_task(self._ask_database())
        try:
            return dict(await asyncio.wait_for(asyncio.shield(self._asking), PATIENCE_SECONDS))
        except TimeoutError:
            return {
                "database": f"The database has not answered for {int(now - self._asked_at) or 20} seconds."
            }

    async def _ask_database(self) -> dict[str, str]:
        try:
            await asyncio.to_thread(self._database.ping)
            await asyncio.to_thread(self._database.refuse_other_schema)
            room = await asyncio.to_thread(self._database.room)
        except (NewerSchema, OlderSchema) as error:
            return {"migrations": error.sentence}
        except StorageError as error:
            return {"database": error.sentence}
        found = {}
        if (said := little_room(room)) is not None:
            found["disk"] = said
        full = failures.seconds_since_full() if room is None else None
        if full is not None and full < _FULL_LATELY:
            # A server's own disk cannot be looked at, and what little is written below may still find a place on it.
            found["disk"] = DiskFull().sentence
        try:
            # What can be read may still not be written: the disk is full, or a standby took over.
            await self._practice.write(_beat, self.node, {**self._last, **found})
            waiting = await self._practice.read(unfinished)
        except StorageError as error:
            return {**found, "disk": error.sentence}
        if (said := outbox_old(waiting, self._practice.clock.now())) is not None:
            found["outbox"] = said
        return found


def _beat(context: Context, node: str, faults: dict[str, str]) -> None:
    pulse = Pulse(node=node, at=context.now, program=metadata.version("cocm-minutes"), faults=faults)
    context.uow.pulses.beat(pulse, before=context.now - PULSE_LIFE)
    context.uow.commit()


def _forget(context: Context, node: str) -> None:
    context.uow.pulses.forget(node)
    context.uow.commit()
