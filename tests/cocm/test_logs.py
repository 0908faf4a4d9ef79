"""What the log says of a whole session: enough to find a fault, and nothing that a person typed."""

import logging
import re
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager

import pytest
import structlog

from cocm import logs
from services.entries import overviews
from storage import Database
from tests.support.bot import ANA, BEN, clinic_at_work

SECRETS = re.compile(r"MRN|98765|aardvark|zebra|P-[0-9A-Z]{4}\b", re.IGNORECASE)


@contextmanager
def loudest_logging() -> Iterator[None]:
    """Logging as the program sets it up, at its loudest; put back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    logs.configure("json", level=logging.DEBUG)
    root.handlers += handlers
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        logging.raiseExceptions = True
        structlog.reset_defaults()


async def test_no_log_line_names_a_patient_or_repeats_a_note(
    database: Database,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Commands, messages, clicks, forms, refusals and crashes at DEBUG: no MRN, handle or word of a note."""
    async with AsyncExitStack() as stack:
        stack.enter_context(loudest_logging())
        clinic = await stack.enter_async_context(clinic_at_work(database))
        ana, ben = clinic.slack.person(ANA), clinic.slack.person(BEN)
        (receipt,) = await ana.command("/cocm log 15m MRN98765 aardvark phone check-in")
        await ana.command("/cocm log 15m MRN98765 aardvark phone check-in")
        await ana.command("/cocm log soon MRN98765 zebra")
        await ana.command("/cocm status MRN98756")
        await ana.command("/cocm frobnicate MRN98765 zebra")
        await ana.say("20m MRN98765 zebra coordination")
        await ana.sees("Logged 20 min")
        await ben.say("edit of MRN98765 zebra")
        await ana.click(receipt, "Undo")
        await ana.home()

        def crash(*_: object, **__: object) -> None:
            raise RuntimeError("MRN98765 zebra is in this text")

        monkeypatch.setattr(overviews, "today", crash)
        await ana.command("/cocm today")
    captured = capfd.readouterr()
    said = captured.out + captured.err + caplog.text
    assert "unexpected error" in said
    assert "RuntimeError" in said
    assert [line for line in said.splitlines() if SECRETS.search(line)] == []
