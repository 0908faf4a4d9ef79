"""Figures of what people wait for, in Prometheus' form: no patient, no person, no words."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import perf_counter
from typing import Any, Final

from prometheus_client import Counter, Histogram

#: Slack gives up on an answer after three seconds.
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0)

ANSWERED: Final = Counter(
    "cocm_acknowledgments_total",
    "Requests of Slack's that were acknowledged, by kind (the command, or click, form, event, menu) and HTTP status.",
    ["kind", "status"],
)
TOOK: Final = Histogram(
    "cocm_acknowledgment_seconds",
    "Time from a request's arrival until it was acknowledged; Slack gives up after 3 seconds.",
    ["kind"],
    buckets=_SECONDS,
)
FAILED: Final = Counter(
    "cocm_requests_failed_total",
    "Requests that ended in an error of the program's or the database's, by the error's name.",
    ["error"],
)
#: What a request turned out to be, once its words were read.
_COMMAND: ContextVar[list[str] | None] = ContextVar("command", default=None)
_KINDS = {
    "block_actions": "click",
    "view_submission": "form",
    "view_closed": "form",
    "block_suggestion": "menu",
    "shortcut": "shortcut",
    "message_action": "shortcut",
    "event_callback": "event",
}


@contextmanager
def measured(body: dict[str, Any]) -> Iterator[list[int]]:
    """Measure one request; the status that it was answered with is put into what this yields."""
    named: list[str] = []
    statuses: list[int] = []
    mark = _COMMAND.set(named)
    begun = perf_counter()
    try:
        yield statuses
    finally:
        _COMMAND.reset(mark)
        kind = named[0] if named else kind_of(body)
        TOOK.labels(kind).observe(perf_counter() - begun)
        ANSWERED.labels(kind, str(statuses[0]) if statuses else "none").inc()


def is_command(name: str) -> None:
    """Say which command the request under way is."""
    named = _COMMAND.get()
    if named is not None and not named:
        named.append(name)


def kind_of(body: dict[str, Any]) -> str:
    """What a request is by its form alone."""
    if "command" in body:
        return "command"
    return _KINDS.get(str(body.get("type")), "other")
