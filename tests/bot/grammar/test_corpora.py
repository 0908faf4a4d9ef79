"""Expressions from public corpora, put into lines: `tests/data/corpora/*.tsv` say where each is from.

A row is the present instant, what is expected, and the text:

    ask                 asked about or refused: no work done, or no one day, or no one length
    s=900 d=2016-11-07  stored as so many seconds on that day; `b=` and `e=` are the clock times, `p=` the patient
    s=3600+10800        two entries

What is asked about although a reading is expected is no fault; what is stored with another reading is.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.grammar import ParseContext, as_json, parse

CORPORA = sorted((Path(__file__).parents[2] / "data" / "corpora").glob("*.tsv"))
#: Percent of the rows with an expected reading that are read without a question.
READ_UNASKED = {"chrono": 83, "duckling": 86, "recognizers_text": 93}
_ZONES = {-5: ZoneInfo("America/New_York"), 0: ZoneInfo("UTC"), -2: ZoneInfo("Etc/GMT+2")}
_HALF_DAY = 720


@dataclass(frozen=True)
class Row:
    """One text, and what must become of it."""

    now: datetime
    expected: str
    text: str


def rows_of(path: Path) -> Iterator[Row]:
    """The rows of one table."""
    for line in path.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            now, expected, text = line.split("\t")
            yield Row(datetime.fromisoformat(now), expected, text)


def outcome(row: Row) -> str:
    """`asked`, `right`, or `wrong` for what is stored in silence and is something else."""
    offset = row.now.utcoffset()
    assert offset is not None
    zone = _ZONES[offset // timedelta(hours=1)]
    plain = as_json(parse(row.text, ParseContext(now=row.now, zone=zone)))
    if not plain["ok"] or plain["questions"] or plain["command"] != "log":
        return "asked"
    return "right" if _is_as_expected(plain["entries"], row.expected) else "wrong"


def _is_as_expected(entries: list[dict[str, Any]], expected: str) -> bool:
    if expected == "ask":
        return False
    wanted = dict(part.split("=") for part in expected.split())
    seconds = wanted.pop("s", "")
    if seconds and "+".join(str(entry["seconds"]) for entry in entries) != seconds:
        return False
    names = {"d": "service_date", "p": "identity", "b": "started_at", "e": "ended_at"}
    return all(_is_same(entries[0][names[key]], value) for key, value in wanted.items())


def _is_same(found: str | None, wanted: str) -> bool:
    """Clock times without am or pm agree when they are twelve hours apart."""
    if found is not None and ":" in wanted:
        return (_minutes(found) - _minutes(wanted)) % _HALF_DAY == 0
    return found == wanted


def _minutes(clock: str) -> int:
    hours, minutes = clock[:5].split(":")
    return int(hours) * 60 + int(minutes)


@pytest.mark.parametrize("path", CORPORA, ids=lambda path: path.stem)
def test_nothing_is_stored_wrong_in_silence(path: Path) -> None:
    """Each text is read as expected, asked about or refused."""
    assert [(row.text, row.expected) for row in rows_of(path) if outcome(row) == "wrong"] == []


@pytest.mark.parametrize("name", READ_UNASKED)
def test_most_of_what_can_be_read_is_read_unasked(name: str) -> None:
    """Of the texts that have a reading, at least the percentage above is stored without a question."""
    path = next(path for path in CORPORA if path.stem == name)
    counts = Counter(outcome(row) for row in rows_of(path) if row.expected != "ask")
    assert 100 * counts["right"] // counts.total() >= READ_UNASKED[name]


def test_the_tables_are_long_and_never_repeat() -> None:
    """At least two thousand different texts, each table with its project and license at its head."""
    rows = [row for path in CORPORA for row in rows_of(path)]
    assert len({(row.now, row.text) for row in rows}) == len(rows) >= 2000
    for path in CORPORA:
        head = path.read_text("utf-8").splitlines()[0]
        assert "https://github.com/" in head
        assert "commit" in head
        assert "License" in head or "CC BY" in head
