"""The commands are the files of `bot/grammar/commands`, and nothing else names them all."""

from pathlib import Path

import pytest

from bot.grammar import COMMANDS, Section, call, commands
from bot.grammar.registry import BY_WORD, RESERVED, commands_in


def test_every_file_is_the_command_of_its_name() -> None:
    """A command is found by its name, and a file that is there can be said."""
    files = {file.stem for file in Path(commands.__path__[0]).glob("*.py")} - {"__init__"}
    assert {command.name for command in COMMANDS} == files


def test_help_lists_the_commands_by_section_and_place() -> None:
    """No two commands share a place, so that their order never depends on the names of files."""
    places = [(command.section, command.place) for command in COMMANDS]
    assert places == sorted(set(places))
    assert {command.section for command in COMMANDS} == set(Section)


def test_no_word_calls_two_commands() -> None:
    """Names, aliases and the words kept for later are all different."""
    words = [word for command in COMMANDS for word in command.words]
    assert len(words) == len(set(words)) == len(BY_WORD)
    assert RESERVED.isdisjoint(words)


def test_a_file_without_a_command_is_refused_at_start() -> None:
    """A helper that strays among the commands is named at once, not missed in silence."""
    with pytest.raises(TypeError, match=r"bot\.grammar\.call\.bare has no COMMAND"):
        commands_in(call)
