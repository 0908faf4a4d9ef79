"""Patterns that are compiled when they are first used."""

import copy
import re

import pytest

from bot.grammar.text.later import compile_all, later


def test_a_later_pattern_does_what_a_pattern_does() -> None:
    """It matches, replaces and says what it is made of, with its flags."""
    pattern = later(r"(?P<what>mrn)(\d+)", re.IGNORECASE)
    match = pattern.search("for MRN12")
    assert match is not None
    assert (match["what"], match[2]) == ("MRN", "12")
    assert pattern.sub("-", "mrn1 MRN2") == "- -"
    assert (pattern.pattern, pattern.groups) == (r"(?P<what>mrn)(\d+)", 2)
    assert [found.start() for found in pattern.finditer("mrn1 mrn2")] == [0, 5]


def test_it_is_compiled_when_it_is_used_or_with_all_others() -> None:
    """A pattern that cannot be is found out then, and not while the program loads."""
    wrong = later("(")
    with pytest.raises(re.error):
        compile_all()
    with pytest.raises(re.error):
        wrong.search("")
    compile_all()


def test_it_lacks_what_a_pattern_lacks() -> None:
    """What looks for other attributes finds none, and a copy goes on."""
    pattern = later("a")
    with pytest.raises(AttributeError):
        _ = pattern.matches  # type: ignore[attr-defined]
    assert copy.copy(pattern).search("cab") is not None
