"""Counts what was turned away, and says it in the log once a minute: nobody fills the disk by knocking."""

import asyncio
from collections import Counter
from typing import Final

import structlog

log = structlog.get_logger(__name__)

#: A kind of event is logged when it first comes, and from then on at most so often.
QUIET_SECONDS: Final = 60.0


class Tally:
    """How often each thing happened since it was last said."""

    def __init__(self, event: str) -> None:
        self._event = event
        self._since_said: Counter[str] = Counter()
        self._due: asyncio.TimerHandle | None = None

    def note(self, reason: str) -> None:
        """Count one; the first in a quiet minute is said at once."""
        self._since_said[reason] += 1
        if self._due is None:
            self._say()

    def _say(self) -> None:
        """Say what was counted, and be silent for a minute; nothing in that minute ends it."""
        self._due = None
        if not self._since_said:
            return
        counted = dict(sorted(self._since_said.items()))
        self._since_said.clear()
        log.warning(self._event, times=sum(counted.values()), reasons=counted)
        self._due = asyncio.get_running_loop().call_later(QUIET_SECONDS, self._say)
