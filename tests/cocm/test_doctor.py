"""`cocm doctor`: each thing the bot needs, what is wrong with it, and what to do."""

from collections.abc import AsyncIterator

import pytest

from cocm.doctor import Check, examine, rates
from cocm.settings import Settings
from tests.support.bot import clinic_with_bot, settings_for
from tests.support.slack import LocalSlack, running_slack


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    async with running_slack(clinic_with_bot()) as running:
        yield running


async def said(settings: Settings) -> dict[str, Check]:
    """What was found, by what was looked at."""
    return {check.name: check for check in await examine(settings)}


async def test_a_bot_that_lacks_nothing_is_well(slack: LocalSlack, sqlite_url: str) -> None:
    """Every check says so, in words."""
    found = await said(settings_for(slack, database_url=sqlite_url, billing_channel="C0BILLING"))
    assert [check for check in found.values() if not check.ok] == []
    assert found["billing channel"].said == "C0BILLING is private, not shared, and the bot is in it"


@pytest.mark.parametrize(
    ("channel", "fixed_by"),
    [
        (None, "Set COCM_BILLING_CHANNEL to a private channel, and invite the bot there."),
        ("C0GENERAL", "channel_not_private. The billing channel is public. Make it private"),
        ("C0NOWHERE", "channel_not_found. Check COCM_BILLING_CHANNEL"),
    ],
)
async def test_a_channel_that_cannot_serve_is_named_before_a_month_ends(
    slack: LocalSlack, sqlite_url: str, channel: str | None, fixed_by: str
) -> None:
    """None, a public one, one that the bot is not in: known now, not only on the 1st."""
    found = await said(settings_for(slack, database_url=sqlite_url, billing_channel=channel))
    assert not found["billing channel"].ok
    assert fixed_by in found["billing channel"].said


async def test_a_slack_that_does_not_answer_is_no_verdict_on_the_channel(
    slack: LocalSlack, sqlite_url: str
) -> None:
    """A server error says nothing about the channel."""
    slack.fail_next("conversations.info", "http_503")
    found = await said(settings_for(slack, database_url=sqlite_url, billing_channel="C0BILLING"))
    assert found["billing channel"] == Check(
        "billing channel", ok=False, said="Slack did not answer. Ask again in a minute."
    )


async def test_what_is_missing_altogether_is_said_by_each(tmp_path_factory: pytest.TempPathFactory) -> None:
    """No token, no database folder: each check says its own, none of them raises."""
    folder = tmp_path_factory.mktemp("empty")
    settings = Settings(_env_file=None, database_url=f"sqlite:///{folder}/no/such/folder.db")
    found = await said(settings)
    assert {name for name, check in found.items() if not check.ok} >= {
        "database",
        "Slack",
        "billing channel",
        "scheduled messages",
        "delivery",
    }
    assert "SLACK_BOT_TOKEN" in found["Slack"].said


async def test_where_nobody_could_approve_newcomers_it_says_how_to_name_somebody(
    slack: LocalSlack, sqlite_url: str
) -> None:
    """Nobody could come in; with an administrator named, or everybody welcome, nothing is missing."""
    usual = {"database_url": sqlite_url, "billing_channel": "C0BILLING"}
    found = await said(settings_for(slack, unknown_member="ask", **usual))
    assert not found["administrators"].ok
    assert "COCM_ADMINS" in found["administrators"].said
    named = await said(settings_for(slack, unknown_member="ask", admins=frozenset({"U0SAM"}), **usual))
    assert named["administrators"].ok


def test_a_year_without_rates_is_a_warning_and_no_fault() -> None:
    """Which schedule and which year, and what to do; nothing is broken."""
    lacking = rates((("Medicare", 2027), ("Oak rates", 2026)))
    assert (lacking.ok, lacking.mark) == (True, "WARN")
    assert lacking.said.startswith(
        "no Medicare rate for 2027 on file; no rate for 2026 on file in Oak rates. "
    )
    assert "cocm import fees fees.csv" in lacking.said
    assert (rates(()).mark, rates(()).said) == ("ok", "on file")
    assert Check("database", ok=False, said="gone").mark == "FIX"
