"""`cocm doctor`: each thing the bot needs, what is wrong with it, and what to do."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cocm.doctor import Check, examine, rates
from cocm.readiness import Readiness
from cocm.settings import Settings
from cocm.wiring import open_program
from sandbox.faults import Fault
from storage import Database
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


async def test_what_readiness_sees_the_doctor_says(slack: LocalSlack, sqlite_url: str) -> None:
    """A clock that is off, an app token that Slack refuses, files that others may read, and no bot that runs."""
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    await asyncio.to_thread(file.chmod, 0o644)
    faults = slack.sandbox.api.faults
    faults.add(Fault(kind="clock", seconds=200, times=1))
    faults.add(Fault(kind="error", error="invalid_auth", method="apps.connections.open"))
    found = await said(settings_for(slack, database_url=sqlite_url, billing_channel="C0BILLING"))
    assert "seconds behind Slack's" in found["clock"].said
    assert not found["clock"].ok
    assert "refuses the app token (invalid_auth)" in found["app token"].said
    assert not found["app token"].ok
    assert found["files"].mark == "WARN"
    assert f"chmod 600 {file}" in found["files"].said
    assert found["running"].said.startswith("No bot runs on this database now.")


async def test_a_bot_that_runs_is_named_with_what_stands_in_its_way(
    slack: LocalSlack, database: Database, sqlite_url: str
) -> None:
    """As it wrote it last, within the minute."""
    program = await open_program(settings_for(slack, database_url=sqlite_url), database)
    looking = Readiness(program, None)
    await looking.faults()
    found = await said(settings_for(slack, database_url=sqlite_url, billing_channel="C0BILLING"))
    assert found["running"].ok
    assert looking.node in found["running"].said
    program.vitals.overheard.refused_tokens["bot"] = "token_revoked"
    await looking.faults()
    looking._asked_at = -60.0
    await looking.faults()
    found = await said(settings_for(slack, database_url=sqlite_url, billing_channel="C0BILLING"))
    assert "bot token (token_revoked)" in found["running"].said
    assert not found["running"].ok


async def test_a_newer_database_is_named(slack: LocalSlack, database: Database, sqlite_url: str) -> None:
    """Nothing else is asked of it."""
    with database.engine.connect() as connection, connection.begin():
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    found = await said(settings_for(slack, database_url=sqlite_url, billing_channel="C0BILLING"))
    assert "newer version" in found["database"].said
    assert not found["database"].ok
