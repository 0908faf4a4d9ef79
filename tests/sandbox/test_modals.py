"""Modals and Home tabs in front of a person."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp

from sandbox.config import Team
from sandbox.model import View
from sandbox.people import Impossible
from tests.support.slack import LocalSlack, clinic, running_slack, words
from tests.support.tiny_app import actions, bolt_app, button, connected, field, modal, section

TEXT = {"type": "plain_text_input"}


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    async with running_slack() as slack:
        yield slack


@pytest.fixture
async def app(slack: LocalSlack) -> AsyncIterator[AsyncApp]:
    app = bolt_app(slack)
    async with connected(slack, app, "process"):
        yield app


def opened(slack: LocalSlack, body: dict[str, Any]) -> View:
    """A modal that is open in front of Ana."""
    return slack.sandbox.views.open("U0ANA", body)


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"elsewhere": "no such block"}},
        {"response_action": "errors", "errors": {}},
        {"response_action": "dance"},
        {"response_action": "update", "view": {"type": "modal", "blocks": []}},
        {"response_action": "update", "view": {"type": "home", "blocks": [section("x")]}},
        {"response_action": "push"},
    ],
)
async def test_an_answer_slack_would_not_follow_fails_and_is_on_record(
    slack: LocalSlack, app: AsyncApp, answer: dict[str, Any]
) -> None:
    """The modal stays as it was, the person is told it failed, and the violation is kept."""

    @app.view("amend")
    async def amend(ack: Any) -> None:
        await ack(answer)

    ana = slack.person("U0ANA")
    view = opened(slack, modal(field("minutes", "Minutes", TEXT)))
    outcome = await ana.submit(view, {"minutes": "x"})
    assert (outcome.action, outcome.failure) == ("failed", "invalid_response")
    assert ana.modal is view
    assert len(slack.world.violations) == 1


async def test_a_fourth_modal_cannot_be_pushed_in_an_answer(slack: LocalSlack, app: AsyncApp) -> None:
    """Three lie on top of one another at most, also by acknowledgment."""

    @app.view("amend")
    async def amend(ack: Any) -> None:
        await ack(response_action="push", view=modal(section("next")))

    ana = slack.person("U0ANA")
    opened(slack, modal(section("first")))
    for expected in ("push", "push", "failed"):
        assert (await ana.submit(ana.modal, {})).action == expected


async def test_a_submission_nobody_takes_fails() -> None:
    """Without an app the submission fails, and the modal stays."""
    async with running_slack() as slack:
        ana, view = slack.person("U0ANA"), opened(slack, modal(section("x")))
        outcome = await ana.submit(view, {})
        assert (outcome.action, outcome.failure) == ("failed", "dispatch_failed")
        assert ana.modal is view


async def test_a_button_in_a_modal_carries_what_was_filled_in(slack: LocalSlack, app: AsyncApp) -> None:
    """A press inside a modal sends the view with its state, and can change the view."""
    seen = []

    @app.action("more")
    async def more(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        seen.append(body)
        await client.views_update(view_id=body["view"]["id"], view=modal(section("More")))

    choice = {"type": "datepicker", "action_id": "day", "initial_date": "2026-11-18"}
    view = opened(
        slack, modal(field("note", "Note", TEXT, optional=True), actions("b", button("More", "more"), choice))
    )
    people = slack.sandbox.people
    filled = {"note": {"note": {"type": "plain_text_input", "value": "called"}}}
    await people.act_in_view(view, "b", "more", {}, filled)
    await slack.until(lambda: "More" in words(view))
    [body] = seen
    assert body["container"] == {"type": "view", "view_id": view.id}
    assert body["view"]["state"]["values"]["note"]["note"]["value"] == "called"
    assert body["view"]["state"]["values"]["b"]["day"]["selected_date"] == "2026-11-18"
    assert "response_url" not in body


async def test_a_pick_in_the_home_tab_is_kept_until_it_is_published_anew(
    slack: LocalSlack, app: AsyncApp
) -> None:
    """State lives in the tab as long as the app does not publish again."""
    select = {
        "type": "static_select",
        "action_id": "day",
        "options": [{"text": {"type": "plain_text", "text": "Today"}, "value": "today"}],
    }
    home = {"type": "home", "blocks": [actions("b", select)]}

    @app.event("app_home_opened")
    async def on_home(event: dict[str, Any], client: Any) -> None:
        if "view" not in event:
            await client.views_publish(user_id=event["user"], view=home)

    @app.action("day")
    async def on_day(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        await client.views_publish(user_id=body["user"]["id"], view=home)

    ana = slack.person("U0ANA")
    view = await ana.home()
    [change] = await ana.select(view, "day", "Today")
    assert change.type == "home"
    assert view.values["b"]["day"]["selected_option"] is None


async def test_clear_on_close_takes_the_whole_stack(slack: LocalSlack) -> None:
    """Closing a modal that says so closes those below it too."""
    ana = slack.person("U0ANA")
    opened(slack, modal(section("below")))
    top = slack.sandbox.views.push("U0ANA", modal(section("top"), clear_on_close=True))
    await ana.close(top)
    assert ana.modal is None


async def test_a_closed_view_cannot_be_used(slack: LocalSlack) -> None:
    """What is closed is gone for the page."""
    view = opened(slack, modal(section("x")))
    slack.sandbox.views.close(view)
    with pytest.raises(Impossible, match="closed"):
        slack.sandbox.people.view("U0ANA", view.id)


async def test_an_enterprise_is_named_everywhere() -> None:
    """In an Enterprise Grid workspace commands, interactions and events carry the enterprise."""
    manifest = json.loads(json.dumps(dict(clinic().app.manifest)))
    team = Team(enterprise_id="E0HEALTH", enterprise_name="Health")
    async with running_slack(clinic(manifest=manifest, team=team)) as slack:
        app, seen = bolt_app(slack), []

        @app.command("/cocm")
        async def log(ack: Any, command: dict[str, Any]) -> None:
            seen.append(command["enterprise_id"])
            await ack(blocks=[actions("b", button("Undo", "undo"))], text="x")

        @app.action("undo")
        async def undo(ack: Any, body: dict[str, Any], respond: Any) -> None:
            await ack()
            seen.extend((body["enterprise"]["id"], body["team"]["enterprise_id"]))
            await respond(text="y", response_type="ephemeral", replace_original=True, delete_original=False)

        async with connected(slack, app, "process"):
            ana = slack.person("U0ANA")
            [receipt] = await ana.command("/cocm log\nlog 2")
            await ana.click(receipt, "undo")
        assert seen == ["E0HEALTH"] * 3
        assert (await slack.client().auth_test())["enterprise_id"] == "E0HEALTH"
