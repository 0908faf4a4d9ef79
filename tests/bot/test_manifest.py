"""The app manifest grants what the bot uses, offers what it answers, and nothing more."""

import json
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jsonschema
import pytest
import yaml

from bot.app import LISTENERS
from bot.listeners import doors

ROOT = Path(__file__).parents[2]
MANIFEST = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))

#: Each bot scope, and the word of a Web API method or event that needs it.
NEEDED_BY = {
    "app_mentions:read": "app_mention",
    "chat:write": "chat_post",
    "commands": "app.command(",
    "files:read": "files_info",
    "files:write": "files_getUploadURLExternal",
    "groups:history": "conversations_history",
    "groups:read": "conversations_info",
    "im:history": "message",
    "im:write": "conversations_open",
    "users:read": "users_info",
}


#: What is registered, nobody calls; some listeners want to hear of writes from the start.
NO_BOT = SimpleNamespace(practice=SimpleNamespace(after_write=lambda _listener: None))


class Recorder:
    """Stands where the Bolt app stands, and writes down what listeners register for."""

    def __init__(self) -> None:
        self.heard: dict[str, set[str]] = defaultdict(set)

    def __getattr__(self, kind: str) -> Callable[..., Callable[..., None]]:
        def register(name: Any, **_: Any) -> Callable[..., None]:
            self.heard[kind].add(str(name))
            return lambda *_, **__: None

        return register


@pytest.fixture
def heard() -> dict[str, set[str]]:
    recorder = Recorder()
    for listener in LISTENERS:
        listener.register(recorder, NO_BOT)
    return recorder.heard


def test_the_manifest_fits_slacks_schema() -> None:
    """Slack would take it as it stands."""
    schema = json.loads((ROOT / "tests/data/schemas/manifest.schema.2.0.0.json").read_text(encoding="utf-8"))
    validator = jsonschema.validators.validator_for(schema)(schema)
    assert [error.message for error in validator.iter_errors(MANIFEST)] == []


def test_every_command_is_answered_and_every_answered_command_offered(heard: dict[str, set[str]]) -> None:
    """Slash commands of the manifest are exactly those listened to."""
    offered = {entry["command"] for entry in MANIFEST["features"]["slash_commands"]}
    assert offered == heard["command"] == {doors.COMMAND}


def test_every_shortcut_is_answered_and_every_answered_shortcut_offered(heard: dict[str, set[str]]) -> None:
    """Shortcuts of the manifest are exactly those listened to."""
    offered = {entry["callback_id"] for entry in MANIFEST["features"]["shortcuts"]}
    assert offered == heard["shortcut"]


def test_every_event_is_heard_and_every_heard_event_subscribed(heard: dict[str, set[str]]) -> None:
    """Events of the manifest are exactly those listened to; `message.im` arrives as `message`."""
    subscribed = {
        name.partition(".")[0] for name in MANIFEST["settings"]["event_subscriptions"]["bot_events"]
    }
    assert subscribed == heard["event"]


def test_each_scope_is_needed_by_something_the_bot_does() -> None:
    """Least privilege: a scope that nothing uses has no place, and each has its reason."""
    granted = set(MANIFEST["oauth_config"]["scopes"]["bot"])
    source = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "bot").rglob("*.py")))
    assert granted == set(NEEDED_BY)
    assert [scope for scope, word in NEEDED_BY.items() if word not in source] == []
