"""The sandbox refuses in Slack's own words."""

import json
import re
from pathlib import Path

import sandbox.api
from sandbox.api.methods import METHODS

REFERENCE = json.loads((Path(__file__).parent / "slack_methods.json").read_text("utf-8"))
DOCUMENTED = {code for name, method in REFERENCE.items() if name != "$comment" for code in method["errors"]}
#: what Slack answers although its reference lists it for none of these methods
ANSWERED_TOO = {"invalid_arguments", "thread_not_found"}


def codes() -> set[str]:
    """Every code that a method can refuse with, read from the source."""
    found = set()
    for path in Path(sandbox.api.__path__[0]).glob("*.py"):
        for raised in re.findall(r"ApiError\((.*?)\)", path.read_text("utf-8"), re.DOTALL):
            found |= set(re.findall(r'(?<!f)"([a-z]+(?:_[a-z]+)*)"', raised))
    return found


def test_every_refusal_is_one_of_slacks() -> None:
    """No method refuses with a code that Slack does not have."""
    known = codes()
    assert {
        "channel_not_found",
        "not_in_channel",
        "expired_trigger_id",
        "hash_conflict",
        "is_archived",
    } <= known
    compared_not_raised = {"limit", "public"}
    assert known - DOCUMENTED - ANSWERED_TOO <= compared_not_raised
    assert {"invalid_ts_oldest", "invalid_ts_latest", "invalid_limit"} <= DOCUMENTED


def test_what_slack_requires_is_required() -> None:
    """An argument that Slack's reference requires is asked for before anything else is tried."""
    for name, method in METHODS.items():
        if name in REFERENCE:
            assert sorted(method.needs) == REFERENCE[name]["required"], name
