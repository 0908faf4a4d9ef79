"""Looks at what people put into forms and messages, before anybody reads it."""

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


def _is_block(block: Any) -> bool:
    return (
        isinstance(block, dict)
        and isinstance(block.get("type"), str)
        and isinstance(block.get("block_id", ""), str)
        and isinstance(block.get("element", {}), dict)
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
