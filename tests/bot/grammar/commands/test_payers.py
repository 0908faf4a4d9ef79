"""`payers`: whose rules are asked for, in whatever words."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.grammar import ParseContext, parse
from bot.grammar.commands.help import HelpArguments
from bot.grammar.commands.payers import PayersArguments

CONTEXT = ParseContext(
    now=datetime(2026, 11, 18, 20, 30, tzinfo=UTC),
    zone=ZoneInfo("America/New_York"),
    roster=frozenset({"123"}),
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("payers", ""),
        ("payers please", ""),
        ("show payers", None),
        ("payers Medicare", "Medicare"),
        ("payers for MCR  B?", "MCR B"),
        ("payers rules of BCBS ND", "BCBS ND"),
        ('payers "NC Medicaid".', "NC Medicaid"),
        ("Payers the Hartford", "Hartford"),
    ],
)
def test_a_payer_is_named_as_people_name_it(text: str, name: str | None) -> None:
    """Whatever stands behind the command is the payer's name."""
    parsed = parse(text, CONTEXT)
    if name is None:
        assert parsed.command != "payers"
        return
    assert (parsed.command, parsed.arguments, parsed.problems) == ("payers", PayersArguments(name=name), ())


def test_help_on_a_command_goes_before_help_on_a_word() -> None:
    """Another command may have a command's name among the words by which it is found."""
    for name in ("payers", "rules", "settings"):
        assert parse(f"help {name}", CONTEXT).arguments == HelpArguments(topic=name)


def test_time_is_no_payers_name() -> None:
    """Whoever meant to log is told so, and nothing is looked up."""
    parsed = parse("payers 15m MRN123 phone call", CONTEXT)
    assert parsed.problems
    assert parsed.arguments is None


def test_one_line_asks_for_one_payer() -> None:
    """A second line is refused, as everywhere."""
    assert parse("payers\nMedicare", CONTEXT).problems
