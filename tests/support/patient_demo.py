"""`cocm demo` in front of a Slack that waits for a slow machine: the whole program, but for Slack's few seconds.

python -m tests.support.patient_demo --no-open --port 4000
python -m tests.support.patient_demo --no-open --port 4000 --at 2026-11-18T20:10:00+00:00

With `--at` its clock begins at that instant, so that a day in front of it is the same every day. With `--newcomer`
there is somebody besides whom nobody has let in yet, and who has to ask.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from unittest.mock import patch

from cocm import cli, demo
from cocm.settings import Settings
from sandbox.config import User
from tests.support.serve_patiently import be_patient
from tests.support.slack import WAIT_SECONDS

#: Who is in the workspace and not in the practice.
NEWCOMER = User(id="U0DEMONEW", name="noor", real_name="Noor Haddad", display_name="Noor Haddad")


class ClockFrom:
    """A clock that begins at an instant and goes on from there."""

    def __init__(self, instant: datetime) -> None:
        self._instant, self._begun = instant, time.monotonic()

    def now(self) -> datetime:
        """Aware."""
        return self._instant + timedelta(seconds=time.monotonic() - self._begun)


def _asking(settings: Callable[[int], Settings], port: int) -> Settings:
    """The demo's settings, but that somebody unknown has to ask."""
    return settings(port).model_copy(update={"unknown_member": "ask"})


def main() -> None:
    """Run the demo with the options given, until told to stop."""
    options, run = sys.argv[1:], demo.demo
    if "--at" in options:
        place = options.index("--at")
        _, instant = options[place : place + 2]
        options[place : place + 2] = []
        run = partial(demo.demo, clock=ClockFrom(datetime.fromisoformat(instant)))
    config = replace(demo.sandbox_config(), ack_seconds=WAIT_SECONDS, trigger_seconds=WAIT_SECONDS)
    settings = demo.demo_settings
    if "--newcomer" in options:
        options.remove("--newcomer")
        general, *others = config.channels
        general = replace(general, members=(*general.members, NEWCOMER.id))
        config = replace(config, users=(*config.users, NEWCOMER), channels=(general, *others))

        settings = partial(_asking, demo.demo_settings)

    be_patient()
    with (
        patch.object(demo, "sandbox_config", lambda: config),
        patch.object(demo, "demo_settings", settings),
        patch.object(demo, "demo", run),
        patch.object(sys, "argv", ["cocm", "demo", *options]),
    ):
        cli.main()


if __name__ == "__main__":
    main()
