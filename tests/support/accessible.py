"""What a screen reader says of a message's or view's buttons and pictures, and whether it tells them apart."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sandbox.model import Change
from sandbox.world import World

#: Slack's limit.
LABEL = 75
#: What tells apart the ids of buttons in one message, see `bot.ids.listed`.
_PLACE = re.compile(r"_\d+$")
_MRN = re.compile(r"\bMRN\w+")


def heard(world: World) -> list[str]:
    """Listens to everything that appears in a workspace from now on, and gathers what is not clear in it."""
    found: list[str] = []

    def note(change: Change) -> None:
        if change.view is not None:
            found.extend(unclear(change.view.body["blocks"]))
        elif change.message is not None and change.message.user == world.app.bot_user_id:
            found.extend(unclear(change.message.blocks))

    world.listen(note)
    return found


def unclear(blocks: Any) -> list[str]:
    """Each button or picture that somebody who hears the screen read out cannot make sense of.

    A button is read by its label, else by its words. Two of one screen that read the same are told apart by nobody;
    a label that does not begin with the words cannot be called by what is seen; a label that names an MRN which the
    screen itself does not show says more than the screen.
    """
    return [*_said_alike(blocks), *_labels(blocks), *_pictures(blocks)]


def _said_alike(blocks: Any) -> Iterator[str]:
    said: dict[str, set[str]] = defaultdict(set)
    for one in parts(blocks, "button"):
        # The same act on the same thing may stand twice: a patient under two headings.
        act = _PLACE.sub("", one["action_id"])
        said[read_out(one)].add(f"{act} {one.get('value', '')}")
    yield from (f"{len(acts)} buttons read {words!r}" for words, acts in said.items() if len(acts) > 1)


def _labels(blocks: Any) -> Iterator[str]:
    shown = " ".join(one["text"] for one in parts(blocks, "plain_text", "mrkdwn", "text", "raw_text"))
    for one in parts(blocks, "button"):
        words, label = one["text"]["text"], read_out(one)
        if len(label) > LABEL:
            yield f"{words!r} is read out in more than {LABEL} characters: {label!r}"
        if not label.startswith(words[: LABEL - 1].rstrip("…")):
            yield f"{words!r} is read out as {label!r}"
        yield from (f"{label!r} names what is not shown" for mrn in _MRN.findall(label) if mrn not in shown)


def _pictures(blocks: Any) -> Iterator[str]:
    yield from ("A picture has no words" for one in parts(blocks, "image") if not one.get("alt_text"))


def read_out(button: dict[str, Any]) -> str:
    """What a screen reader says of a button."""
    return str(button.get("accessibility_label") or button["text"]["text"])


def parts(blocks: Any, *types: str) -> Iterator[dict[str, Any]]:
    """Everything of these types, wherever it stands."""
    if isinstance(blocks, list | tuple):
        for one in blocks:
            yield from parts(one, *types)
    elif isinstance(blocks, dict):
        if blocks.get("type") in types:
            yield blocks
        for one in blocks.values():
            yield from parts(one, *types)
