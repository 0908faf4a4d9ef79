"""Looks at what Bolt itself walks through to find who did something, and where, before any listener is asked."""

from collections.abc import Iterator
from typing import Any

#: Things that are given as an object, or as its id alone.
_NAMED = ("enterprise", "team", "user", "channel")
#: Ids that Bolt takes as they are, wherever it finds them.
_IDS = (
    "enterprise_id",
    "team_id",
    "user_id",
    "channel_id",
    "app_installed_team_id",
    "user_team",
    "context_enterprise_id",
    "context_team_id",
    "thread_ts",
    "function_execution_id",
    "execution_id",
    "bot_access_token",
)
#: Of such an object.
_OWN_IDS = ("id", "team_id", "enterprise_id")
#: Where it goes on to look.
_WITHIN = ("event", "view", "item", "assistant_thread", "message", "previous_message", "function_data")
#: Lists of which it takes the first.
_LISTS = ("authorizations", "response_urls")


def faults_of_walked(body: dict[str, Any]) -> Iterator[str]:
    """What is of another kind than Bolt takes it for, in a payload and in all that it walks into."""
    waiting = [body]
    while waiting:
        found = waiting.pop()
        yield from _faults_of_ids(found)
        for name in _LISTS:
            listed = found.get(name) or []
            if not (isinstance(listed, list) and all(isinstance(one, dict) for one in listed)):
                yield f"{name} that are none"
                return
            waiting += listed
        waiting += [found[name] for name in _WITHIN if isinstance(found.get(name), dict)]


def _faults_of_ids(found: dict[str, Any]) -> Iterator[str]:
    named = [found.get(name) for name in _NAMED]
    objects = [one for one in named if isinstance(one, dict)]
    if not all(isinstance(one, str | dict | None) for one in named):
        yield "somebody or some place that is none"
    if not isinstance(found.get("view"), dict | None):
        yield "a view that is none"
    ids = [*(found.get(name) for name in _IDS), *(one.get(name) for one in objects for name in _OWN_IDS)]
    if not all(isinstance(one, str | None) for one in ids):
        yield "an id that is not text"
