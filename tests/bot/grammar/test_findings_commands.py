"""What findings tell people to type is what the grammar and the imports understand."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from billing.findings.registry import ROWS
from billing.findings.row import Row
from bot.grammar import ParseContext, parse
from services.imports.load import LOADERS

CONTEXT = ParseContext(now=datetime(2026, 11, 18, 20, 30, tzinfo=UTC), zone=ZoneInfo("America/New_York"))


@pytest.mark.parametrize("row", ROWS, ids=[row.code for row in ROWS])
def test_each_command_in_what_to_do_is_understood(row: Row) -> None:
    """What is told to be typed parses without a problem, in chat or as a kind of import that there is."""
    for command in re.findall(r"`([^`]+)`", row.to_do):
        verb, _, rest = command.partition(" ")
        if verb == "/cocm":
            parsed = parse(rest, CONTEXT)
            assert parsed.command != "log"
            assert parsed.problems == ()
        else:
            assert verb == "cocm"
            assert rest.split()[0] == "import"
            assert rest.split()[1] in LOADERS
