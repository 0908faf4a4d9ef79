"""Looks at what people put into forms and messages, before anybody reads it."""

import re
from collections.abc import Iterator
from typing import Any

#: What an element may hold, beside the option or options chosen.
_TEXTS = (
    "value",
    "selected_date",
    "selected_time",
    "selected_user",
    "selected_channel",
    "selected_conversation",
)
#: What a view says of itself; listeners find their way by it.
_OWN = ("id", "type", "callback_id", "private_metadata", "hash", "root_view_id")

#: What is read of a file, where it has it.
_OF_FILES = ("id", "name", "filetype", "mode", "url_private", "url_private_download")
#: What is read of an account.
_OF_ACCOUNTS = ("name", "real_name", "tz", "team_id")
#: When a message was sent, which is its id, too.
_TS = re.compile(r"[0-9]{1,11}(?:\.[0-9]{1,9})?")


def faults_of_view(view: dict[str, Any]) -> Iterator[str]:
    """What in a view is of another kind than listeners take it for."""
    if any(not isinstance(view.get(name, ""), str | None) for name in _OWN):
        yield "a view that is none"
    blocks = view.get("blocks", [])
    if not (isinstance(blocks, list) and all(_is_block(block) for block in blocks)):
        yield "blocks that are none"
    yield from faults_of_state(view.get("state"))


def faults_of_state(state: Any) -> Iterator[str]:
    """What in a state, of a view or a message, is of another kind than listeners take it for."""
    if state is None:
        return
    values = state.get("values") if isinstance(state, dict) else None
    if not isinstance(values, dict) or not all(
        isinstance(held, dict) and all(_is_held(one) for one in held.values()) for held in values.values()
    ):
        yield "a state that is none"


def faults_of_action(action: dict[str, Any]) -> Iterator[str]:
    """What in an action is of another kind than listeners take it for."""
    if not _is_held(action) or not isinstance(action.get("block_id", ""), str | None):
        yield "an action that is none"


def faults_of_message(message: dict[str, Any]) -> Iterator[str]:
    """What in a message, or in an event about one, is of another kind than listeners take it for."""
    if any(not isinstance(message.get(name), str | None) for name in ("text", "bot_id")):
        yield "a message that is none"
    sent_at = message.get("ts")
    if sent_at is not None and not (isinstance(sent_at, str) and _TS.fullmatch(sent_at)):
        yield "a message without its time"
    blocks = message.get("blocks")
    if blocks is not None and not (isinstance(blocks, list) and all(_is_block(block) for block in blocks)):
        yield "blocks that are none"
    files = message.get("files")
    if files is not None and not (isinstance(files, list) and all(_is_file(file) for file in files)):
        yield "files that are none"


def faults_of_account(user: dict[str, Any]) -> Iterator[str]:
    """What in an account is of another kind than it is taken for."""
    profile, organization = user.get("profile", {}), user.get("enterprise_user", {})
    texts = [user.get(name) for name in _OF_ACCOUNTS]
    if not isinstance(user.get("id"), str) or not all(isinstance(text, str | None) for text in texts):
        yield "an account of nobody"
    if not (isinstance(profile, dict) and isinstance(organization, dict)):
        yield "an account that is none"
    elif not isinstance(profile.get("display_name"), str | None):
        yield "an account of no name"


def _is_file(file: Any) -> bool:
    """Whether this is a file, as far as anybody looks at it."""
    return (
        isinstance(file, dict)
        and all(isinstance(file.get(name), str | None) for name in _OF_FILES)
        and isinstance(file.get("size"), int | None)
        and isinstance(file.get("is_external"), bool | None)
    )


def _is_block(block: Any) -> bool:
    if not (isinstance(block, dict) and isinstance(block.get("type"), str)):
        return False
    element = block.get("element", {})
    return (
        isinstance(block.get("block_id", ""), str)
        and isinstance(element, dict)
        and all(isinstance(element.get(name), str | None) for name in ("type", "action_id"))
    )


def _is_held(found: Any) -> bool:
    """Whether this is what an element holds."""
    if not isinstance(found, dict) or any(not isinstance(found.get(name), str | None) for name in _TEXTS):
        return False
    several = found.get("selected_options")
    options = several if isinstance(several, list) else [] if several is None else [None]
    one = found.get("selected_option")
    return all(
        isinstance(option, dict) and isinstance(option.get("value"), str)
        for option in (*options, *([] if one is None else [one]))
    )
