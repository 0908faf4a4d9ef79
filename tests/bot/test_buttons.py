"""Buttons are read out with what they act on."""

import pytest

from bot import kit
from tests.support.accessible import unclear


def button(text: str, value: str, about: str = "") -> kit.Block:
    return kit.button(text, f"act_{value}", value, about=about)


def test_a_button_is_read_out_with_what_it_acts_on() -> None:
    """Its own words first; a button whose words say all of it has no label."""
    assert button("Edit", "e-k7f", "e-k7f")["accessibility_label"] == "Edit, e-k7f"
    assert "accessibility_label" not in button("Log nothing", "1")


@pytest.mark.parametrize("text", ["Edit", "A choice " * 20])
def test_what_is_read_out_fits_slack(text: str) -> None:
    """Whatever the words are, and whatever they are about."""
    made = button(text, "1", "a very long name of a thing " * 9)
    assert len(made["accessibility_label"]) == kit.ACCESSIBILITY_LABEL
    assert unclear([kit.actions([made])]) == []


def test_buttons_that_read_the_same_are_found() -> None:
    """Two acts under one word, wherever they stand; the same act under two headings is one."""
    twice = [kit.section("A", accessory=button("Edit", "1")), kit.actions([button("Edit", "2")])]
    assert unclear(twice) == ["2 buttons read 'Edit'"]
    clear = [kit.actions([button("Edit", "1", "e-1")]), kit.actions([button("Edit", "2", "e-2")])]
    assert unclear(clear) == []
    same = [kit.button("Log time", f"log_{place}", "P-7F3K", about="P-7F3K") for place in (1, 2)]
    assert unclear([kit.actions(same)]) == []


def test_a_label_that_says_something_else_is_found() -> None:
    """More than the screen shows, other words than the button's, more than Slack reads, a picture without words."""
    assert unclear([kit.actions([button("Edit", "1", "MRN123")])]) == [
        "'Edit, MRN123' names what is not shown"
    ]
    shown = [kit.section("*MRN123*"), kit.actions([button("Edit", "1", "MRN123")])]
    assert unclear(shown) == []
    assert len(unclear([{**button("Edit", "1"), "accessibility_label": "Change it"}])) == 1
    assert len(unclear([{**button("Edit", "1"), "accessibility_label": f"Edit {'x' * 75}"}])) == 1
    assert len(unclear([{"type": "image", "image_url": "https://example.org/a.png"}])) == 1
