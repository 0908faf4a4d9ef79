"""Names each delivery of Slack's by Slack's own ids, so that it is carried out once and answered the same again.

Slack delivers events again that it got no answer to, with the same `event_id` and the same message; over HTTP and
Socket Mode alike. Commands, clicks and forms have a `trigger_id` of their own each time somebody presses Enter or a
button: the same one again is the same press, by whichever way and on whichever node it arrives. Whoever types the same
words once more has a new id, and is no duplicate.
"""

from collections.abc import Mapping
from typing import Any, Final

from bot.direct import message_key
from bot.grammar import FORM

#: Commands that store nothing: their answers are of now, however often they are asked for.
READING: Final = frozenset(
    {
        *(FORM, "today", "week", "month", "status", "why", "caseload", "near", "report", "help", "history"),
        *("correct", "rules", "payers", "timer", "imports"),
    }
)
#: Events that only bring something up to date, or show it.
_SHOWN: Final = frozenset({"app_home_opened", "app_mention", "user_change"})
_WORDS: Final = frozenset({None, "file_share"})
#: What people press; what they type into a menu changes nothing.
_PRESSED: Final = frozenset({"block_actions", "view_submission", "view_closed", "shortcut", "message_action"})


def key_of(body: Mapping[str, Any]) -> str | None:
    """The key of a delivery, the same whenever it arrives; None for one that may be carried out again."""
    kind = body.get("type")
    if "command" in body:
        return _named("command", body.get("trigger_id"))
    if kind in _PRESSED:
        return _named("press", body.get("trigger_id"))
    event = body.get("event")
    if not isinstance(event, dict) or event.get("type") in _SHOWN:
        return None
    channel, ts = event.get("channel"), event.get("ts")
    if event.get("type") == "message" and event.get("subtype") in _WORDS and channel and ts:
        return message_key(str(channel), str(ts))
    return _named("event", body.get("event_id"))


def _named(kind: str, given: object) -> str | None:
    return f"{kind}:{given}" if given and isinstance(given, str) else None
