"""What the documents say one may type is taken as it stands there, in chat and on the command line."""

import re
import shlex
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import typer.main
from typer.core import TyperGroup

from bot.grammar import ParseContext, parse
from bot.grammar.registry import BY_WORD
from cocm.cli import program

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
#: When the examples are typed: October is over, and November nearly so.
CONTEXT = ParseContext(now=datetime(2026, 11, 25, 20, 30, tzinfo=UTC), zone=ZoneInfo("America/New_York"))

#: Messages that a page gives because they are answered with a question or a refusal, and why.
REFUSED_ON_PURPOSE: dict[str, str] = {}
#: What a page says of a command or its option without what it is about, and is not typed like that.
NAMED_IN_PASSING = {"rules diff", "report --dates iso"}

_SPAN = re.compile(r"`(/?cocm(?: [^`\n]*)?)`")
_FENCED = re.compile(r"^ *```\w*\n(.*?)^ *```", re.MULTILINE | re.DOTALL)


def said() -> Iterator[tuple[str, str]]:
    """Each page's name with what may be typed there: spans, and what fenced lines begin, up to a blank line."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for block in _FENCED.findall(text):
            for part in re.split(r"\n\s*\n", block):
                if part.startswith("/cocm "):
                    yield page.name, part.strip()
                else:
                    yield from (
                        (page.name, line.strip()) for line in part.splitlines() if line.strip()[:5] == "cocm "
                    )
        yield from ((page.name, span) for span in _SPAN.findall(_FENCED.sub("", text)))


def typed(door: str) -> list[tuple[str, str]]:
    """What is typed at one door, each once a page; a command's name alone is no example but a mention."""
    found = dict.fromkeys(
        (page, text.removeprefix(door).strip()) for page, text in said() if text.split()[0] == door
    )
    return [(page, text) for page, text in found if len(text.split()) > 1]


CHAT, LINE = typed("/cocm"), typed("cocm")


def test_there_are_examples() -> None:
    """A page written otherwise than the others would take its examples out of sight."""
    assert len(CHAT) > 60
    assert len(LINE) > 50


@pytest.mark.parametrize(("page", "text"), CHAT, ids=[f"{page}: {text}" for page, text in CHAT])
def test_what_may_be_typed_in_chat_is_understood(page: str, text: str) -> None:
    """Without a question, with nothing left over, and by the command that it begins with."""
    parsed = parse(text, CONTEXT)
    if text in REFUSED_ON_PURPOSE:
        assert not parsed.ok
        return
    assert [problem.code for problem in parsed.problems] == [], page
    assert parsed.draft is None or not parsed.left
    if first := BY_WORD.get(text.split(maxsplit=1)[0]):
        assert parsed.command == first.name


@pytest.mark.parametrize(("page", "text"), LINE, ids=[f"{page}: {text}" for page, text in LINE])
def test_what_may_be_typed_on_the_command_line_has_its_command_and_options(page: str, text: str) -> None:
    """Every command, option and value is one that there is; nothing is run."""
    if text in NAMED_IN_PASSING:
        return
    words = ["patients" if word == "KIND" else word for word in shlex.split(text, comments=True)]
    command, context, name = typer.main.get_command(program()), None, "cocm"
    while isinstance(command, TyperGroup):
        context = command.make_context(name, words, parent=context)
        words = [*context._protected_args, *context.args]
        if not words:
            return
        name, found, words = command.resolve_command(context, words)
        assert found is not None, page
        command = found
    if "--help" not in words:
        command.make_context(name, words, parent=context)
