"""Logs of a program that is killed with SIGKILL."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def log_until_killed(url: str, writes: int, acknowledgments: int) -> set[str]:
    """Start a program that logs, kill it after so many acknowledgments, and return all that it gave."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.log_until_killed", url, str(writes)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    with process:
        try:
            assert process.stdout.readline() == "ready\n"
            process.stdin.write("go\n")
            process.stdin.flush()
            heard = [process.stdout.readline() for _ in range(acknowledgments)]
        finally:
            process.kill()
        # What it said before it died, but we had not heard yet, was acknowledged too.
        heard += process.stdout.readlines()
    return {line.removesuffix("\n") for line in heard if line.endswith("\n")}
