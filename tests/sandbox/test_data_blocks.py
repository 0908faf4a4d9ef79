"""Data tables, charts and alerts as Slack judges them, and workspaces that do not take them yet."""

from dataclasses import replace
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from sandbox.blocks import message_problems, view_problems
from sandbox.faults import Fault
from sandbox.sandbox import Sandbox
from tests.support.slack import LocalSlack, clinic, running_slack
from tests.support.tiny_app import button, modal, section

GENERAL = "C0GENERAL"


def text(words: str) -> dict[str, Any]:
    return {"type": "raw_text", "text": words}


def data_table(*rows: list[Any], **more: Any) -> dict[str, Any]:
    return {"type": "data_table", "caption": "Patients", "rows": list(rows), **more}


def tall(rows: int, words: str = "x") -> dict[str, Any]:
    return data_table(*[[text(words)]] * (rows + 1))


def bar(*series: tuple[str, list[str]], categories: list[str], **more: Any) -> dict[str, Any]:
    drawn = [
        {"name": name, "data": [{"label": label, "value": 1} for label in labels]} for name, labels in series
    ]
    chart = {"type": "bar", "series": drawn, "axis_config": {"categories": categories}}
    return {"type": "data_visualization", "title": "Hours", "chart": chart, **more}


def pie(*values: float) -> dict[str, Any]:
    segments = [{"label": f"s{n}", "value": value} for n, value in enumerate(values)]
    return {"type": "data_visualization", "title": "Codes", "chart": {"type": "pie", "segments": segments}}


ALERT = {"type": "alert", "level": "error", "text": {"type": "mrkdwn", "text": "No such patient."}}
RICH = {
    "type": "rich_text",
    "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}],
}
PRESS = {"type": "action_cell", "element": button("Log", "log.1"), "fallback": text("P-1")}
NUMBER = {"type": "raw_number", "value": 51, "text": "51 of 60 min"}
TABLE = data_table([text("Patient"), text("Minutes"), text("Act")], [text("P-1"), NUMBER, PRESS])
NAMES = [f"c{n}" for n in range(20)]

GOOD = [
    [TABLE],
    [tall(100)],
    [tall(1), tall(1)],
    [data_table([text("x")] * 20, [RICH] * 20, page_size=100, row_header_column_index=19)],
    [tall(99, "x" * 100)],
    [bar(("Ana", NAMES), categories=NAMES), pie(1, 2, 3, 4, 5, 6)],
    [bar(*[(f"n{n}", ["a"]) for n in range(6)], categories=["a"])],
]
BAD = {
    "alert in a message": [ALERT],
    "no row": [data_table([text("x")])],
    "too many rows": [tall(101)],
    "too wide": [data_table([text("x")] * 21, [text("x")] * 21)],
    "uneven rows": [data_table([text("x"), text("y")], [text("x")])],
    "rich header": [data_table([RICH], [text("x")])],
    "button in the header": [data_table([PRESS], [text("x")])],
    "empty cell": [data_table([text("x")], [text("")])],
    "no caption": [{**tall(1), "caption": ""}],
    "large page": [{**tall(1), "page_size": 101}],
    "header beyond the columns": [{**tall(1), "row_header_column_index": 1}],
    "heavy together": [tall(99, "x" * 60), tall(99, "x" * 60)],
    "same button twice": [data_table([text("x")], [PRESS], [PRESS])],
    "three charts": [pie(1), pie(1), pie(1)],
    "long title": [{**pie(1), "title": "x" * 51}],
    "nothing in a slice": [pie(1, 0)],
    "seven slices": [pie(*[1] * 7)],
    "same category twice": [bar(("Ana", ["a", "a"]), categories=["a", "a"])],
    "same name twice": [bar(("Ana", ["a"]), ("Ana", ["a"]), categories=["a"])],
    "missing point": [bar(("Ana", ["a"]), categories=["a", "b"])],
    "stranger's point": [bar(("Ana", ["a", "c"]), categories=["a", "b"])],
    "long label": [bar(("Ana", ["x" * 21]), categories=["x" * 21])],
    "unknown chart": [{**pie(1), "chart": {"type": "radar", "segments": []}}],
}


@pytest.mark.parametrize("blocks", GOOD)
def test_what_slack_takes_is_taken(blocks: list[dict[str, Any]]) -> None:
    """At their limits they have no problem, in a message and on the Home tab."""
    assert message_problems(blocks) == []
    assert view_problems({"type": "home", "blocks": blocks}) == []


@pytest.mark.parametrize("name", BAD)
def test_what_slack_refuses_is_refused(name: str) -> None:
    """Each rule refuses what breaks it, and says where."""
    problems = message_problems(BAD[name])
    assert problems
    assert all("[json-pointer:/blocks" in problem for problem in problems)


@pytest.mark.parametrize("block", [tall(1), pie(1), {"type": "table", "rows": [[text("x")]]}])
def test_modals_take_no_tables_and_no_charts(block: dict[str, Any]) -> None:
    """Only an alert is a modal's own."""
    assert view_problems(modal(section("x"), block)) == [
        f"[ERROR] unsupported type: {block['type']} [json-pointer:/view/blocks/1/type]"
    ]
    assert view_problems(modal(ALERT)) == []
    assert view_problems({"type": "home", "blocks": [ALERT]})


async def refused(call: Any) -> dict[str, Any]:
    with pytest.raises(SlackApiError) as raised:
        await call
    found: dict[str, Any] = raised.value.response.data
    return found


def a_place(block: str) -> dict[str, Any]:
    """A message's blocks and the pointer to the first thing of that type."""
    return {
        "data_table": {"blocks": [section("x"), TABLE], "pointer": "/blocks/1/type"},
        "action_cell": {"blocks": [TABLE], "pointer": "/blocks/0/rows/1/2/type"},
    }[block]


@pytest.mark.parametrize("block", ["data_table", "action_cell"])
async def test_a_workspace_may_not_know_a_block_yet(block: str) -> None:
    """It is refused as Slack refuses it, with the place; that is no fault of the app's, and others are taken."""
    place = a_place(block)
    async with running_slack() as slack:
        client = slack.client()
        slack.refuse_block(block)
        answer = await refused(client.chat_postMessage(channel=GENERAL, text="x", blocks=place["blocks"]))
        said = f"unsupported type: {block} [json-pointer:{place['pointer']}]"
        assert answer == {
            "ok": False,
            "error": "invalid_blocks",
            "errors": [said],
            "response_metadata": {"messages": [f"[ERROR] {said}"]},
        }
        home = {"type": "home", "blocks": place["blocks"]}
        answer = await refused(client.views_publish(user_id="U0ANA", view=home))
        assert answer["error"] == "invalid_arguments"
        assert f"/view{place['pointer']}]" in answer["response_metadata"]["messages"][0]
        await client.chat_postMessage(channel=GENERAL, text="x", blocks=[section("x"), pie(1)])
        assert slack.world.violations == []


async def test_a_refusal_may_be_of_one_method_and_end() -> None:
    """`times` and `method` count like those of other faults."""
    async with running_slack() as slack:
        client = slack.client()
        slack.refuse_block("data_table", method="views.publish", times=1)
        home = {"type": "home", "blocks": [tall(1)]}
        await client.chat_postMessage(channel=GENERAL, text="x", blocks=[tall(1)])
        await refused(client.views_publish(user_id="U0ANA", view=home))
        await client.views_publish(user_id="U0ANA", view=home)


async def test_a_refused_block_is_refused_at_a_response_url_and_in_a_form_too() -> None:
    """Wherever the app shows blocks, the same type is not taken."""
    async with running_slack() as slack:
        slack.refuse_block("data_table")
        url = slack.world.new_response_url(slack.url, "U0ANA", slack.world.channels[GENERAL])
        reply = await slack.sandbox.api.respond(url.rpartition("/")[2], {"text": "x", "blocks": [tall(1)]})
        assert reply.body == {"ok": False, "error": "invalid_blocks"}
        assert slack.world.violations == []


async def test_a_world_may_begin_without_a_block() -> None:
    """The configuration names what is not taken; nothing else meets that fault."""
    config = replace(clinic(), refused_blocks=("data_table",))
    async with running_slack(config) as slack:
        await refused(slack.client().chat_postMessage(channel=GENERAL, text="x", blocks=[tall(1)]))
        assert await worked(slack)


async def worked(slack: LocalSlack) -> bool:
    return bool((await slack.client().chat_postMessage(channel=GENERAL, text="x"))["ok"])


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"kind": "refuse_block"}, "block names"),
        ({"kind": "latency", "block": "alert"}, "block names"),
        ({"kind": "refuse_block", "block": "alert", "times": -1}, "times must be"),
    ],
)
def test_a_refusal_that_makes_no_sense_is_told(body: dict[str, Any], sentence: str) -> None:
    """The page says which field is wrong."""
    with pytest.raises(ValueError, match=sentence):
        Fault.read(body)


def test_a_refusal_is_shown_with_its_block() -> None:
    """What is set can be read back."""
    fault = Fault.read({"kind": "refuse_block", "block": "data_table"})
    assert Fault.read(fault.as_json()) == fault
    sandbox = Sandbox(clinic())
    sandbox.api.faults.add(fault)
    sandbox.api.faults.clear()
    assert sandbox.api.faults.waiting() == []
