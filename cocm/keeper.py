"""Keeps the audit chain while the bot runs: writes who read what, and seals what was done."""

import asyncio
import contextlib

import structlog

from services.context import Practice
from services.sealing import ChainBroken, seal_chain
from storage import StorageError

log = structlog.get_logger(__name__)

#: How long a read waits in memory before it is written.
READS_SECONDS = 5.0
#: How long what was done may wait for its seal.
SEAL_SECONDS = 60.0


class Keeper:
    """Works behind every answer, in the running event loop, until `stop`."""

    def __init__(self, practice: Practice) -> None:
        self._practice = practice
        self._stopping = asyncio.Event()
        self._work: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Seal what is there, and go on."""
        self._work = asyncio.get_running_loop().create_task(self._keep())

    async def stop(self) -> None:
        """Write and seal what waits, and end."""
        self._stopping.set()
        if self._work is not None:
            await self._work
        await self._practice.write_reads()
        if not self._practice.reads.is_empty:
            log.warning("reads not written", why="the database cannot be written")
        await self._seal()

    async def _keep(self) -> None:
        since_seal = SEAL_SECONDS
        while not self._stopping.is_set():
            if since_seal >= SEAL_SECONDS:
                await self._seal()
                since_seal = 0.0
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), READS_SECONDS)
            since_seal += READS_SECONDS
            await self._practice.write_reads()

    async def _seal(self) -> None:
        try:
            await seal_chain(self._practice)
        except ChainBroken as error:
            # Its sentence says where; how the program came there says nothing.
            log.error("audit chain not sealed", why=error.sentence)  # noqa: TRY400
        except StorageError as error:
            log.warning("audit chain not sealed", error=type(error).__name__)
