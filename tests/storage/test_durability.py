"""What was acknowledged is kept, whatever happens to the program afterwards."""

from datetime import date

import pytest

from storage import NO_TENANT, Database
from tests.support.killed_logs import log_until_killed

WRITES = 1000
DAY = (date(2026, 11, 18), date(2026, 11, 18))


@pytest.mark.parametrize("acknowledged_at_least", [1, 300])
def test_kill_9_loses_and_repeats_nothing_acknowledged(database_url: str, acknowledged_at_least: int) -> None:
    """Killed in the midst of 1,000 logs at once: each entry that was acknowledged is there exactly once."""
    acknowledged = log_until_killed(database_url, WRITES, acknowledged_at_least)
    assert len(acknowledged) >= acknowledged_at_least

    database = Database.open(database_url)
    try:
        tenant = database.read(lambda uow: uow.tenants.default(), tenant_id=NO_TENANT).result()
        entries = database.read(lambda uow: list(uow.ledger.month(*DAY)), tenant_id=tenant.tenant_id).result()
        ids = [entry.entry_id for entry in entries]
        notes = database.read(lambda uow: uow.ledger.notes(ids), tenant_id=tenant.tenant_id).result()

        assert len(set(ids)) == len(ids) == len(notes)
        assert len(set(notes.values())) == len(notes), "an entry is there twice"
        assert acknowledged <= set(notes.values()), "an acknowledged entry is lost"
        # What was saved but not acknowledged in time is known by its key, so that its redelivery does nothing.
        seen = database.read(
            lambda uow: {uow.requests.seen(key) for key in notes.values()}, tenant_id=tenant.tenant_id
        ).result()
        assert seen == set(ids)
        differences = database.read(
            lambda uow: uow.ledger.projection_differences(), tenant_id=tenant.tenant_id
        ).result()
        assert differences == ()
        assert database.read(lambda uow: uow.chain.findings(), tenant_id=tenant.tenant_id).result() == ()
    finally:
        database.close()
