"""Logs while something large is being written: each person is told the truth, in time, in their own place."""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from datetime import date
from unittest.mock import patch

import pytest

from bot import slow_answers
from storage import Database, UnitOfWork
from tests.support.bot import ANA, Clinic, clinic_at_work
from tests.support.commands import Run
from tests.support.slack import words

LINE = "/cocm log 15m MRN123 phone check-in"


@pytest.fixture
async def clinic(sqlite_url: str) -> AsyncIterator[Clinic]:
    database = Database.open(sqlite_url)
    async with clinic_at_work(database) as at_work:
        yield at_work
    database.close()


@contextmanager
def kept_by_an_import(url: str) -> Iterator[None]:
    """Have the file written by another program that takes longer than Slack waits."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with patch.object(slow_answers, "BEGIN_SECONDS", 0.05):
            yield
        other.execute("ROLLBACK")


def seconds_logged(clinic: Clinic) -> int:
    """All that is on file."""

    def added_up(uow: UnitOfWork) -> int:
        return sum(entry.seconds for entry in uow.ledger.month(date.min, date.max))

    practice = clinic.program.practice
    return practice.database.read(added_up, tenant_id=practice.tenant_id).result()


async def test_a_log_that_cannot_be_stored_in_time_is_said_not_to_be_and_is_not(
    clinic: Clinic, sqlite_url: str
) -> None:
    """By a message and by a command; the same words are stored once the file is free, once each."""
    ana = clinic.slack.person(ANA)
    await ana.command("/cocm log 10m MRN123 chart review")
    with kept_by_an_import(sqlite_url):
        await ana.say("log 20m MRN123 care plan")
        await ana.sees("Nothing of yours was saved")
        (busy,) = await ana.command(LINE)
        assert "Nothing of yours was saved. Send it again in a minute." in words(busy)
    assert seconds_logged(clinic) == 600
    (stored,) = await ana.command(LINE)
    assert "25 of 70" in words(stored)
    assert seconds_logged(clinic) == 25 * 60


async def test_a_log_that_is_saved_late_is_answered_later_with_what_became_of_it(clinic: Clinic) -> None:
    """Nobody is told that it failed, nor asked to send again what is stored already."""
    ana = clinic.slack.person(ANA)
    with patch.object(slow_answers, "ANSWER_SECONDS", 0):
        (waiting,) = await ana.command(LINE)
    assert "Do not send it again" in words(waiting)
    assert "15 of 70" in words(await ana.sees("15 min for MRN123"))
    assert seconds_logged(clinic) == 900


def test_a_command_that_finds_the_file_in_use_says_so(cocm: Run, sqlite_url: str) -> None:
    """It is neither the address nor the disk that is at fault."""
    with (
        kept_by_an_import(sqlite_url),
        patch("storage.sqlite.PATIENT_SECONDS", 0.05),
        patch("storage.patience.PATIENT_SECONDS", 0.05),
    ):
        done = cocm("migrate", code=3)
    assert "Nothing of yours was saved" in done.stderr.decode()
    assert "COCM_DATABASE_URL" not in done.stderr.decode()
