"""What the documents promise is what the program has, and the reverse."""

import re
from pathlib import Path

from bot.commands import COMMANDS
from cocm.cli import app
from cocm.settings import Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_setting_is_in_the_readme_and_every_setting_there_exists() -> None:
    """Names of environment variables in the README are exactly those that are read."""
    read = {(field.alias or name).upper() for name, field in Settings.model_fields.items()}
    named = set(re.findall(r"`((?:COCM|SLACK)_[A-Z_]+)`", README))
    assert named == read


def test_every_chat_command_is_in_the_readme() -> None:
    """Whatever `/cocm` answers is shown to newcomers."""
    assert [
        name for name in COMMANDS if name != "form" and f"/cocm {name}" not in README and name != "log"
    ] == []


def test_every_line_command_is_in_the_readme_or_its_own_help() -> None:
    """Each command of the command line says what it does."""
    commands = app.registered_commands
    assert commands
    assert [
        command.callback.__name__ for command in commands if command.callback and not command.callback.__doc__
    ] == []


def test_no_document_links_to_a_file_that_is_not_there() -> None:
    """Relative links in the documents lead somewhere."""
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
