"""More commands at once than can be answered: what each was told is what is on file."""

import asyncio
import contextlib

from benchmarks.door import notes_on_file
from benchmarks.full_house import BUSY, SAVING, STORED, Account, Told, house
from benchmarks.load import SECRET
from benchmarks.soak.places import on_server, server, sqlite
from benchmarks.soak.tally import KeptTally
from tests.support.bot import busy_clinic
from tests.support.serving import environment, serving
from tests.support.slack import running_slack

_CONNECTIONS, _QUICK_CONNECTIONS, _SECONDS = 256, 64, 3.0
_QUICK = 1_000


def soak(tally: KeptTally, seed: int, budget: int) -> None:
    """So many commands: one share on SQLite, the other on PostgreSQL."""
    with contextlib.ExitStack() as stack:
        found = stack.enter_context(server()) if seed % 2 else None
        if seed % 2 and found is None:
            tally.left_out.append("house: no PostgreSQL here, so that it was not tried there")
            return
        while tally.tried < budget:
            url = on_server(found) if found is not None else stack.enter_context(sqlite())
            connections = _CONNECTIONS if budget >= _QUICK else _QUICK_CONNECTIONS
            _count(tally, Account.of(asyncio.run(_full(url, connections, tally)), notes_on_file(url)))
            tally.keep()


async def _full(url: str, connections: int, tally: KeptTally) -> list[Told]:
    """Fill the house, and see that everybody is answered again afterwards."""
    async with running_slack(busy_clinic()) as slack:
        env = environment(slack, url, SLACK_SIGNING_SECRET=SECRET)
        async with serving(env, "--http", "--no-scheduler", patient=False) as served:
            port = int(served.url.rpartition(":")[2])
            told = await house(port, "full", connections, _SECONDS)
            tally.tried += len(told)
            for number in range(60):
                told += (last := await house(port, f"after{number}", 1, 0.0))
                tally.tried += 1
                if last[-1].said == STORED:
                    break
                await asyncio.sleep(0.5)
            else:
                tally.wrong("faults", "nobody was answered any more after the house was full")
        # A program that ends finishes what it promised first.
    return told


def _count(tally: KeptTally, account: Account) -> None:
    if account.said.keys() - {STORED, SAVING, BUSY}:
        tally.wrong("faults", f"told something else: {account}")
    for kind, many in (
        ("lost", account.lost),
        ("faults", account.wrongly_said_lost),
        ("twice", account.twice),
    ):
        for _ in range(many):
            tally.wrong(kind, str(account))
    tally.met.update(account.said)
    tally.met["longest, ms"] = max(tally.met["longest, ms"], round(account.longest * 1e3))
    tally.met["past 3 s without a word"] += account.untold
