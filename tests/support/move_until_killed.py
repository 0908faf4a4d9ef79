"""A program that moves a practice, and is killed when the copy has come to a table.

Usage: python -m tests.support.move_until_killed SOURCE TARGET_URL TABLE
"""

import os
import signal
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from storage import Database
from storage.moves import Move
from storage.moving import Moved


def move(source: Path, target: str, table: str, then: Callable[[], object]) -> Moved:
    """Move a practice; something happens when a table has been copied and not yet compared."""

    def progress(name: str, _rows: int) -> None:
        if name == table:
            then()

    with closing(Database.open(target)) as opened, Move.begin(source, opened) as moving:
        return moving.run(lambda _uow: None, progress)


if __name__ == "__main__":
    move(Path(sys.argv[1]), sys.argv[2], sys.argv[3], lambda: os.kill(os.getpid(), signal.SIGKILL))
