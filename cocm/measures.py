"""Figures of how the program itself does, in Prometheus' form; `bot.measures` has those of what people wait for."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from prometheus_client import Gauge, Histogram
from prometheus_client.core import REGISTRY, CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from cocm.vitals import Vitals
from storage import damage, failures

READY: Final = Gauge("cocm_ready", "1 while nothing stands in the way of working, as /readyz says.")
FAULT: Final = Gauge(
    "cocm_fault", "1 while a part stands in the way, by part, as /readyz names them.", ["part"]
)
SOCKET: Final = Gauge(
    "cocm_socket_connected", "1 while the Socket Mode connection stands; 0 after a minute without."
)
LAG: Final = Histogram(
    "cocm_delivery_lag_seconds",
    "From the instant at which a message was due until Slack had it.",
    buckets=(1, 5, 15, 60, 120, 300, 900, 3600, 4 * 3600, 24 * 3600),
)
_PARTS = (
    *("database", "migrations", "disk", "bot token", "app token"),
    *("clock", "scheduler", "socket", "outbox"),
)


def tell_faults(wrong: Mapping[str, str]) -> None:
    """Show which parts stand in the way."""
    for part in dict.fromkeys((*_PARTS, *wrong)):
        FAULT.labels(part).set(part in wrong)


class Watched(Collector):
    """What is read off when Prometheus asks."""

    def __init__(self, vitals: Vitals) -> None:
        self._vitals = vitals

    def collect(self) -> Iterable[Metric]:
        """Each figure with its help."""
        offset = GaugeMetricFamily(
            "cocm_clock_offset_seconds", "Seconds that this machine's clock is ahead of Slack's."
        )
        if self._vitals.overheard.clock_offset is not None:
            offset.add_metric([], self._vitals.overheard.clock_offset)
        yield offset
        if self._vitals.unsealed is not None:
            yield GaugeMetricFamily(
                "cocm_audit_unsealed_events",
                "Events of the audit chain that no seal holds yet.",
                value=self._vitals.unsealed(),
            )
        refused = CounterMetricFamily(
            "cocm_slack_refusals",
            "Calls that Slack refused, by method and its error code.",
            labels=["method", "code"],
        )
        for (method, code), number in sorted(self._vitals.overheard.refusals.items()):
            refused.add_metric([method, code], number)
        yield refused
        damaged = GaugeMetricFamily(
            "cocm_damaged_rows", "Rows that could not be read, by table.", labels=["table"]
        )
        for table, number in sorted(Counter(one.table for one in damage.found()).items()):
            damaged.add_metric([table], number)
        yield damaged
        errors = CounterMetricFamily(
            "cocm_database_errors",
            "Reads and writes that the database failed, by the error's name.",
            labels=["error"],
        )
        for name, number in sorted(failures.counted().items()):
            errors.add_metric([name], number)
        yield errors


def watch(vitals: Vitals) -> Collector:
    """Have Prometheus' page show a program's figures, until `unwatch`."""
    watched = Watched(vitals)
    REGISTRY.register(watched)
    return watched


def unwatch(watched: Collector) -> None:
    """Show them no more."""
    REGISTRY.unregister(watched)
