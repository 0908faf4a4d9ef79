r"""What people type, and what is understood: every block of `table/*.txt` holds.

A block is the typed text behind `>` (`\n`, `\t`, `\xNN` and `\uNNNN` as in Python), then what it means:

    = identity time date [from-to] activity "note" [further=values]     an entry
    ! sentence                                                          a remark on the entry above
    ? code: answer | answer                                             a question before storing
    x code "marked word" => example                                     a problem
    command argument                                                    a command other than log

`@` sets the present instant and the zone for what follows, `roster` the numbers on the roster.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.grammar import ParseContext, Parsed, parse
from bot.grammar.commands.help import HelpArguments
from bot.grammar.commands.status import StatusArguments
from services.entries.requests import LogRequest
from tests.support.examples import is_whole

TABLES = sorted((Path(__file__).parent / "table").glob("*.txt"))


@dataclass(frozen=True)
class Row:
    """One text and what it means."""

    where: str
    text: str
    context: ParseContext
    meaning: tuple[str, ...]


def rows_of(path: Path) -> Iterator[Row]:
    """The blocks of one table."""
    context = ParseContext(
        now=datetime.fromisoformat("2026-11-18T20:30:00Z"), zone=ZoneInfo("America/New_York")
    )
    text, start, meaning = None, 0, []
    for number, line in enumerate([*path.read_text("utf-8").splitlines(), ""], 1):
        if text is not None and (not line.strip() or line.startswith((">", "#", "@ ", "roster "))):
            yield Row(f"{path.name}:{start}", text, context, tuple(meaning))
            text, meaning = None, []
        if line.startswith("@ "):
            instant, zone = line[2:].split()
            context = ParseContext(
                now=datetime.fromisoformat(instant).astimezone(ZoneInfo(zone)),
                zone=ZoneInfo(zone),
                roster=context.roster,
            )
        elif line.startswith("roster"):
            context = ParseContext(now=context.now, zone=context.zone, roster=frozenset(line.split()[1:]))
        elif line.startswith(">"):
            text, start = unescaped(line[2:]), number
        elif text is not None:
            meaning.append(line.strip())


def unescaped(text: str) -> str:
    """Backslash escapes to the characters they stand for, all else as it is."""
    return text.encode("latin-1", "backslashreplace").decode("unicode-escape") if "\\" in text else text


def argument(parsed: Parsed) -> str | None:
    """The patient of a `status`, the topic of a `help`."""
    match parsed.arguments:
        case StatusArguments(patient=patient):
            return patient.identity or patient.handle
        case HelpArguments(topic=topic):
            return topic
    return None


def meaning_of(text: str, parsed: Parsed) -> Iterator[str]:
    """What a text was understood to mean, in the table's own words."""
    if parsed.command != "log":
        near = parsed.suggestion and f"(near {parsed.suggestion})"
        yield " ".join(filter(None, (parsed.command, argument(parsed), near)))
    for line in parsed.draft.lines if parsed.draft else ():
        for request in line.requests:
            yield entry(request)
            yield from (f"! {remark}" for remark in request.remarks)
        if line.question:
            yield f"? {line.question.code}: {' | '.join(choice.label for choice in line.question.choices)}"
    for line in parsed.doubted.lines if parsed.doubted else ():
        assert line.question is not None
        yield f"? {line.question.code}: {' | '.join(choice.label for choice in line.question.choices)}"
    for problem in parsed.problems:
        yield f'x {problem.code} "{text[problem.start : problem.end]}" => {problem.example}'.rstrip()


def entry(request: LogRequest) -> str:
    """One entry in one line."""
    further = {
        "by": request.performed_by,
        "with": ",".join(request.partners),
        "outcome": request.outcome,
        "next": request.next_contact,
        "or": request.other_date,
    }
    minutes, seconds = divmod(request.seconds, 60)
    clock = (request.started_at, request.ended_at)
    words = (
        "=",
        request.patient.identity or request.patient.handle,
        f"{minutes}m" + (f"{seconds}s" if seconds else ""),
        request.service_date.isoformat(),
        f"{clock[0]:%H:%M}-{clock[1]:%H:%M}" if clock[0] and clock[1] else None,
        request.activity.value,
        f'"{request.note}"',
        *(f"{name}={value}" for name, value in further.items() if value),
    )
    return " ".join(filter(None, words))


ROWS = [row for path in TABLES for row in rows_of(path)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.where} {row.text[:60]!r}")
def test_text_means_what_the_table_says(row: Row) -> None:
    """A typed text means exactly what its block says: entries, remarks, questions, problems."""
    assert list(meaning_of(row.text, parse(row.text, row.context))) == list(row.meaning)


REFUSED = [row for row in ROWS if any(line.startswith("x ") for line in row.meaning)]


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: f"{row.where} {row.text[:60]!r}")
def test_every_example_is_understood(row: Row) -> None:
    """The line that a problem offers is itself understood, and as an entry when an entry was meant."""
    parsed = parse(row.text, row.context)
    for problem in parsed.problems:
        if not is_whole(problem.example):
            continue
        fixed = parse(problem.example, row.context)
        assert fixed.ok
        assert parsed.command in {fixed.command, "unknown"} or problem.code == "mixed_commands"


def test_the_table_is_long_and_never_repeats() -> None:
    """At least three hundred different texts are laid down."""
    told_apart = {(row.text, row.context.now, row.context.roster) for row in ROWS}
    assert len(told_apart) == len(ROWS) >= 300
