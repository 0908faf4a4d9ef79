"""Bodies that Slack signed: read, or refused with a sentence and nothing worse."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from bot.door.bodies import DEEPEST, NotAFormError, checked, read

FORM = "application/x-www-form-urlencoded"
COMMAND = {"command": "/cocm", "text": "15m MRN1 call", "user_id": "U1", "team_id": "T1", "trigger_id": "1.2"}
CLICK: dict[str, Any] = {
    "type": "block_actions",
    "user": {"id": "U1"},
    "team": {"id": "T1"},
    "trigger_id": "1.2",
    "actions": [{"action_id": "undo", "value": "1"}],
}

VIEW: dict[str, Any] = {
    "id": "V1",
    "callback_id": "log_form",
    "private_metadata": "{}",
    "blocks": [{"type": "input", "block_id": "day", "element": {"type": "datepicker"}}],
    "state": {"values": {"day": {"day": {"type": "datepicker", "selected_date": None}}}},
}
FORM_SENT: dict[str, Any] = {
    "type": "view_submission",
    "user": {"id": "U1"},
    "team": {"id": "T1"},
    "view": VIEW,
}
#: What listeners take out of a form, as they cannot take it.
SPOILED_VIEW: tuple[tuple[str, Any], ...] = (
    ("callback_id", None),
    ("callback_id", 5),
    ("state", None),
    ("state", []),
    ("state", {"values": {"day": None}}),
    ("state", {"values": []}),
    ("state", {"values": {"block": {"field": None}}}),
    ("blocks", None),
    ("blocks", [None]),
    ("blocks", [{"type": "input", "element": {"type": ["datepicker"]}}]),
    ("blocks", [{"type": "input", "element": {"type": "datepicker", "action_id": ["day"]}}]),
    ("private_metadata", 5),
    ("private_metadata", {}),
)

#: What Bolt walks through, as it cannot.
SPOILED_WALKS: tuple[dict[str, Any], ...] = (
    {"response_urls": [["end"]]},
    {"response_urls": 5},
    {"authorizations": 5},
    {"authorizations": [{"authorizations": [None]}]},
    {"authorizations": [{"team_id": {}}]},
    {"authorizations": [{"enterprise": 5}]},
    {"enterprise": 5},
    {"enterprise": ["id"]},
    {"enterprise_id": []},
    {"team": {"id": []}},
    {"team": {"id": "T1", "enterprise_id": {}}},
    {"user_id": []},
    {"user": {"id": "U1", "team_id": []}},
    {"channel_id": {}},
    {"view": []},
    {"view": {"app_installed_team_id": []}},
    {"item": {"channel": []}},
    {"assistant_thread": {"thread_ts": []}},
    {"previous_message": {"user": []}},
    {"thread_ts": []},
    {"function_execution_id": []},
    {"function_data": {"execution_id": []}},
)
#: A file as Slack names it, with something of another kind.
SPOILED_FILES: tuple[dict[str, Any], ...] = tuple(
    {"id": "F1", "name": "a.csv", name: value}
    for name in ("name", "filetype", "mode", "url_private", "url_private_download", "size", "is_external")
    for value in ([1], {"a": 1}, 0.5)
)
ACCOUNTS: tuple[dict[str, Any], ...] = (
    {},
    {"id": 5},
    {"id": "U1", "profile": []},
    {"id": "U1", "profile": {"display_name": 5}},
    {"id": "U1", "tz": 5},
    {"id": "U1", "enterprise_user": []},
)


def interaction(payload: Any) -> bytes:
    return urlencode({"payload": json.dumps(payload)}).encode()


def event(inner: Any) -> bytes:
    return json.dumps({"type": "event_callback", "team_id": "T1", "event": inner}).encode()


def nested(depth: int) -> bytes:
    return b'{"type":"event_callback","event":{"type":"x","deep":' + b"[" * depth + b"]" * depth + b"}}"


def test_slacks_own_forms_are_read() -> None:
    """A command, an interaction, an event; a note may hold the word by which interactions are told."""
    assert read(urlencode(COMMAND).encode(), FORM) == COMMAND
    with_word = {**COMMAND, "text": "5m MRN1 went through the payload= of worries"}
    assert read(urlencode(with_word).encode(), FORM)["text"] == with_word["text"]
    assert read(interaction(CLICK), f"{FORM}; charset=utf-8")["actions"][0]["action_id"] == "undo"
    assert read(event({"type": "team_join", "user": {"id": "U1"}}), "application/json")["team_id"] == "T1"
    assert read(interaction(FORM_SENT), FORM)["view"] == VIEW
    assert read(interaction({**CLICK, "enterprise": None, "channel": None}), FORM)["enterprise"] is None


def test_what_is_null_is_not_there() -> None:
    """Where something need not be there, null is read as its absence."""
    nothing = {"container": None, "view": None, "message": None, "state": None, "response_url": None}
    assert read(interaction({**CLICK, **nothing}), FORM) == {
        name: value for name, value in CLICK.items() if name not in nothing
    }


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"{",
        b"null",
        b"[]",
        b"1",
        b"payload=%5B%5D",
        b"payload=null",
        b"payload=%zz",
        b"type=x",
        b"&" * 1_000,
        b"command=%2Fcocm",
        interaction({}),
        interaction({**CLICK, "user": None}),
        interaction({**CLICK, "user": "U1"}),
        interaction({**CLICK, "actions": []}),
        interaction({**CLICK, "actions": [None]}),
        interaction({**CLICK, "actions": {"0": {}}}),
        interaction({**CLICK, "type": ["block_actions"]}),
        interaction({"type": "view_submission", "user": {"id": "U1"}, "view": None}),
        interaction({"type": "view_submission", "user": {"id": "U1"}}),
        interaction({**CLICK, "channel": "C1"}),
        interaction({**CLICK, "trigger_id": None}),
        interaction({**CLICK, "message": {"ts": "yesterday"}}),
        interaction({**FORM_SENT, "actions": 5}),
        interaction({**CLICK, "type": "message_action"}),
        *(interaction({**FORM_SENT, **spoiled}) for spoiled in SPOILED_WALKS),
        *(event({"type": "message", "channel": "D1", "ts": "1.2", **spoiled}) for spoiled in SPOILED_WALKS),
        interaction({**CLICK, "state": {"values": {"day": {"day": {"selected_option": {"value": 1}}}}}}),
        interaction({**CLICK, "actions": [{"action_id": "undo", "value": ["1"]}]}),
        *(interaction({**FORM_SENT, "view": {**VIEW, name: value}}) for name, value in SPOILED_VIEW),
    ],
)
def test_what_is_no_form_of_slacks_is_refused(body: bytes) -> None:
    """Never by a failure of ours."""
    with pytest.raises(NotAFormError):
        read(body, FORM)


@pytest.mark.parametrize(
    "body",
    [
        event(None),
        event([]),
        event({}),
        event({"type": None}),
        event({"type": "message"}),
        event({"type": "app_home_opened", "tab": "home", "user": None}),
        event(
            {"type": "message", "channel": "D1", "ts": "1.1", "channel_type": "im", "text": "15m MRN1 call"}
        ),
        event({"type": "message", "channel": "D1", "ts": 1}),
        event({"type": "message", "channel": "D1", "ts": "1.2", "text": ["a"]}),
        event({"type": "message", "channel": "D1", "ts": "1.2", "files": [None]}),
        *(
            event({"type": "message", "channel": "D1", "ts": "1.2", "user": "U1", "files": [file, file]})
            for file in SPOILED_FILES
        ),
        *(event({"type": "user_change", "user": account}) for account in ACCOUNTS),
        event({"type": "message", "channel": "D1", "ts": "now", "user": "U1"}),
        event(
            {
                "type": "message",
                "subtype": "message_deleted",
                "channel": "D1",
                "ts": "1.2",
                "previous_message": {"user": "U1"},
            }
        ),
        event({"type": "message", "channel": "D1", "ts": "1.2", "subtype": {}}),
        event({"type": "message", "channel": "D1", "ts": "1.2", "channel_type": 5}),
        event({"type": "app_home_opened", "user": 5, "tab": "home"}),
        event({"type": "app_home_opened", "user": ["U1"], "tab": "home"}),
        event({"type": "app_home_opened", "tab": "home"}),
        event({"type": "app_mention", "user": "U1"}),
        event({"type": "user_change", "user": "U1"}),
        event({"type": "user_change"}),
        event({"type": "message", "subtype": "message_changed", "channel": "D1", "ts": "1.2"}),
        event({"type": "message", "subtype": "message_deleted", "channel": "D1", "ts": "1.2"}),
        b'{"type":"event_callback"}',
        b'{"type":null}',
        b"{}",
        b'{"type":"event_callback","authorizations":[null],"event":{"type":"x"}}',
        nested(DEEPEST + 1),
        nested(200_000),
        b'{"a":' * 200_000,
        b'{"type":' + b"9" * 10_000 + b"}",
    ],
)
def test_events_that_are_none_are_refused(body: bytes) -> None:
    """Null, missing, of another kind, or deeper than anybody walks."""
    for content_type in ("application/json", ""):
        with pytest.raises(NotAFormError):
            read(body, content_type)


def test_depth_up_to_the_bound_is_taken() -> None:
    """Slack's own payloads are a dozen levels deep."""
    assert read(nested(DEEPEST - 2), "application/json")["type"] == "event_callback"


@pytest.mark.parametrize("content_type", ["text/plain", "multipart/form-data; boundary=x", "application/xml"])
def test_another_content_type_is_refused(content_type: str) -> None:
    """Slack sends two."""
    with pytest.raises(NotAFormError, match="content type"):
        read(urlencode(COMMAND).encode(), content_type)


def test_an_envelope_of_a_socket_is_checked_alike() -> None:
    """It comes as an object."""
    with pytest.raises(NotAFormError):
        checked({"type": "event_callback", "event": None})
    assert checked(dict(COMMAND)) == COMMAND
