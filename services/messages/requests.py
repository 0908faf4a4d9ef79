"""Requests to change scheduled messages, as understood from a person's words."""

from dataclasses import dataclass
from datetime import time

from services.messages.audience import QuietHours


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderRequest:
    """What somebody wants changed, one thing at a time; with nothing set, a question for how things stand."""

    #: For everybody and for the billing channel, rather than for oneself.
    for_practice: bool = False
    #: Names of kinds; none named are those of the morning for a time, all for a switch.
    kinds: frozenset[str] = frozenset()
    #: Local time at which they are to come.
    at: time | None = None
    #: Switched on, or off.
    on: bool | None = None
    #: Whole seconds without any message from now on; 0 ends that.
    snooze_seconds: int | None = None
    #: Hours without messages; both ends the same is none.
    quiet: QuietHours | None = None

    @property
    def asks(self) -> bool:
        """Whether nothing is to be changed."""
        return self.at is None and self.on is None and self.snooze_seconds is None and self.quiet is None
