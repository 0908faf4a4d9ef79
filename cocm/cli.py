"""The command line: which command stands where. Names, output formats and exit codes are stable."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module, metadata
from typing import TYPE_CHECKING

from cocm.collector import calm
from cocm.errors import CommandFault

if TYPE_CHECKING:
    import typer
    from typer.models import CommandInfo

#: The module of each command, in the order of the help. A process loads the one that it was called for, and no other.
MODULES = {
    "cocm.bot_commands": ("demo", "serve", "parse", "tick", "doctor", "ready", "version"),
    "cocm.import_commands": ("import", "imports"),
    "cocm.billing_commands": ("payers", "report", "close", "reopen", "audit"),
    "cocm.claim_commands": ("submitted", "overpaid"),
    "cocm.claim_file_commands": ("claims", "practice"),
    "cocm.house_commands": ("backup", "migrate", "restore"),
    "cocm.keys_commands": ("keys",),
    "cocm.people_commands": ("members", "roles"),
    "cocm.retention_commands": ("retention",),
    "cocm.practice_commands": ("settings", "rules"),
}


def main() -> None:
    """Run the command line; a fault is one plain sentence and its exit code, never a traceback."""
    calm()
    words = sys.argv[1:]
    if words == ["version"]:
        say_version()
        return
    # What the program makes names patients, so only its owner may read any of it.
    others = os.umask(0o077)
    try:
        program(words)()
    except CommandFault as fault:
        from cocm.terminal import err  # noqa: PLC0415 - loads a library that most commands do without

        err.print(str(fault), markup=False)
        sys.exit(fault.exit_code)
    finally:
        os.umask(others)


def program(words: Sequence[str] = ()) -> "typer.Typer":
    """The command that the words name; all of them when they name none, as for the help."""
    import typer  # noqa: PLC0415 - a fifth of a second, which `version` does without

    app = typer.Typer(
        name="cocm",
        help="Collaborative Care minutes, from chat to claim.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        callback=_has_commands,
    )
    asked = words[0] if words else ""
    found = [module for module, names in MODULES.items() if asked in names]
    for module in found or MODULES:
        commands: typer.Typer = import_module(module).commands
        if found:
            commands = _only(commands, asked)
        app.add_typer(commands)
    return app


def _only(commands: "typer.Typer", name: str) -> "typer.Typer":
    """One command or group of a module: making a command ready to be called takes some milliseconds each."""
    import typer  # noqa: PLC0415 - see `program`

    one = typer.Typer()
    one.registered_commands = [each for each in commands.registered_commands if name_of(each) == name]
    one.registered_groups = [each for each in commands.registered_groups if each.name == name]
    return one


def name_of(command: "CommandInfo") -> str:
    """How a command is called."""
    return command.name or (command.callback.__name__ if command.callback else "")


def say_version() -> None:
    """Print the version."""
    sys.stdout.write(f"{metadata.version('cocm-minutes')}\n")


def _has_commands() -> None:
    """A program of a single command would take that command's name for an argument."""
