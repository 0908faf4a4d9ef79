"""Whole stories of billing months: what people type, what the bot answers, and what the report says at the end."""

import re
from collections import Counter
from pathlib import Path

import pytest

from billing.findings.registry import ROWS
from tests.support.stories import MONTHS, tell
from tests.support.story_text import StoryError, read_story

#: The text of each story, by its file's name.
STORIES = {path.stem: path.read_text(encoding="utf-8") for path in sorted(MONTHS.glob("*.txt"))}
_SHOWN = re.compile(r"(?:blocker|warning|note) (\w+) \(R-\d{3}(?:, for supervisors only)?\): ")


@pytest.mark.parametrize("name", STORIES)
async def test_a_story_is_told_as_it_is_written(name: str, sqlite_url: str) -> None:
    """The bot, the database and the report say what the file says, to the letter."""
    told = await tell(STORIES[name], Path(sqlite_url.removeprefix("sqlite:///")))
    assert told == STORIES[name]


def test_every_finding_of_a_month_has_its_story() -> None:
    """Whatever the registry can find is shown in at least one story, and nothing is shown that it cannot."""
    text = "\n".join(STORIES.values())
    rows = [row for row in ROWS if row.find is not None]
    by_rule = Counter(row.rule for row in rows)
    # `why` names the rule alone.
    told_by_why = {row.code for row in rows if by_rule[row.rule] == 1 and f"({row.rule})" in text}
    shown = told_by_why | set(_SHOWN.findall(text))
    known = {row.code for row in rows}
    assert shown == known


def test_there_are_stories_enough_and_each_begins_with_its_point() -> None:
    """At least 28, each with a heading of its own and a paragraph that says what it shows."""
    stories = [read_story(text) for text in STORIES.values()]
    assert len({story.title for story in stories}) == len(stories) >= 28
    assert all(len(str(story.parts[3])) > 40 for story in stories)


@pytest.mark.parametrize(
    "word", ["assessment_month", "first_month_reached", "by midpoint time", "by strict time"]
)
def test_both_policies_and_both_time_rules_are_among_them(word: str) -> None:
    """Settings on which sources disagree are shown both ways."""
    assert any(word in text for text in STORIES.values())


def test_a_line_that_cannot_be_read_is_not_passed_over() -> None:
    """A step with a slip in it is an error that shows the line, not a remark."""
    text = "A story\n=======\n\nPractice in America/New_York.\n\n2026-11-3 09:00 ana> /cocm today\n"
    with pytest.raises(StoryError, match="2026-11-3 09:00"):
        read_story(text)
