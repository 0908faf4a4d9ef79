"""`cocm serve --http` at another hour: the whole program, but that its clock is ahead of the machine's.

    python -m tests.support.serve_ahead SECONDS

The settings come from the environment, the port is any free one, and it ends like `cocm serve`.
"""

import asyncio
import os
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta

from cocm import logs
from cocm.serving import serve
from cocm.settings import load
from services.clock import SystemClock
from tests.support.serve_patiently import be_patient


@dataclass(frozen=True, slots=True)
class ClockAhead:
    """The machine's clock, put forward."""

    ahead: timedelta

    def now(self) -> datetime:
        """What it shows."""
        return SystemClock().now() + self.ahead


def main(seconds: float) -> None:
    """Serve until told to stop."""
    be_patient()
    settings = load()
    logs.configure(settings.log_format)
    # As the command line does: Bolt would ask Slack about it on every request.
    os.environ.pop("SLACK_BOT_TOKEN", None)
    clock = ClockAhead(timedelta(seconds=seconds))
    asyncio.run(serve(settings, over_http=True, host="127.0.0.1", port=0, with_scheduler=True, clock=clock))


if __name__ == "__main__":
    main(float(sys.argv[1]))
