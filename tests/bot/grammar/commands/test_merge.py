"""`merge` and `unmerge`: which MRN becomes the alias, and which stays."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.grammar import ParseContext, parse
from bot.grammar.call.merging import MergeArguments, UnmergeArguments
from tests.support.examples import is_whole

CONTEXT = ParseContext(now=datetime(2026, 11, 18, 20, 30, tzinfo=UTC), zone=ZoneInfo("America/New_York"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("merge MRN417 into MRN00417", ""),
        ("merge mrn 417 in to mrn#00417", ""),
        ("merge 417 into 00417", ""),
        ("merge patient MRN417 -> MRN00417", ""),
        ("merge MRN417 into MRN00417 because the zeros were left out", "the zeros were left out"),
    ],
)
def test_the_first_mrn_becomes_the_alias(text: str, reason: str) -> None:
    """Whatever stands before into goes into what stands behind."""
    given = parse(text, CONTEXT).arguments
    assert isinstance(given, MergeArguments)
    assert (given.gone.identity, given.into.identity, given.reason) == ("417", "00417", reason)


@pytest.mark.parametrize(
    "text",
    [
        "merge",
        "merge MRN417",
        "merge MRN417 MRN00417",
        "merge MRN417 and MRN00417",
        "merge MRN1 MRN2 into MRN3",
        "merge MRN1 into MRN2 yesterday",
        "merge MRN1 into MRN2 15m",
    ],
)
def test_what_does_not_say_which_stays_is_refused_with_a_line_that_works(text: str) -> None:
    """No direction is guessed."""
    parsed = parse(text, CONTEXT)
    assert parsed.command == "merge"
    assert parsed.problems
    assert all(
        not is_whole(problem.example) or parse(problem.example, CONTEXT).ok for problem in parsed.problems
    )


def test_no_mrn_is_made_up() -> None:
    """What is not named is left open."""
    assert [problem.example for problem in parse("merge MRN417", CONTEXT).problems] == [
        "merge MRN417 into MRN___"
    ]
    assert [problem.example for problem in parse("unmerge", CONTEXT).problems] == ["unmerge MRN___"]


def test_taking_apart_names_the_alias() -> None:
    """`unmerge MRN417`."""
    given = parse("unmerge MRN417", CONTEXT).arguments
    assert isinstance(given, UnmergeArguments)
    assert given.gone.identity == "417"
    assert parse("unmerge", CONTEXT).problems
