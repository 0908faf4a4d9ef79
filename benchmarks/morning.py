"""Send the digests of a big practice, all due at once, to a local Slack in a process of its own."""

import asyncio
import multiprocessing
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter, process_time

from pydantic import SecretStr

from benchmarks.caseloads import NOW, PEOPLE, BigPractice, found, slack_id
from benchmarks.servers import MANIFEST
from cocm.delivering import Outgoing
from cocm.settings import Settings
from cocm.wiring import Application, open_program
from sandbox.config import InstalledApp, SandboxConfig, Team, User
from services.messages.deliveries import DueDelivery, Recipient, deliveries_for, random_id
from storage import Database
from tests.support.slack import running_slack

#: Seconds for which the sender may wait in between; nothing here makes it wait for long.
_PATIENCE = 60.0
_CONFIG = SandboxConfig(
    app=InstalledApp(manifest=MANIFEST),
    team=Team(id="T0CLINIC"),
    users=tuple(User(id=slack_id(n), name=f"u{n}", real_name=f"U {n}") for n in range(PEOPLE)),
    pace=True,
)


def main() -> None:
    """Print how long a morning of first contacts takes, and then one on which everybody is known."""
    with tempfile.TemporaryDirectory() as folder, _slack_beside() as api_url:
        asyncio.run(_mornings(f"sqlite:///{Path(folder) / 'cocm.db'}", api_url))


async def _mornings(database_url: str, api_url: str) -> None:
    database = Database.open(database_url)
    practice = found(database)
    app = _CONFIG.app
    settings = Settings(
        _env_file=None,
        slack_bot_token=SecretStr(app.bot_token),
        slack_signing_secret=SecretStr(app.signing_secret),
        slack_api_url=api_url,
    )
    clock = _Still(NOW)
    program = await open_program(settings, database, clock)
    for words in ("first contact", "once known   "):
        await _morning(program, practice, clock.shows, words)
        clock.shows += timedelta(days=1)
    await program.close()


async def _morning(program: Application, practice: BigPractice, now: datetime, words: str) -> None:
    """Put a digest for everybody into the outbox, and send them all."""
    outgoing = Outgoing(program)
    owed = (
        DueDelivery(
            kind="digest",
            period=f"digest:{now.date()}",
            recipient=Recipient(member.member_id),
            due_at=now,
            useful_until=now + timedelta(hours=14),
        )
        for member in practice.people
    )
    await outgoing.deliveries.add(
        tuple(part for each in owed for part in deliveries_for(each, now, random_id))
    )
    began, busy = perf_counter(), process_time()
    left = await outgoing.sender.drain(_PATIENCE)
    took, busy = perf_counter() - began, process_time() - busy
    print(
        f"{words} {PEOPLE - len(left)} sent to the local Slack in {took:.1f} s, "
        f"{busy / PEOPLE * 1e3:.1f} ms of this program's CPU a message"
    )


@dataclass
class _Still:
    """A clock that stands until it is put forward."""

    shows: datetime

    def now(self) -> datetime:
        """What it shows."""
        return self.shows


@contextmanager
def _slack_beside() -> Iterator[str]:
    """A local Slack in another process, so that its work is not taken for the bot's; the base of its Web API."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there,))
    process.start()
    yield here.recv()
    here.send(None)
    process.join()


def _serve(connection: Connection) -> None:
    async def serving() -> None:
        async with running_slack(_CONFIG) as slack:
            connection.send(slack.api_url)
            await asyncio.to_thread(connection.recv)

    asyncio.run(serving())
