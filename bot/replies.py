"""The bot's replies: blocks, and a top-level text that names no patient."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

Block = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer, seen by one person only."""

    #: Becomes the push notification: no MRN, no name, no note.
    text: str
    blocks: tuple[Block, ...] = ()

    def as_acknowledgment(self) -> dict[str, Any]:
        """The body that rides in a slash command's acknowledgment."""
        return {**self._message(), "response_type": "ephemeral"}

    def as_follow_up(self) -> dict[str, Any]:
        """The body of a further message to a response_url; what was clicked stays."""
        return {
            **self._message(),
            "response_type": "ephemeral",
            "replace_original": False,
            "delete_original": False,
        }

    def as_replacement(self) -> dict[str, Any]:
        """The body that puts this answer in the place of the message that was clicked."""
        return {
            **self._message(),
            "response_type": "ephemeral",
            "replace_original": True,
            "delete_original": False,
        }

    def _message(self) -> dict[str, Any]:
        return {"text": self.text, "blocks": list(self.blocks)} if self.blocks else {"text": self.text}


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """For whom a scheduled message is shown, and when."""

    #: Aware instant.
    now: datetime
    #: The recipient's own.
    zone: ZoneInfo
    #: The message was due on an earlier local day.
    late: bool

    @property
    def today(self) -> date:
        """Their local date."""
        return self.now.astimezone(self.zone).date()


#: How scheduled messages look: the screen of each content, by its class.
Screens = Mapping[type, Callable[[Any, Viewer], Reply]]
