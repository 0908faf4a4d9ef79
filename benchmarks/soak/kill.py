"""A program that logs is killed with SIGKILL, again and again on one database: what it acknowledged is there, once."""

import contextlib
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from random import Random

from benchmarks.soak.places import on_server, server, sqlite
from benchmarks.soak.tally import KeptTally
from storage import NO_TENANT, Database, UnitOfWork

_ROOT = Path(__file__).parents[2]
#: Entries asked for at any time.
_AT_ONCE = 400
_MOST = 1_200


def soak(tally: KeptTally, seed: int, budget: int) -> None:
    """So many acknowledged entries: one share on SQLite, the other on PostgreSQL."""
    chance = Random(seed)
    with contextlib.ExitStack() as stack:
        found = stack.enter_context(server()) if seed % 2 else None
        if seed % 2 and found is None:
            tally.left_out.append("kill: no PostgreSQL here, so that it was not tried there")
            return
        while tally.tried < budget:
            url = on_server(found) if found is not None else stack.enter_context(sqlite())
            acknowledged = _logged_until_killed(url, chance.randint(1, min(_MOST, budget)))
            tally.tried += len(acknowledged)
            tally.met["killed"] += 1
            _judge(url, acknowledged, tally)
            tally.keep()


def _logged_until_killed(url: str, acknowledgments: int) -> set[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.log_until_killed", url, str(_AT_ONCE)],
        cwd=_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    with process:
        try:
            assert process.stdout.readline() == "ready\n"
            process.stdin.write("go\n")
            process.stdin.flush()
            heard = [process.stdout.readline() for _ in range(acknowledgments)]
        finally:
            process.kill()
        # What it said before it died was acknowledged, too.
        heard += process.stdout.readlines()
    return {line.removesuffix("\n") for line in heard if line.endswith("\n")}


def _judge(url: str, acknowledged: set[str], tally: KeptTally) -> None:
    def found(uow: UnitOfWork) -> tuple[Counter[str], int, int]:
        ids = [entry.entry_id for entry in uow.ledger.month(date.min, date.max)]
        notes = Counter(uow.ledger.notes(ids).values())
        # What was saved and not acknowledged in time is known by its key, so that its redelivery does nothing.
        unknown = sum(not uow.requests.seen(key) for key in notes)
        return notes, unknown, len(uow.ledger.projection_differences()) + len(uow.chain.findings())

    database = Database.open(url)
    try:
        tenant = database.read(lambda uow: uow.tenants.default(), tenant_id=NO_TENANT).result()
        notes, unknown, unsound = database.read(found, tenant_id=tenant.tenant_id).result()
    finally:
        database.close()
    for key in acknowledged - notes.keys():
        tally.wrong("lost", f"{key} was acknowledged")
    for key, times in notes.items():
        if times > 1:
            tally.wrong("twice", f"{key} is there {times} times")
    if unknown or unsound:
        tally.wrong("faults", f"{unknown} keys are not known again, {unsound} rows do not agree")
    tally.met["saved and not acknowledged"] += len(notes.keys() - acknowledged)
