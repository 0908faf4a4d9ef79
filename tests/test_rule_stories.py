"""The examples of docs/billing-rules.md that are stories are told as they stand in the document."""

from pathlib import Path

import pytest

from tests.support.rule_examples import DOCUMENT, examples
from tests.support.stories import tell

STORIES = [
    pytest.param(one.text, id=f"{one.rule}-{number}")
    for number, one in enumerate(examples(DOCUMENT.read_text(encoding="utf-8")))
    if one.kind == "story"
]


@pytest.mark.parametrize("text", STORIES)
async def test_a_story_of_the_document_is_told_as_it_is_written(text: str, sqlite_url: str) -> None:
    """The bot, the database and the report say what the document says, to the letter."""
    assert await tell(text, Path(sqlite_url.removeprefix("sqlite:///"))) == text
