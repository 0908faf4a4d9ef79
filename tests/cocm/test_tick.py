"""`cocm tick`: what is due comes once, to the right person, whatever Slack did, and says what it could not send."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from billing.people import MemberRole
from cocm.doctor import Check, examine
from cocm.settings import Settings
from cocm.tick import tick, tick_once, would_send
from sandbox.model import Message
from services.messages.deliveries import Recipient, State
from storage import Database
from tests.support.bot import ANA, BEN, SAM, clinic_with_bot, settings_for
from tests.support.caseloads import in_care, worked
from tests.support.practice import TryPractice
from tests.support.reading import words
from tests.support.slack import WAIT_SECONDS, LocalSlack, running_slack

#: 09:00 in New York on Tuesday 1 December.
FIRST = datetime(2026, 12, 1, 14, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("practice")


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    async with running_slack(clinic_with_bot()) as running:
        yield running
        assert running.world.violations == []


@pytest.fixture
def practice(database: Database) -> TryPractice:
    """Ana with a patient who reached 99493 in November and one whose consent is missing; Sam administrates."""
    practice = TryPractice(database)
    ana = practice.member("Ana Flores", slack=ANA)
    practice.member("Sam Whitfield", MemberRole.ADMIN, slack=SAM)
    worked(practice, ana, in_care(practice, ana, "4471"), 65, date(2026, 11, 10))
    in_care(practice, ana, "4472", consent=None)
    return practice


@pytest.fixture
def settings(slack: LocalSlack, sqlite_url: str) -> Settings:
    return settings_for(slack, database_url=sqlite_url, billing_channel="C0BILLING")


def shown(slack: LocalSlack, channel: str) -> list[Message]:
    """What stands in a channel, oldest first."""
    return sorted(slack.world.channels[channel].messages.values(), key=lambda message: message.ts)


async def held_up(settings: Settings) -> Check:
    """What `cocm doctor` says of scheduled messages."""
    (check,) = [each for each in await examine(settings) if each.name == "scheduled messages"]
    return check


def check_all_came_once(slack: LocalSlack) -> None:
    """Ana's digest, and November's summary with its two files in its thread."""
    (digest,) = shown(slack, slack.person(ANA).dm)
    assert "MRN4472" in words(digest)
    assert "MRN" not in digest.text
    summary, *files = shown(slack, "C0BILLING")
    assert "November 2026" in words(summary)
    assert "MRN" not in words(summary)
    assert sorted(file.name for message in files for file in message.files) == [
        "cocm-2026-11-draft.csv",
        "cocm-2026-11-draft.xlsx",
    ]
    assert {message.thread_ts for message in files} == {summary.ts}


async def test_what_is_due_comes_once_however_often_it_is_called(
    slack: LocalSlack, settings: Settings
) -> None:
    """On the 1st, in the morning: the digest, the month end and its files; a second tick sends nothing."""
    ticked = await tick_once(settings, FIRST, WAIT_SECONDS)
    assert (ticked.ended[State.SENT], ticked.waiting) == (4, ())
    check_all_came_once(slack)

    again = await tick_once(settings, FIRST, WAIT_SECONDS)
    assert (again.ended.total(), again.waiting) == (0, ())
    check_all_came_once(slack)


async def test_it_comes_once_although_slack_hung_up_and_asked_to_wait(
    slack: LocalSlack, settings: Settings
) -> None:
    """Accepted posts without an answer are found again, 429 is waited for, and nothing is doubled."""
    slack.fail_next("chat.postMessage", "rate_limit", times=2, seconds=1)
    slack.fail_next("chat.postMessage", "drop_after", times=2)
    slack.fail_next("files.completeUploadExternal", "drop_after")
    ticked = await tick_once(settings, FIRST, WAIT_SECONDS)
    assert (ticked.ended[State.SENT], ticked.waiting) == (4, ())
    check_all_came_once(slack)


async def test_after_downtime_the_month_end_comes_late_and_says_so(
    slack: LocalSlack, settings: Settings
) -> None:
    """Down from before the 1st to the 3rd: one summary, marked late, and only today's digest."""
    first = await tick_once(settings, datetime(2026, 11, 27, 22, tzinfo=UTC), WAIT_SECONDS)
    assert [each.state for each in first.waiting if not each.is_file] == [State.NEW], (
        "October is empty so far"
    )
    assert shown(slack, "C0BILLING") == []
    await tick_once(settings, datetime(2026, 12, 3, 15, tzinfo=UTC), WAIT_SECONDS)
    late = [one for one in shown(slack, "C0BILLING") if not one.is_reply]
    assert ["November 2026 · provisional until closed · late" in words(one) for one in late] == [True]


async def test_what_cannot_heal_is_told_to_administrators_and_sent_when_fixed(
    slack: LocalSlack, settings: Settings
) -> None:
    """The bot is not in the channel: the administrator reads how to fix it, doctor too; once invited, it comes."""
    members = slack.world.channels["C0BILLING"].members
    members.remove("U0COCMBOT")
    ticked = await tick_once(settings, FIRST, WAIT_SECONDS)
    assert [(each.state, each.code) for each in ticked.waiting if not each.is_file] == [
        (State.FAILED, "channel_not_found")
    ]
    (notice,) = shown(slack, slack.person(SAM).dm)
    assert "/invite @cocm" in words(notice)
    assert "MRN" not in words(notice)
    foreseen = await asyncio.to_thread(would_send, settings, FIRST)
    assert {(each.period, each.code) for each in foreseen.waiting if not each.is_file} == {
        ("month_end:2026-11", "channel_not_found")
    }
    check = await held_up(settings)
    assert not check.ok
    assert "channel_not_found" in check.said

    members.append("U0COCMBOT")
    await tick_once(settings, FIRST, WAIT_SECONDS)
    check_all_came_once(slack)
    assert len(shown(slack, slack.person(SAM).dm)) == 1
    assert (await held_up(settings)).ok


async def test_what_is_fixed_days_later_comes_late_and_says_so(slack: LocalSlack, settings: Settings) -> None:
    """The bot is let in on the 6th: the month end says that it is late, though it was planned in time."""
    members = slack.world.channels["C0BILLING"].members
    members.remove("U0COCMBOT")
    await tick_once(settings, FIRST, WAIT_SECONDS)
    members.append("U0COCMBOT")
    await tick_once(settings, FIRST.replace(day=6), WAIT_SECONDS)
    (summary,) = [one for one in shown(slack, "C0BILLING") if "November 2026 · provisional" in words(one)]
    assert "November 2026 · provisional until closed · late" in words(summary)


async def test_an_administrator_by_setting_is_told_though_they_never_said_a_word(
    slack: LocalSlack, settings: Settings
) -> None:
    """Whoever installed the bot and set COCM_ADMINS hears what is held up."""
    slack.world.channels["C0BILLING"].members.remove("U0COCMBOT")
    await tick_once(settings.model_copy(update={"admins": frozenset({BEN})}), FIRST, WAIT_SECONDS)
    (notice,) = shown(slack, slack.person(BEN).dm)
    assert "/invite @cocm" in words(notice)


async def test_a_month_that_was_empty_on_the_first_is_told_once_it_is_not(
    slack: LocalSlack, settings: Settings, practice: TryPractice
) -> None:
    """A practice is set up on 1 November and imports October's time an hour later: October comes, with its files."""
    october = datetime(2026, 11, 1, 14, tzinfo=UTC)
    await tick_once(settings, october, WAIT_SECONDS)
    assert shown(slack, "C0BILLING") == []
    ana = practice.member("Ana Two", slack="U0TWO")
    started = date(2026, 10, 1)
    patient = in_care(practice, ana, "9", enrolled_on=started, initial_assessment_on=started)
    worked(practice, ana, patient, 65, date(2026, 10, 12))
    await tick_once(settings, october + timedelta(hours=1), WAIT_SECONDS)
    summary, *files = shown(slack, "C0BILLING")
    assert "October 2026" in words(summary)
    assert len(files) == 2


def test_a_dry_run_says_what_would_come_and_sends_nothing(
    practice: TryPractice, sqlite_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without Slack: each period and person, and nothing stored."""
    settings = Settings(_env_file=None, database_url=sqlite_url, billing_channel="C0BILLING")
    found = would_send(settings, FIRST)
    assert {(each.period, found.names[each.recipient]) for each in found.owed} == {
        ("digest:2026-12-01", "Ana Flores"),
        ("digest:2026-12-01", "Sam Whitfield"),
        ("month_end:2026-11", "the billing channel"),
    }
    tick(settings, "2026-12-01T14:00:00Z", dry_run=True, as_json=True)
    form: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert {each["recipient"] for each in form["owed"]} == {"billing", str(Recipient(1)), str(Recipient(2))}
    assert form["waiting"] == []
    tick(settings, "2026-12-01T09:00", dry_run=True, as_json=False)
    assert "digest:2026-12-01 to Ana Flores" in capsys.readouterr().out
    assert practice.see(lambda context: context.uow.deliveries.open()) == ()
