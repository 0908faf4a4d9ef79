"""Reads the body of a request that Slack signed, into what Bolt takes."""

import json
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import parse_qsl

from bot.door.filled import (
    faults_of_account,
    faults_of_action,
    faults_of_message,
    faults_of_state,
    faults_of_view,
)
from bot.door.walked import faults_of_walked

#: Slack's payloads are a dozen levels deep; Python reads several hundred, and whoever walks through them fewer.
DEEPEST = 60
#: Slack's forms have about a dozen fields.
_MOST_FIELDS = 200
_FORM, _JSON = "application/x-www-form-urlencoded", "application/json"
#: What a payload holds, where it holds it: listeners and Bolt go by that.
_OBJECTS = ("event", "view", "user", "team", "enterprise", "channel", "message", "container", "state")
_TEXTS = ("command", "text", "user_id", "team_id", "trigger_id", "callback_id", "challenge", "type")
#: Of an event, whatever it is about.
_TEXTS_OF_EVENTS = ("subtype", "channel_type", "tab", "ts", "event_ts", "bot_id", "thread_ts")
#: What listeners take out of each event, by its type and subtype.
_OF_EVENTS: dict[str, tuple[tuple[str, type], ...]] = {
    "app_home_opened": (("user", str),),
    "app_mention": (("user", str), ("channel", str)),
    "user_change": (("user", dict),),
    "message message_changed": (("message", dict), ("previous_message", dict)),
    "message message_deleted": (("previous_message", dict),),
    "message file_share": (("user", str),),
}
#: Events about a message that was sent before.
_OF_EARLIER = frozenset({"message message_changed", "message message_deleted"})
#: Names of one thing, which some payloads give as its id alone.
_EITHER = frozenset({"user", "team", "enterprise", "channel"})
#: Events that are answered to whoever caused them.
_OF_PEOPLE = frozenset({"app_home_opened", "app_mention"})
_INTERACTIONS = frozenset(
    {"block_actions", "view_submission", "block_suggestion", "shortcut", "message_action"}
)

#: What may open a form, for which Slack wants the trigger.
_OPENING = frozenset({"block_actions", "shortcut", "message_action"})

Body = dict[str, Any]


class NotAFormError(Exception):
    """A body that is none of Slack's forms; says why, in words that repeat nothing of it."""


def read(body: bytes, content_type: str) -> Body:
    """A body as Bolt takes it: the command's form, the interaction in `payload`, or the event.

    Raises:
        NotAFormError: when it is none of these.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind not in {"", _FORM, _JSON}:
        raise NotAFormError("a content type that is not Slack's")
    try:
        text = body.decode("utf-8")
        # Slack says what it sends; whoever leaves it out is read by the first letter.
        if kind == _JSON or (kind == "" and text.startswith("{")):
            return checked(_object(text))
        fields = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS))
    except (ValueError, RecursionError):
        raise NotAFormError("not a form of Slack's") from None
    if "payload" in fields:
        try:
            return checked(_object(fields["payload"]))
        except (ValueError, RecursionError):
            raise NotAFormError("not a form of Slack's") from None
    if not fields.keys() & {"command", "ssl_check"}:
        raise NotAFormError("not a form of Slack's")
    return checked(fields)


def checked(body: Body) -> Body:
    """A payload in which what listeners go by is of the kind that they take it for.

    Raises:
        NotAFormError: when something is of another kind, or missing where it cannot be.
    """
    # What is null is not there; Bolt itself looks at who and where, and knows null in these.
    body = {name: value for name, value in body.items() if value is not None or name in _EITHER}
    for name in _OBJECTS:
        value = body.get(name, {})
        if not (isinstance(value, dict) or (name in _EITHER and (value is None or isinstance(value, str)))):
            raise NotAFormError(f"{name} is not an object")
    for name in _TEXTS:
        if not isinstance(body.get(name, ""), str):
            raise NotAFormError(f"{name} is not text")
    if any(depth > DEEPEST for depth in _depths(body)):
        raise NotAFormError("too deep")
    _refuse(faults_of_walked(body))
    _check_kind(body)
    _check_filled(body)
    return body


def _check_kind(body: Body) -> None:
    """Look at what each kind of payload cannot do without."""
    kind = body.get("type")
    if kind is None and not body.keys() & {"command", "ssl_check"}:
        raise NotAFormError("no type")
    if "command" in body and not (body.get("user_id") and body.get("trigger_id")):
        raise NotAFormError("a command of nobody")
    if kind == "event_callback":
        _check_event(body.get("event"))
    if kind in _INTERACTIONS:
        _check_interaction(body)
    if kind == "block_actions" or "actions" in body:
        _check_actions(body.get("actions"))
    if kind == "message_action" and "message" not in body:
        raise NotAFormError("a shortcut of no message")
    if kind in {"view_submission", "view_closed"}:
        _check_view(body.get("view"))


def _check_interaction(body: Body) -> None:
    """Look at who did something, and where; a command names its channel otherwise."""
    if not (isinstance(body.get("user"), dict) and isinstance(body["user"].get("id"), str)):
        raise NotAFormError("an interaction of nobody")
    where = body.get("channel")
    if where is not None and not (isinstance(where, dict) and isinstance(where.get("id"), str)):
        raise NotAFormError("an interaction of no channel")
    if body["type"] in _OPENING and not body.get("trigger_id"):
        raise NotAFormError("a press without its trigger")


def _check_filled(body: Body) -> None:
    _refuse(faults_of_view(body.get("view", {})))
    _refuse(faults_of_state(body.get("state")))
    _refuse(faults_of_message(body.get("message", {})))
    for action in body.get("actions", ()):
        _refuse(faults_of_action(action))


def _refuse(faults: Iterable[str]) -> None:
    for fault in faults:
        raise NotAFormError(fault)


def _check_event(event: Any) -> None:
    if not isinstance(event, dict) or not isinstance(event.get("type"), str):
        raise NotAFormError("no event")
    if event["type"] in _OF_PEOPLE and not isinstance(event.get("user"), str):
        raise NotAFormError("an event of nobody")
    if not all(isinstance(event.get(name), str | None) for name in _TEXTS_OF_EVENTS):
        raise NotAFormError("an event with something that is not text")
    if not all(isinstance(event.get(name), str | dict | None) for name in _EITHER):
        raise NotAFormError("an event of nobody")
    which = f"{event['type']} {event.get('subtype') or ''}".strip()
    if not all(isinstance(event.get(name), kind) for name, kind in _OF_EVENTS.get(which, ())):
        raise NotAFormError("an event without what it is about")
    if event["type"] == "user_change":
        _refuse(faults_of_account(event["user"]))
    if event["type"] == "message":
        _check_message(event, which)


def _check_message(event: dict[str, Any], which: str) -> None:
    for name in ("message", "previous_message"):
        _refuse(faults_of_message(event.get(name) or {}))
    if which in _OF_EARLIER and not event["previous_message"].get("ts"):
        raise NotAFormError("a message of no time")
    _refuse(faults_of_message(event))
    is_placed = isinstance(event.get("channel"), str) and isinstance(event.get("ts"), str)
    if not is_placed or not isinstance(event.get("text") or "", str):
        raise NotAFormError("a message without its place")
    # Slack's own are of nobody, and say so; words without a person cannot be answered.
    if not event.get("subtype") and "bot_id" not in event and not isinstance(event.get("user"), str):
        raise NotAFormError("a message of nobody")


def _check_view(view: Any) -> None:
    """Look at whether a form is whole; what is in it is looked at in every payload."""
    if not isinstance(view, dict) or not all(
        isinstance(view.get(name), str) for name in ("id", "callback_id")
    ):
        raise NotAFormError("a form without its view")
    if not isinstance(view.get("state"), dict) or not isinstance(view.get("blocks"), list):
        raise NotAFormError("a form without its fields")


def _check_actions(actions: Any) -> None:
    if not (
        actions and _are_objects(actions) and all(isinstance(one.get("action_id"), str) for one in actions)
    ):
        raise NotAFormError("no actions")


def _are_objects(found: Any) -> bool:
    return isinstance(found, list) and all(isinstance(each, dict) for each in found)


def _object(text: str) -> Body:
    found = json.loads(text)
    if not isinstance(found, dict):
        raise NotAFormError("not an object")
    return found


def _depths(body: Body) -> Iterator[int]:
    """How deep each container lies, found without going down into itself."""
    waiting: list[tuple[Any, int]] = [(body, 1)]
    while waiting:
        found, depth = waiting.pop()
        yield depth
        if depth > DEEPEST:
            return
        inner = found.values() if isinstance(found, dict) else found
        waiting += [(each, depth + 1) for each in inner if isinstance(each, dict | list)]
