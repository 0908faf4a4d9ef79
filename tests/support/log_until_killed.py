"""A program that logs entries as fast as it can and says which are acknowledged, until it is killed.

Usage: python -m tests.support.log_until_killed URL COUNT

It says `ready`, waits for a line on standard input, asks for COUNT entries at once, and writes the key of
each entry the moment it is acknowledged.
"""

import sys
from concurrent.futures import Future, as_completed

from storage import Database, UnitOfWork
from tests.support.storing import NOW, SmallPractice, small_practice


def main(url: str, count: int) -> None:
    """Log, and say so."""
    database = Database.open(url)
    practice = small_practice(database)
    say("ready")
    sys.stdin.readline()
    keys = {log(database, practice, f"key-{number}"): f"key-{number}" for number in range(count)}
    for future in as_completed(keys):
        future.result()
        say(keys[future])


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
