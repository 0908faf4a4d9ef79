"""Collects the commands from `bot/grammar/commands`."""

import importlib
import pkgutil
from types import ModuleType

from bot.grammar import commands
from bot.grammar.call.command import Command
from bot.grammar.text.wordlists import words


def commands_in(package: ModuleType) -> tuple[Command, ...]:
    """The `COMMAND` of each file of a package, in the order in which `help` lists them.

    The folder is the list, so that a new command is a new file and no change of another. The import contracts do
    not see these imports: no command may import this module.

    Raises:
        TypeError: for a file without a `COMMAND`.
    """
    found = []
    for file in pkgutil.iter_modules(package.__path__):
        command = getattr(importlib.import_module(f"{package.__name__}.{file.name}"), "COMMAND", None)
        if not isinstance(command, Command):
            raise TypeError(f"{package.__name__}.{file.name} has no COMMAND")
        found.append(command)
    return tuple(sorted(found, key=lambda command: (command.section, command.place)))


#: In the order in which `help` lists them.
COMMANDS = commands_in(commands)

#: Words kept for commands to come: never read as a note, so that nobody logs time by asking for something else.
RESERVED = words(
    """
    export team
    """
)

BY_WORD = {word: command for command in COMMANDS for word in command.words}
