"""Ends a running bot whose database has been upgraded past it, so that only the new version answers."""

import asyncio
import signal

import structlog

from storage import Database, StorageError

log = structlog.get_logger(__name__)

#: How long an outdated bot may go on. Meanwhile what it would store is refused by the database.
LOOK_EVERY_SECONDS = 10.0


async def stop_when_outdated(database: Database) -> None:
    """Look now and then; once the tables are a newer version's, stop as if told by SIGTERM."""
    while True:
        await asyncio.sleep(LOOK_EVERY_SECONDS)
        try:
            revision = await asyncio.to_thread(database.outgrown_by)
        except StorageError:
            # Others say that the database is away.
            continue
        if revision is not None:
            log.warning("stopping: a newer version of the program made the tables", revision=revision)
            signal.raise_signal(signal.SIGTERM)
            return
