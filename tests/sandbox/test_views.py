"""Modals and Home tabs through the Web API."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.support.slack import InProcessClient, LocalSlack, ManualClock, running_slack
from tests.support.tiny_app import field, modal, section

TEXT = {"type": "plain_text_input"}


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def slack(clock: ManualClock) -> AsyncIterator[LocalSlack]:
    async with running_slack(clock=clock) as slack:
        yield slack


@pytest.fixture
def client(slack: LocalSlack) -> AsyncWebClient:
    return InProcessClient(slack.sandbox)


async def refusal(call: Awaitable[Any]) -> str:
    with pytest.raises(SlackApiError) as raised:
        await call
    return str(raised.value.response["error"])


async def test_a_trigger_works_once(slack: LocalSlack, client: AsyncWebClient) -> None:
    """The same trigger cannot open a second modal."""
    trigger_id = slack.world.new_trigger("U0ANA")
    await client.views_open(trigger_id=trigger_id, view=modal(section("x")))
    assert (
        await refusal(client.views_open(trigger_id=trigger_id, view=modal(section("x"))))
        == "exchanged_trigger_id"
    )


async def test_a_trigger_lives_three_seconds(
    slack: LocalSlack, client: AsyncWebClient, clock: ManualClock
) -> None:
    """At three seconds it still works, after that it has expired."""
    in_time, late = slack.world.new_trigger("U0ANA"), slack.world.new_trigger("U0ANA")
    clock.advance(3)
    await client.views_open(trigger_id=in_time, view=modal(section("x")))
    clock.advance(0.001)
    assert await refusal(client.views_open(trigger_id=late, view=modal(section("x")))) == "expired_trigger_id"
    assert (
        await refusal(client.views_open(trigger_id="what", view=modal(section("x")))) == "invalid_trigger_id"
    )


async def test_a_bad_view_spends_no_trigger_and_is_on_record(
    slack: LocalSlack, client: AsyncWebClient
) -> None:
    """A view that Slack would not show is refused with the place named; the trigger is still good."""
    trigger_id = slack.world.new_trigger("U0ANA")
    bad = modal(section("x"), title="x" * 25)
    with pytest.raises(SlackApiError) as raised:
        await client.views_open(trigger_id=trigger_id, view=bad)
    assert raised.value.response["error"] == "invalid_arguments"
    assert "/view/title/text" in raised.value.response["response_metadata"]["messages"][0]
    assert slack.world.violations[0].surface == "views.open"
    await client.views_open(trigger_id=trigger_id, view=modal(section("x")))


async def test_three_modals_are_the_limit(slack: LocalSlack, client: AsyncWebClient) -> None:
    """The third lies on top; a fourth is refused; nothing is pushed where nothing is open."""
    world = slack.world
    lone = world.new_trigger("U0ANA")
    assert await refusal(client.views_push(trigger_id=lone, view=modal(section("x")))) == "not_found"
    opened = await client.views_open(trigger_id=world.new_trigger("U0ANA"), view=modal(section("1")))
    top = opened["view"]["id"]
    for n in "23":
        pushed = await client.views_push(trigger_id=world.new_trigger("U0ANA", top), view=modal(section(n)))
        assert (pushed["view"]["root_view_id"], pushed["view"]["previous_view_id"]) == (
            opened["view"]["id"],
            top,
        )
        top = pushed["view"]["id"]
    trigger_id = world.new_trigger("U0ANA", top)
    assert (
        await refusal(client.views_push(trigger_id=trigger_id, view=modal(section("4"))))
        == "push_limit_reached"
    )


async def test_an_update_keeps_what_was_filled_in(slack: LocalSlack, client: AsyncWebClient) -> None:
    """Inputs with the same ids keep their value through views.update; a stale hash is a conflict."""
    fields = (field("minutes", "Minutes", TEXT), field("note", "Note", TEXT))
    opened = await client.views_open(trigger_id=slack.world.new_trigger("U0ANA"), view=modal(*fields))
    view_id, stale = opened["view"]["id"], opened["view"]["hash"]
    view = slack.sandbox.views.get(view_id)
    slack.sandbox.views.fill(view, {"minutes": {"minutes": {"type": "plain_text_input", "value": "15m"}}})
    updated = await client.views_update(view_id=view_id, hash=stale, view=modal(fields[0], section("new")))
    assert updated["view"]["state"]["values"] == {
        "minutes": {"minutes": {"type": "plain_text_input", "value": "15m"}}
    }
    conflict = client.views_update(view_id=view_id, hash=stale, view=modal(*fields))
    assert await refusal(conflict) == "hash_conflict"
    assert await refusal(client.views_update(view_id="V0NONE", view=modal(*fields))) == "not_found"


async def test_a_view_is_found_by_the_apps_own_id(slack: LocalSlack, client: AsyncWebClient) -> None:
    """external_id names one open view, and may not be used twice at a time."""
    view = modal(section("x"), external_id="amend-1")
    await client.views_open(trigger_id=slack.world.new_trigger("U0ANA"), view=view)
    updated = await client.views_update(
        external_id="amend-1", view=modal(section("y"), external_id="amend-1")
    )
    assert updated["view"]["blocks"][0]["text"]["text"] == "y"
    again = client.views_open(trigger_id=slack.world.new_trigger("U0BEN"), view=view)
    assert await refusal(again) == "duplicate_external_id"


async def test_a_home_tab_is_per_person(slack: LocalSlack, client: AsyncWebClient) -> None:
    """Each person's Home tab is their own; publishing again updates it; strangers and bots have none."""
    home = {"type": "home", "blocks": [section("Your month")]}
    first = await client.views_publish(user_id="U0ANA", view=home)
    second = await client.views_publish(user_id="U0ANA", view=home, hash=first["view"]["hash"])
    assert first["view"]["id"] == second["view"]["id"]
    assert slack.sandbox.views.home("U0BEN") is None
    stale = client.views_publish(user_id="U0ANA", view=home, hash=first["view"]["hash"])
    assert await refusal(stale) == "hash_conflict"
    for nobody in ("U0X", "U0COCMBOT"):
        assert await refusal(client.views_publish(user_id=nobody, view=home)) == "invalid_arguments"
    assert (
        await refusal(client.views_publish(user_id="U0ANA", view=modal(section("x")))) == "invalid_arguments"
    )


async def test_missing_and_oversized_views_are_refused(slack: LocalSlack, client: AsyncWebClient) -> None:
    """No view at all, one that is no object, and one beyond 250 kB."""
    for view in ("", "nonsense", []):
        assert await refusal(client.views_publish(user_id="U0ANA", view=view)) == "invalid_arguments"
    big = {"type": "home", "blocks": [section("ü" * 3000) for _ in range(50)]}
    assert await refusal(client.views_publish(user_id="U0ANA", view=big)) == "view_too_large"
    assert slack.world.violations[-1].problems == ("view_too_large",)
