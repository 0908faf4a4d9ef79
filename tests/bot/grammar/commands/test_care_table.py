"""What people type about care, and what it means, laid down in `care_table/*.txt`.

    > consent MRN123 verbal on 11/3 cost-sharing
    = GiveConsent 123 on=2026-11-03 kind=verbal cost_sharing=True
    > assess MRN123 PHQ-9 41
    x score_range "PHQ-9 41" => assess MRN123 PHQ-9 14

`=` is what is understood, line by line, `!` what the receipt must say, `x` a problem with the words it marks and the
line that fixes it, `?` a question with its answers. It is Wednesday 2026-11-18, 3:30 pm in New York; 123 and 124 are on
the roster.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.grammar import COMMANDS, ParseContext, Parsed, as_json, parse
from bot.grammar.call.line import CareArguments
from bot.grammar.commands.review import HourArguments
from bot.grammar.text.wordlists import words
from services.care.requests import Measured, Reviews
from services.entries.requests import LogRequest
from services.people.patient_ref import PatientRef
from tests.support.examples import is_whole

CONTEXT = ParseContext(
    now=datetime.fromisoformat("2026-11-18T20:30:00Z"),
    zone=ZoneInfo("America/New_York"),
    roster=frozenset({"123", "124"}),
)
TABLES = sorted((Path(__file__).parent / "care_table").glob("*.txt"))
CARE = ("enroll", "consent", "assess", "review", "assign", "admit", "discharge", "state", "attest")


@dataclass(frozen=True)
class Row:
    """One text and what it means."""

    where: str
    text: str
    meaning: tuple[str, ...]


def rows_of(path: Path) -> Iterator[Row]:
    """The blocks of one table."""
    for block in path.read_text("utf-8").split("\n\n"):
        lines = [line for line in block.strip().splitlines() if not line.startswith("#")]
        if lines:
            yield Row(path.name, lines[0].removeprefix("> ").replace("\\n", "\n"), tuple(lines[1:]))


def meaning_of(text: str, parsed: Parsed) -> Iterator[str]:
    """What a text was understood to mean, in the table's own words."""
    if isinstance(parsed.arguments, CareArguments):
        asked = parsed.arguments.request
        lines = asked.lines if isinstance(asked, Reviews) else (asked,)
        for line in lines:
            said = [shown for each in fields(line) if (shown := _shown(each.name, getattr(line, each.name)))]
            yield " ".join(("=", type(line).__name__, *said))
        yield from (f"! {remark}" for remark in asked.remarks)
        if isinstance(asked, Reviews) and asked.asks:
            yield f"? {asked.asks}"
            for label, found in asked.answers:
                entries = ", ".join(_plain(entry) for review in found for entry in review.entries)
                yield f"? {label}: {entries}"
    if isinstance(parsed.arguments, HourArguments):
        said = [f"consultant={parsed.arguments.consultant}"] if parsed.arguments.consultant else []
        yield " ".join(("= HourArguments", *said))
    for problem in parsed.problems:
        yield f'x {problem.code} "{text[problem.start : problem.end]}" => {problem.example}'.rstrip()


def _shown(name: str, value: Any) -> str:
    if name == "remarks" or value is None or value in (False, "", ()):  # what was not said
        return "cost_sharing=False" if name == "cost_sharing" and value is False else ""
    if name == "patient":
        return _plain(value)
    return f"{name}={_plain(value)}"


def _plain(value: Any) -> str:
    if isinstance(value, PatientRef):
        return value.identity or value.handle or ""
    if isinstance(value, Measured):
        said = "" if value.answer is None else f" answer {value.answer}"
        return f"{value.scale}:{value.value}{said}"
    if isinstance(value, LogRequest):
        clock = (
            f" {value.started_at:%H:%M}-{value.ended_at:%H:%M}" if value.started_at and value.ended_at else ""
        )
        return f"{value.patient.identity} {value.seconds}s{clock}"
    if isinstance(value, tuple):
        return "[" + "; ".join(_plain(each) for each in value) + "]"
    if isinstance(value, Enum):
        return str(value.value)
    return f'"{value}"' if isinstance(value, str) and " " in value else str(value)


ROWS = [row for path in TABLES for row in rows_of(path)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.where} {row.text[:60]!r}")
def test_text_about_care_means_what_the_table_says(row: Row) -> None:
    """A command about care means exactly what its block says: request, remarks, problems."""
    assert tuple(meaning_of(row.text, parse(row.text, CONTEXT))) == row.meaning


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.where} {row.text[:60]!r}")
def test_the_line_offered_is_understood(row: Row) -> None:
    """The line that a problem offers is understood as the same command."""
    parsed = parse(row.text, CONTEXT)
    for problem in parsed.problems:
        if not is_whole(problem.example):
            continue
        fixed = parse(problem.example, CONTEXT)
        assert fixed.ok, problem.example
        assert fixed.command in {parsed.command, "log"} or problem.code == "two_kinds"


def test_every_command_about_care_has_rows_and_a_working_example() -> None:
    """No command goes untried, and what its help shows is understood."""
    for command in COMMANDS:
        if command.name in CARE:
            assert sum(row.text.startswith(command.name) for row in ROWS) >= 4, command.name
            assert parse(command.example, CONTEXT).ok, command.example
    assert len({row.text for row in ROWS}) == len(ROWS)


def test_what_was_understood_can_be_printed_as_json() -> None:
    """`cocm parse --json` shows every request field by field."""
    shown = as_json(parse("consent MRN123 written on 11/3", CONTEXT))
    assert shown["ok"] is True
    assert shown["arguments"]["request"]["on"] == "2026-11-03"
    assert shown["arguments"]["request"]["patient"]["identity"] == "123"


VOCABULARY = words(
    """
    MRN123 124 #9 P-7F3K 30m 2pm-2:25pm split each on 11/3 11/31 12/3 yesterday tomorrow friday last month october
    2026-10 2025-13 payer npi 1234567893 123 program cocm bhi foo @ana <@U1|ana> with by for me verbal written revoked
    corrected cost-sharing no not PHQ-9 phq GAD-7 14 41 -3 14/27 14.5 C-SSRS left until sent to pcp necessity
    item item9 q9 item10 2 0 positive negative EPDS
    non-duplication auth late consultant time last-day goals met hour, ; : | " ( ) & and ‘ — the 3rd 2 weeks ago since
    """
)


@settings(max_examples=300)
@given(st.sampled_from(CARE), st.lists(st.sampled_from(sorted(VOCABULARY)) | st.text(max_size=6), max_size=9))
def test_no_text_about_care_makes_the_reader_stumble(command: str, said: list[str]) -> None:
    """Whatever stands behind the command: understood or refused, never both, and what is offered is understood."""
    text = " ".join((command, *said))
    parsed = parse(text, CONTEXT)
    understood = isinstance(parsed.arguments, CareArguments | HourArguments)
    assert bool(parsed.problems) != understood or parsed.command not in CARE
    for problem in parsed.problems:
        assert 0 <= problem.start <= problem.end <= len(text)
        assert not is_whole(problem.example) or parse(problem.example, CONTEXT).ok, (text, problem.example)


@settings(max_examples=200)
@given(
    st.lists(st.lists(st.sampled_from(sorted(VOCABULARY)), max_size=6).map(" ".join), min_size=2, max_size=5)
)
def test_no_lines_of_reviews_make_the_reader_stumble(lines: list[str]) -> None:
    """Understood or refused; the seconds of a meeting that is divided add up, whatever the lines hold."""
    parsed = parse("review " + "\n".join(lines), CONTEXT)
    understood = isinstance(parsed.arguments, CareArguments | HourArguments)
    assert bool(parsed.problems) != understood or parsed.command not in CARE
    for problem in parsed.problems:
        if is_whole(problem.example):
            assert parse(problem.example, CONTEXT).ok, problem.example
