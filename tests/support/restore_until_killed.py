"""A program that restores a backup, and is killed while it writes over the database.

Usage: python -m tests.support.restore_until_killed BACKUP DATABASE ASIDE
"""

import os
import signal
import sys
from pathlib import Path

from storage import restoring
from tests.support.storing import NOW


def main(file: Path, target: Path, aside: Path) -> None:
    """Restore, and die once some pages are written."""
    restoring._STEP = 5

    def die(_status: int, left: int, _all: int) -> None:
        if left:
            os.kill(os.getpid(), signal.SIGKILL)

    with restoring.Restore.begin(file, target) as restore:
        restore.run(aside, made_at=NOW, program="0", progress=die)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
