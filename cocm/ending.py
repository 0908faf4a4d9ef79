"""Ends the program in time once it has been told to end, whatever hangs: a database, Slack, a connection."""

import os
import threading
from typing import Final

import structlog

from cocm.errors import EnvironmentFault

log = structlog.get_logger(__name__)

#: Whoever runs the program kills it after ten, as container platforms do by default.
SECONDS: Final = 8.0


class End:
    """A thread that waits for the program to be over, and then ends it: nothing that hangs can stop it."""

    _begun = threading.Event()

    @classmethod
    def within_seconds(cls, seconds: float = SECONDS) -> None:
        """Let the program end by itself for so long, counted from the first time that it was told to."""
        if cls._begun.is_set():
            return
        cls._begun.set()
        threading.Thread(target=cls._wait, args=(seconds,), name="end", daemon=True).start()

    @staticmethod
    def _wait(seconds: float) -> None:
        # Never set: the thread is gone with a program that ended by itself.
        threading.Event().wait(seconds)
        log.error("ended with work under way", seconds=seconds)
        # What was acknowledged is in the database, or its own delivery comes again; see docs/reliability.md.
        os._exit(EnvironmentFault.exit_code)
