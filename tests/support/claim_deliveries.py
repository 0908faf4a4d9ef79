"""One of several programs that put the same deliveries into one outbox.

    python -m tests.support.claim_deliveries DATABASE_URL TENANT PREFIX

Prints how many were new.
"""

import asyncio
import sys
from datetime import timedelta
from itertools import count

from services.context import Practice, PracticeSettings
from services.messages.deliveries import DueDelivery, Recipient, deliveries_for
from services.messages.store import StoredDeliveries
from storage import Database
from tests.support.practice import NEW_YORK, SetClock
from tests.support.storing import NOW

DIGESTS = 20


async def claim(url: str, tenant_id: int, prefix: str) -> int:
    """Put twenty digests in."""
    database = Database.open(url)
    outbox = StoredDeliveries(Practice(database, SetClock(), PracticeSettings(zone=NEW_YORK), tenant_id))
    numbers = count()
    deliveries = [
        part
        for who in range(DIGESTS)
        for part in deliveries_for(
            DueDelivery(
                kind="digest",
                period="digest:2026-11-18",
                recipient=Recipient(who),
                due_at=NOW,
                useful_until=NOW + timedelta(hours=14),
            ),
            NOW,
            lambda: f"{prefix}-{next(numbers)}",
        )
    ]
    try:
        return await outbox.add(tuple(deliveries))
    finally:
        database.close()


if __name__ == "__main__":
    sys.stdout.write(str(asyncio.run(claim(sys.argv[1], int(sys.argv[2]), sys.argv[3]))))
