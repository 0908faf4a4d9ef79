"""A program that logs entries as fast as it can and says which are acknowledged, until it is killed.

Usage: python -m tests.support.log_until_killed URL COUNT

It says `ready`, waits for a line on standard input, and keeps COUNT entries asked for at any time; it writes
the key of each entry the moment it is acknowledged, and never ends by itself.
"""

import itertools
import queue
import sys
from concurrent.futures import Future

from storage import Database, UnitOfWork
from tests.support.storing import NOW, SmallPractice, small_practice


def main(url: str, count: int) -> None:
    """Log, and say so."""
    database = Database.open(url)
    practice = small_practice(database)
    say("ready")
    sys.stdin.readline()
    ended: queue.SimpleQueue[tuple[str, Future[None]]] = queue.SimpleQueue()
    for number in itertools.count():
        key = f"key-{number}"
        log(database, practice, key).add_done_callback(lambda future, key=key: ended.put((key, future)))  # type: ignore[misc]
        if number >= count:
            acknowledged, future = ended.get()
            future.result()
            say(acknowledged)


def log(database: Database, practice: SmallPractice, key: str) -> Future[None]:
    """Ask for one entry, with a note by which it is known again."""

    def work(uow: UnitOfWork) -> None:
        entry = practice.entry(note=key)
        receipt = uow.ledger.append(
            [entry], by=practice.ana.member_id, at=NOW, source="chat", request_key=key
        )
        uow.audit.record(
            at=NOW, actor=practice.ana.member_id, action="logged", subject=f"receipt:{receipt.receipt_id}"
        )
        uow.commit()

    return database.write(work, tenant_id=practice.tenant_id)


def say(word: str) -> None:
    """One line, out at once."""
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
