"""A command on a busy machine: beside it, processes count for nothing until it ends.

    python -m tests.support.busy [--loops N] COMMAND [WORD ...]

The exit code is the command's own.
"""

import argparse
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

LOOPS = 3
#: Ends by itself once whoever started it is gone, however that came about: then nothing holds its input open.
_LOOP = """
import os, threading
def watch():
    os.read(0, 1)
    os._exit(0)
threading.Thread(target=watch).start()
while True:
    pass
"""


@contextmanager
def busy_machine(loops: int = LOOPS) -> Iterator[list[subprocess.Popen[bytes]]]:
    """So many processes that take all of a core each, if they get it, until the end of the block."""
    started: list[subprocess.Popen[bytes]] = []
    try:
        started.extend(
            subprocess.Popen([sys.executable, "-c", _LOOP], stdin=subprocess.PIPE) for _ in range(loops)
        )
        yield started
    finally:
        for process in started:
            process.kill()
            process.communicate()


def run_busy(command: Sequence[str], loops: int = LOOPS) -> int:
    """Run a command on a busy machine.

    Returns:
        Its exit code; 128 and the signal's number when a signal ended it, as shells have it.
    """
    with busy_machine(loops):
        # Ctrl-C reaches the command too, and it is the command that decides how to end.
        heard = signal.signal(signal.SIGINT, lambda *_: None)
        try:
            code = subprocess.call(command)
        finally:
            signal.signal(signal.SIGINT, heard)
    return code if code >= 0 else 128 - code


def main() -> int:
    """Read the command line and run what it names."""
    parser = argparse.ArgumentParser(
        prog="tests.support.busy", description="Run a command on a busy machine."
    )
    parser.add_argument("--loops", type=int, default=LOOPS, help="busy processes beside it (%(default)s)")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    asked = parser.parse_args()
    if not asked.command:
        parser.error("name a command")
    return run_busy(asked.command, asked.loops)


if __name__ == "__main__":
    sys.exit(main())
