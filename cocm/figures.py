"""Writes figures for operators in Prometheus' format: what waits to be delivered, and for how long."""

from collections import Counter

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from cocm.fault_words import age_of
from services.context import Practice
from services.messages.deliveries import State
from services.messages.store import StoredDeliveries
from storage import StorageError


class Figures:
    """Reads the outbox when it is asked; without a database there are no such figures, and readiness says why."""

    def __init__(self, practice: Practice) -> None:
        self._practice = practice
        self._deliveries = StoredDeliveries(practice)

    async def text(self) -> bytes:
        """The figures as they stand now; they name no patient, no person and no channel."""
        try:
            waiting = await self._deliveries.open()
        except StorageError:
            return b""
        registry = CollectorRegistry()
        by_state = Gauge(
            "cocm_deliveries_waiting", "Messages and files that are due and not delivered yet.", ["state"],
            registry=registry,
        )  # fmt: skip
        oldest = Gauge(
            "cocm_deliveries_oldest_seconds",
            "For how long the oldest of them has been kept from being sent.",
            registry=registry,
        )
        found = Counter(each.state for each in waiting)
        for state in State:
            if not state.is_final:
                by_state.labels(state.value).set(found[state])
        if waiting:
            now = self._practice.clock.now()
            oldest.set(max(0.0, *(age_of(each, now).total_seconds() for each in waiting)))
        return generate_latest(registry)
