"""What a running program knows of its own ties to Slack."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.overheard import Overheard


@dataclass(slots=True)
class Vitals:
    """Slack's answers as they were overheard, and the socket."""

    overheard: Overheard
    #: Whether the Socket Mode connection stands; None where there is none to keep.
    is_connected: Callable[[], Awaitable[bool]] | None = None
    #: How many events of the audit chain wait for their seal; None where nobody seals.
    unsealed: Callable[[], int] | None = None
