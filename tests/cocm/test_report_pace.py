"""What `cocm report` says of how well closed months were forecast."""

import json
from datetime import date
from pathlib import Path

import pytest

from billing.people import MemberRole
from services.context import Context
from storage import Database
from tests.services.months.test_pace_record import simulated
from tests.support.commands import Run
from tests.support.practice import TryPractice
from tests.support.simulated import move_in

TITLE = "How the pace was forecast"
FEBRUARY = ("report", "2026-02")


@pytest.fixture
def closed(cocm: Run, sqlite_url: str) -> Run:
    """A practice whose February is closed."""
    cocm("migrate")
    database = Database.open(sqlite_url)
    practice = TryPractice(database)

    def fill(context: Context) -> None:
        uow = context.uow
        move_in(uow, simulated(), date(2026, 3, 5))
        uow.members.add(slack_user_id="U0SAM", display_name="Sam", roles=frozenset({MemberRole.BILLER}))
        uow.commit()

    practice.do(fill)
    database.close()
    cocm("close", "2026-02", "--by", "Sam")
    return cocm


def test_a_table_says_it_of_closed_months_alone(closed: Run) -> None:
    """A row a closed month, under the sentences; nothing of January, which is open, or where it is not wanted."""
    said = closed(*FEBRUARY).stdout.decode()
    head, row = said.partition(TITLE)[2].split("2026-02")
    assert "Brier score" in head
    assert "Straight line" in head
    assert len(row.split()) == 12
    assert TITLE not in closed("report", "2026-01").stdout.decode()
    assert TITLE not in closed(*FEBRUARY, "--no-pace").stdout.decode()
    assert TITLE in closed("report", "2026-01", "--to", "2026-02").stdout.decode()


def test_a_table_in_a_file_has_it_too(closed: Run) -> None:
    """What is written is what is shown."""
    closed(*FEBRUARY, "--output", "february.txt")
    assert TITLE in Path("february.txt").read_text(encoding="utf-8")


def test_json_has_it_when_asked(closed: Run) -> None:
    """As figures, under a key of its own; other files have no place for it."""
    assert "pace" not in json.loads(closed(*FEBRUARY, "--format", "json").stdout)
    (found,) = json.loads(closed(*FEBRUARY, "--format", "json", "--pace").stdout)["pace"]
    assert found["month"] == "2026-02"
    assert found["brier"] < min(found["brier_all"], found["brier_line"])
    assert found["reached"] <= found["forecasts"]
    said = closed(*FEBRUARY, "--format", "csv", "--pace", code=2).stderr.decode()
    assert "--format json" in said
