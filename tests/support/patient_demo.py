"""`cocm demo` in front of a Slack that waits for a slow machine: the whole program, but for Slack's few seconds.

python -m tests.support.patient_demo --no-open --port 4000
"""

import sys
from dataclasses import replace
from unittest.mock import patch

from cocm import cli, demo
from tests.support.slack import WAIT_SECONDS


def main() -> None:
    """Run the demo with the options given, until told to stop."""
    config = replace(demo.sandbox_config(), ack_seconds=WAIT_SECONDS, trigger_seconds=WAIT_SECONDS)
    with (
        patch.object(demo, "sandbox_config", lambda: config),
        patch.object(sys, "argv", ["cocm", "demo", *sys.argv[1:]]),
    ):
        cli.main()


if __name__ == "__main__":
    main()
