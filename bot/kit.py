"""Builds the Block Kit blocks that the bot uses, within Slack's limits."""

from collections.abc import Sequence
from typing import Literal

from bot.replies import Block

#: Slack's limits, kept here so that no text of a person can make a message invalid.
SECTION_TEXT = 3000
BUTTON_TEXT = 75
ACCESSIBILITY_LABEL = 75
HEADER_TEXT = 150
CONTEXT_ELEMENTS = 10
MESSAGE_BLOCKS = 50


def escape(text: str) -> str:
    """A person's words for a mrkdwn text: Slack's three control characters cannot act."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def clip(text: str, limit: int) -> str:
    """At most `limit` characters, an ellipsis marking the cut."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def section(mrkdwn: str, *, accessory: Block | None = None) -> Block:
    """A paragraph of mrkdwn."""
    block: Block = {"type": "section", "text": {"type": "mrkdwn", "text": clip(mrkdwn, SECTION_TEXT)}}
    return block if accessory is None else {**block, "accessory": accessory}


def plain_section(text: str) -> Block:
    """A paragraph shown to the letter: nothing in it is formatting."""
    return {
        "type": "section",
        "text": {"type": "plain_text", "text": clip(text, SECTION_TEXT), "emoji": False},
    }


def context(*lines: str) -> Block:
    """Small gray mrkdwn lines."""
    elements = [{"type": "mrkdwn", "text": clip(line, SECTION_TEXT)} for line in lines[:CONTEXT_ELEMENTS]]
    return {"type": "context", "elements": elements}


def plain_context(*lines: str) -> Block:
    """Small gray lines shown to the letter: a person's own words."""
    elements = [
        {"type": "plain_text", "text": clip(line, SECTION_TEXT), "emoji": False}
        for line in lines[:CONTEXT_ELEMENTS]
    ]
    return {"type": "context", "elements": elements}


def header(text: str) -> Block:
    """A heading in plain words."""
    return {"type": "header", "text": {"type": "plain_text", "text": clip(text, HEADER_TEXT), "emoji": False}}


def divider() -> Block:
    """A line across."""
    return {"type": "divider"}


def button(
    text: str,
    action_id: str,
    value: str,
    *,
    about: str = "",
    style: Literal["primary", "danger"] | None = None,
) -> Block:
    """A button; its value is an opaque id.

    Args:
        text: what it says.
        action_id: what it does.
        value: what it does it to.
        about: the same in words, where the text leaves it to the eye, see `acting_on`.
        style: as Slack knows them.
    """
    block: Block = {
        "type": "button",
        "text": {"type": "plain_text", "text": clip(text, BUTTON_TEXT), "emoji": False},
        "action_id": action_id,
        "value": value,
    }
    return acting_on(block if style is None else {**block, "style": style}, about)


def acting_on(made: Block, what: str) -> Block:
    """A button that a screen reader reads with what it acts on: `Edit, e-k7f`.

    The words on the button come first, so that whoever speaks to a screen can name what they see. `what` is as the
    screen around it names the thing: an MRN only where the message shows MRNs, a handle in what Slack keeps.
    """
    if not what:
        return made
    return {**made, "accessibility_label": clip(f"{made['text']['text']}, {what}", ACCESSIBILITY_LABEL)}


def actions(elements: Sequence[Block], block_id: str | None = None) -> Block:
    """A row of buttons and menus."""
    block: Block = {"type": "actions", "elements": list(elements)}
    return block if block_id is None else {**block, "block_id": block_id}


def option(text: str, value: str) -> Block:
    """One choice of a menu."""
    return {"text": {"type": "plain_text", "text": clip(text, BUTTON_TEXT), "emoji": False}, "value": value}
