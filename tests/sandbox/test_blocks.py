"""Block Kit as Slack judges it."""

from typing import Any

import pytest

from sandbox.blocks import characters, is_too_long, message_problems, view_problems
from tests.support.tiny_app import actions, button, field, modal, section


def option(words: str, value: str | None = None) -> dict[str, Any]:
    return {"text": {"type": "plain_text", "text": words}, "value": value or words}


def table(rows: int, columns: int, text: str = "x") -> dict[str, Any]:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": text}] * columns for _ in range(rows)]}


SELECT = {"type": "static_select", "action_id": "day", "options": [option("a"), option("b")]}

GOOD = [
    [],
    [section("x")],
    [section("x")] * 50,
    [{"type": "divider"}, {"type": "header", "text": {"type": "plain_text", "text": "x" * 150}}],
    [{"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}] * 10}],
    [{"type": "section", "fields": [{"type": "mrkdwn", "text": "x" * 2000}]}],
    [actions("b", *(button("x", f"a{n}") for n in range(25)))],
    [actions("b", {**SELECT, "initial_option": option("b")})],
    [table(100, 20)],
    [
        {
            "type": "rich_text",
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}],
        }
    ],
]
BAD = {
    "too many blocks": [section("x")] * 51,
    "no list": {"type": "section"},
    "unknown block": [{"type": "sectoin", "text": {"type": "mrkdwn", "text": "x"}}],
    "no object": ["x"],
    "empty section": [{"type": "section"}],
    "long section": [section("x" * 3001)],
    "empty text": [section("")],
    "unknown field": [{**section("x"), "color": "red"}],
    "eleven fields": [{"type": "section", "fields": [{"type": "mrkdwn", "text": "x"}] * 11}],
    "long header": [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}],
    "mrkdwn header": [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}],
    "eleven in a context": [{"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}] * 11}],
    "many buttons": [actions("b", *(button("x", f"a{n}") for n in range(26)))],
    "long button": [actions("b", button("x" * 76, "a"))],
    "long value": [actions("b", button("x", "a", "v" * 2001))],
    "bad address": [actions("b", {**button("x", "a"), "url": "not an address"})],
    "image among actions": [
        actions("b", {"type": "image", "image_url": "https://x.example", "alt_text": "x"})
    ],
    "long block id": [{**section("x"), "block_id": "b" * 256}],
    "same block id": [{**section("x"), "block_id": "b"}, {**section("y"), "block_id": "b"}],
    "same action id": [actions("b", button("x", "a")), actions("c", button("y", "a"))],
    "many options": [actions("b", {**SELECT, "options": [option(str(n)) for n in range(101)]})],
    "stranger as initial option": [actions("b", {**SELECT, "initial_option": option("c")})],
    "stranger among initial options": [
        actions(
            "b",
            {
                "type": "checkboxes",
                "action_id": "c",
                "options": [option("a")],
                "initial_options": [option("z")],
            },
        )
    ],
    "six in an overflow": [
        actions("b", {"type": "overflow", "action_id": "o", "options": [option(str(n)) for n in range(6)]})
    ],
    "two tables": [table(1, 1), table(1, 1)],
    "wide table": [table(1, 21)],
    "tall table": [table(101, 1)],
    "heavy table": [table(100, 10, "x" * 11)],
}


@pytest.mark.parametrize("blocks", GOOD)
def test_what_slack_takes_is_taken(blocks: list[dict[str, Any]]) -> None:
    """Blocks at their limits have no problem."""
    assert message_problems(blocks) == []


@pytest.mark.parametrize("name", BAD)
def test_what_slack_refuses_is_refused(name: str) -> None:
    """Each rule refuses what breaks it, and says where."""
    problems = message_problems(BAD[name])
    assert problems
    assert all("[json-pointer:/blocks" in problem for problem in problems)


def test_the_place_of_a_problem_is_exact() -> None:
    """The sentence points at the field that is wrong, not at the union it stands in."""
    blocks = [section("x"), actions("b", button("x", "a"), {**SELECT, "options": [option("x" * 76)]})]
    [problem] = message_problems(blocks)
    assert (
        problem
        == "[ERROR] must be less than 76 characters [json-pointer:/blocks/1/elements/1/options/0/text/text]"
    )


def test_problems_do_not_repeat_what_was_written() -> None:
    """A refusal may be logged by the app: it holds nothing of the text."""
    secret = "MRN12345 Jane Doe"
    bad = [
        section(secret * 300),
        {"type": secret},
        {**section(secret), secret: secret},
        actions("b", {"type": secret}),
    ]
    for problem in message_problems(bad):
        assert "MRN" not in problem
        assert "Jane" not in problem


def test_a_message_takes_about_thirteen_thousand_characters() -> None:
    """All text in all blocks counts together, wherever it stands."""
    full = [section("x" * 3000)] * 4 + [section("x" * 1200)]
    assert characters(full) == 13_200
    assert not is_too_long(full)
    assert is_too_long([*full, section("x")])
    assert characters([table(2, 2, "abc")]) == 12


@pytest.mark.parametrize(
    "view",
    [
        modal(section("x")),
        modal(*[section("x")] * 100),
        modal(field("a", "Label", {"type": "plain_text_input"}), private_metadata="x" * 3000),
        {"type": "home", "blocks": [section("x")]},
    ],
)
def test_good_views_are_taken(view: Any) -> None:
    """Views at their limits have no problem."""
    assert view_problems(view) == []


@pytest.mark.parametrize(
    "view",
    [
        None,
        [],
        {"type": "drawer", "blocks": []},
        modal(*[section("x")] * 101),
        modal(section("x"), title="x" * 25),
        modal(section("x"), private_metadata="x" * 3001),
        modal(section("x"), callback_id="x" * 256),
        modal(table(1, 1)),
        {**modal(field("a", "Label", {"type": "plain_text_input"})), "submit": None},
        {
            key: value
            for key, value in modal(field("a", "L", {"type": "plain_text_input"})).items()
            if key != "submit"
        },
        modal(field("a", "L", {"type": "plain_text_input"}), field("a", "L", {"type": "plain_text_input"})),
    ],
)
def test_bad_views_are_refused(view: Any) -> None:
    """Each rule for views refuses what breaks it."""
    assert view_problems(view)
