"""What the documents promise is what the program has, and the reverse."""

import re
from pathlib import Path

import pytest
import typer.main
from typer.core import TyperGroup

from billing.people import MemberRole
from billing.practice_settings import SETTINGS
from billing.reliable_change import CHANGES
from billing.rules import PracticeRules
from bot import grammar
from bot.commands import COMMANDS
from bot.screens.morning import TITLES
from cocm.cli import MODULES, program
from cocm.settings import Settings
from services.exports.columns import COLUMNS, CellForm
from services.exports.workbook import DAY_FORMS
from services.imports.load import KINDS
from services.imports.tables.columns import kinds_of_files
from services.messages.headings import HEADINGS
from services.messages.kind import AnyKind, ChannelPost, NewcomerMessage
from services.messages.kinds import KINDS as MESSAGES
from services.messages.kinds import RETIRED
from services.people.rights import ROLE_NAMES, TABLE, Action
from tests.support.pictures_list import PICTURES

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def page(name: str) -> str:
    """The text of a page."""
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def test_every_setting_of_the_environment_has_its_page_and_every_setting_there_exists() -> None:
    """Names of environment variables in the table are those that are read, each once; others name none that is not."""
    read = {(field.alias or name).upper() for name, field in Settings.model_fields.items()}
    table = re.findall(
        r"^\| (`[A-Z].*?) \|", page("operators.md").partition("## Backing up")[0], re.MULTILINE
    )
    named = [name for cell in table for name in re.findall(r"`([A-Z_]+)`", cell)]
    assert sorted(named) == sorted(read)
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    for text in (
        README,
        example,
        *(path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md")),
    ):
        assert set(re.findall(r"\b(?:COCM|SLACK)_[A-Z_]+\b", text)) <= read


def test_every_chat_command_has_its_page() -> None:
    """Whatever `/cocm` answers is shown to newcomers."""
    assert [
        name
        for name in COMMANDS
        if name not in {"form", "welcome", "log"} and f"/cocm {name}" not in page("commands.md")
    ] == []


def test_every_line_command_has_its_page() -> None:
    """Whatever the command line takes stands there with what it does."""
    whole = typer.main.get_command(program())
    assert isinstance(whole, TyperGroup)
    assert [name for name in whole.commands if f"`cocm {name}" not in page("command-line.md")] == []


#: Each role's own page.
PAGE_OF = {
    MemberRole.CARE_MANAGER: "care-managers.md",
    MemberRole.CONSULTANT: "consultants.md",
    MemberRole.BILLER: "billers.md",
    MemberRole.SUPERVISOR: "supervisors.md",
    MemberRole.ADMIN: "administrators.md",
}


@pytest.mark.parametrize("role", PAGE_OF)
def test_a_role_s_page_has_each_command_that_it_may_use_once_and_no_other(role: MemberRole) -> None:
    """The table of commands on the page is what `help` lists for that role."""
    own = {action for action, right in TABLE.items() if role in right.roles}
    table = page(PAGE_OF[role]).partition("## Every command")[2]
    typed = re.findall(r"^\| `/cocm (\w+)", table, re.MULTILINE)
    assert sorted(typed) == sorted(
        spec.name
        for spec in grammar.COMMANDS
        if not (needed := needed_for(spec.name)) or not needed.isdisjoint(own)
    )


def needed_for(name: str) -> set[Action]:
    """The actions that a command may come to, one of which is enough."""
    return {action for action, right in TABLE.items() if name in {words.split()[0] for words in right.typed}}


#: Kinds that are sent; what earlier versions planned has no row.
SENT = {name: kind for name, kind in MESSAGES.items() if name not in RETIRED}


def scheduled() -> dict[str, tuple[str, str]]:
    """To whom each kind of message goes and when, by its title, as the page on them says."""
    table = page("messages.md").partition("| message | to whom |")[2].partition("\n\n")[0].splitlines()[2:]
    rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in table)
    return {message.partition(":")[0]: (audience, when) for message, audience, when in rows}


def test_scheduled_messages_are_what_their_page_says_in_the_order_in_which_they_are_sent() -> None:
    """Each kind of message has its row there, and each row its kind."""
    assert list(scheduled()) == [kind.title for kind in SENT.values()]


@pytest.mark.parametrize("kind", SENT.values(), ids=list(SENT))
def test_to_whom_and_when_a_message_comes_has_its_page(kind: AnyKind) -> None:
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
    text = page("morning.md")
    rows = [f"| {scale} | {change.points} | {change.source} |" for scale, change in CHANGES.items()]
    assert [row for row in rows if row not in text] == []
    for heading in HEADINGS:
        assert any(f"remind {name} off" in text for name in (heading.title, *heading.spoken)), heading.name
    assert [title for title in TITLES.values() if f"| {title} |" not in text] == []


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
    lines = page("roles.md").splitlines()
    assert [line for line in lines if line.startswith("| ")][: len(TABLE) + 2] == rights_table()


def test_the_page_on_settings_has_the_table_of_settings() -> None:
    """What is documented is what can be set: name, values, default, rule and words of each."""
    lines = page("settings.md").splitlines()
    rows = [
        f"| `{one.name}` | {one.values} | `{one.of(PracticeRules())}` | {one.rule} | {one.words} |"
        for one in SETTINGS.values()
    ]
    assert [line for line in lines if line.startswith("| `")] == rows


def test_every_line_command_says_what_it_does() -> None:
    """Each command of the command line has a sentence of its own in the help."""
    whole = typer.main.get_command(program())
    assert isinstance(whole, TyperGroup)
    assert [name for name, command in whole.commands.items() if not command.help] == []


@pytest.mark.parametrize("name", [name for names in MODULES.values() for name in names])
def test_a_command_alone_is_what_it_is_among_all(name: str) -> None:
    """The program that is called for one command has it whole, with its groups, and nothing else."""
    alone, whole = typer.main.get_command(program([name, "x"])), typer.main.get_command(program())
    assert isinstance(alone, TyperGroup)
    assert isinstance(whole, TyperGroup)
    assert [*alone.commands] == [name]
    context = typer.Context(whole, info_name="cocm")
    told = [
        typer.Context(group.commands[name], parent=context, info_name=name).get_help()
        for group in (alone, whole)
    ]
    assert told[0] == told[1]


def test_the_table_of_commands_names_each_once() -> None:
    """No command stands in a module without being in the table that leads to it."""
    whole = typer.main.get_command(program())
    assert isinstance(whole, TyperGroup)
    assert sorted(whole.commands) == sorted(name for names in MODULES.values() for name in names)


def test_no_document_links_to_a_file_that_is_not_there() -> None:
    """Relative links in the documents lead somewhere."""
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name} links to {target}"


def test_every_link_into_a_page_leads_to_a_heading_of_it() -> None:
    """What stands behind the # of a link is a heading there, as GitHub spells it."""
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        for target, anchor in re.findall(
            r"\]\((?!https?:)([^)#]*)#([^)]+)\)", path.read_text(encoding="utf-8")
        ):
            text = (path.parent / target if target else path).read_text(encoding="utf-8")
            headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
            slugs = {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}
            assert anchor in slugs, f"{path.name} links to {target}#{anchor}"


def test_every_page_is_in_the_index() -> None:
    """Whoever looks for a page finds it."""
    assert [
        path.name for path in (ROOT / "docs").glob("*.md") if f"({path.name})" not in page("index.md")
    ] == ["index.md"]


def test_every_picture_is_on_a_page_with_its_words() -> None:
    """A picture that nobody sees is none; who cannot see one reads what is on it."""
    texts = [README, *(path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md"))]
    shown = dict(re.findall(r"!\[([^\]]*)\]\((?:docs/)?img/([\w-]+)\.png\)", "\n".join(texts)))
    assert all(shown)
    assert set(shown.values()) == set(PICTURES) == {path.stem for path in (ROOT / "docs/img").glob("*.png")}


def test_every_column_of_every_file_is_documented() -> None:
    """The templates' page has each kind of file with its columns, as the program takes them."""
    tables = re.findall(
        r"^## (\w+)\n.*?^\| --- .*?\n(.*?)\n\n", f"{page('templates.md')}\n", re.MULTILINE | re.DOTALL
    )
    assert [name for name, _ in tables] == list(KINDS)
    for name, rows in tables:
        known = kinds_of_files()[name].columns
        assert rows.splitlines() == [
            f"| `{one}` | {'yes' if one in KINDS[name].needed else ''} | {column.meaning} | `{column.example}` |"
            for one in KINDS[name].columns
            for column in (known[one],)
        ]


def test_every_column_of_a_report_is_explained_with_its_type_in_its_order() -> None:
    """A row in docs/reports.md for each column that there is."""
    text = page("reports.md")
    table = text.partition("| column | type |")[2].partition("\n\n")[0].splitlines()[2:]
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
    assert all(f"`{name}`" in text or f"--dates {name}" in text for name in DAY_FORMS)
