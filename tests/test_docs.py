"""What the documents promise is what the program has, and the reverse."""

import re
from pathlib import Path

import pytest

from billing.people import MemberRole
from billing.practice_settings import SETTINGS
from billing.reliable_change import CHANGES
from billing.rules import PracticeRules
from bot.commands import COMMANDS
from bot.screens.morning import TITLES
from cocm.cli import app
from cocm.settings import Settings
from services.exports.columns import COLUMNS, CellForm
from services.exports.workbook import DAY_FORMS
from services.messages.headings import HEADINGS
from services.messages.kind import AnyKind, ChannelPost, NewcomerMessage
from services.messages.kinds import KINDS, RETIRED
from services.people.rights import ROLE_NAMES, TABLE

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
        name
        for name in COMMANDS
        if name not in {"form", "welcome"} and f"/cocm {name}" not in README and name != "log"
    ] == []


#: Kinds that are sent; what earlier versions planned has no row.
SENT = {name: kind for name, kind in KINDS.items() if name not in RETIRED}


def scheduled() -> dict[str, tuple[str, str]]:
    """To whom each kind of message goes and when, by its title, as the README says."""
    table = README.partition("| message | to whom |")[2].partition("\n\n")[0].splitlines()[2:]
    rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in table)
    return {message.partition(":")[0]: (audience, when) for message, audience, when in rows}


def test_scheduled_messages_are_what_the_readme_says_in_the_order_in_which_they_are_sent() -> None:
    """Each kind of message has its row there, and each row its kind."""
    assert list(scheduled()) == [kind.title for kind in SENT.values()]


@pytest.mark.parametrize("kind", SENT.values(), ids=list(SENT))
def test_to_whom_and_when_a_message_comes_is_in_the_readme(kind: AnyKind) -> None:
    """The audience, the days and the local time stand there as the program has them."""
    audience, when = scheduled()[kind.title]
    if isinstance(kind, ChannelPost):
        assert audience == "billing channel"
    elif isinstance(kind, NewcomerMessage):
        assert audience == "whoever asked"
    elif kind.when is None and not kind.roles <= {MemberRole.ADMIN}:
        # What an event brings about goes to whom it is about, and not to all of a role.
        assert audience.startswith("whoever")
    else:
        first, *others = [role.replace("_", " ") for role in MemberRole if role in kind.roles]
        named = f"{', '.join([first, *others[:-1]])} and {others[-1]}" if others else first
        assert audience.startswith(f"each {named}")
    if kind.when is not None:
        at = f"{kind.when.at:%I:%M %p}".lstrip("0").lower()
        assert when.startswith(f"{kind.when.days.words}, {at}")
        assert kind.when.only in when


def test_the_morning_s_page_has_every_part_and_every_figure() -> None:
    """What a score must rise by stands there with its source, and each part with the word that leaves it out."""
    page = (ROOT / "docs" / "morning.md").read_text(encoding="utf-8")
    rows = [f"| {scale} | {change.points} | {change.source} |" for scale, change in CHANGES.items()]
    assert [row for row in rows if row not in page] == []
    for heading in HEADINGS:
        assert any(f"remind {name} off" in page for name in (heading.title, *heading.spoken)), heading.name
    assert [title for title in TITLES.values() if f"| {title} |" not in page] == []


def rights_table() -> list[str]:
    """The table of rights as the page on roles has it."""
    head = ["can", "typed", *ROLE_NAMES.values()]
    rows = [
        [
            right.words,
            ", ".join(f"`{words}`" for words in right.typed),
            *("yes" if role in right.roles else "" for role in ROLE_NAMES),
        ]
        for right in TABLE.values()
    ]
    return [f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows)]


def test_the_page_on_roles_has_the_table_of_rights() -> None:
    """What is documented is what is checked: every row and cell."""
    page = (ROOT / "docs" / "roles.md").read_text(encoding="utf-8").splitlines()
    assert [line for line in page if line.startswith("| ")][: len(TABLE) + 2] == rights_table()


def test_the_page_on_settings_has_the_table_of_settings() -> None:
    """What is documented is what can be set: name, values, default, rule and words of each."""
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8").splitlines()
    rows = [
        f"| `{one.name}` | {one.values} | `{one.of(PracticeRules())}` | {one.rule} | {one.words} |"
        for one in SETTINGS.values()
    ]
    assert [line for line in page if line.startswith("| `")] == rows


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


def test_every_column_of_a_report_is_explained_with_its_type_in_its_order() -> None:
    """A row in docs/reports.md for each column that there is."""
    page = (ROOT / "docs" / "reports.md").read_text(encoding="utf-8")
    table = page.partition("| column | type |")[2].partition("\n\n")[0].splitlines()[2:]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table]
    assert [name for name, *_ in rows] == [column.name for column in COLUMNS]
    types = {
        CellForm.MINUTES: {"minutes"},
        CellForm.DOLLARS: {"dollars"},
        CellForm.COUNT: {"number"},
        CellForm.TRUTH: {"truth"},
        CellForm.PLAIN: {"text", "day"},
    }
    assert [
        column.name
        for column, (_, kind, _) in zip(COLUMNS, rows, strict=True)
        if kind not in types[column.form]
    ] == []
    assert all(f"`{name}`" in page or f"--dates {name}" in page for name in DAY_FORMS)
