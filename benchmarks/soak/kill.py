"""A program that logs is killed with SIGKILL, again and again on one database: what it acknowledged is there, once."""

import contextlib
from collections import Counter
from datetime import date
from random import Random

from benchmarks.soak.places import on_server, server, sqlite
from benchmarks.soak.tally import KeptTally
from storage import NO_TENANT, Database, UnitOfWork
from tests.support.killed_logs import log_until_killed

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
            acknowledged = log_until_killed(url, _AT_ONCE, chance.randint(1, min(_MOST, budget)))
            tally.tried += len(acknowledged)
            tally.met["killed"] += 1
            _judge(url, acknowledged, tally)
            tally.keep()


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
