"""Spellings one typo apart."""

from hypothesis import given
from hypothesis import strategies as st

from storage.spelling import is_one_typo_apart, spellings

texts = st.text("ab12", max_size=6)


def edits(text: str) -> set[str]:
    """Every text one typo away, made by making every typo."""
    letters = "ab12"
    cuts = [(text[:i], text[i:]) for i in range(len(text) + 1)]
    made = {a + b[1:] for a, b in cuts if b}
    made |= {a + letter + b[1:] for a, b in cuts if b for letter in letters}
    made |= {a + letter + b for a, b in cuts for letter in letters}
    made |= {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    return made - {text}


@given(texts)
def test_every_typo_is_one_typo_apart(text: str) -> None:
    """A character wrong, missing or too many, or two neighbors swapped: all are found, through a shared spelling."""
    for other in edits(text):
        assert is_one_typo_apart(text, other)
        assert spellings(text) & spellings(other)


@given(texts, texts)
def test_nothing_else_is_one_typo_apart(one: str, other: str) -> None:
    """Equal texts, and texts further apart, are not."""
    assert is_one_typo_apart(one, other) == (other in edits(one))
    assert is_one_typo_apart(one, other) == is_one_typo_apart(other, one)
