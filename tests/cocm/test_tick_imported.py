"""`cocm tick` on a practice that came in as files: each morning and each month's end once, whatever went wrong."""

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.screens.morning import PUSH
from cocm.settings import Settings
from cocm.tick import tick_once
from sandbox.model import Message
from services.messages.deliveries import State
from tests.support.bot import ANA, BEN, SAM, clinic_with_bot, settings_for
from tests.support.commands import Run
from tests.support.files import csv_of, entries_csv, patients_csv
from tests.support.reading import words
from tests.support.serving import ROOT, environment
from tests.support.slack import LocalSlack, running_slack

CHANNEL = "C0BILLING"
#: 09:00 in New York on Tuesday 1 December.
FIRST = datetime(2026, 12, 1, 14, tzinfo=UTC)
#: Each care manager by Slack id: the name in the files, and the patient whose consent is missing.
MANAGERS = {ANA: ("Ana Flores", "MRN4471"), BEN: ("Ben Okoro", "MRN4472"), SAM: ("Sam Whitfield", "MRN4473")}


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    async with running_slack(clinic_with_bot()) as running:
        yield running
        assert running.world.violations == []


@pytest.fixture
def settings(slack: LocalSlack, sqlite_url: str) -> Settings:
    return settings_for(slack, database_url=sqlite_url, billing_channel=CHANNEL)


def imported(cocm: Run, worked_on: date) -> None:
    """Three care managers with a patient each, whom they called for 65 minutes on a day."""
    members = [
        {"slack_user_id": user, "display_name": name, "roles": "care_manager", "digest_at": "8:15"}
        for user, (name, _) in MANAGERS.items()
    ]
    patients = [
        {
            "mrn": mrn,
            "care_manager": name,
            "enrolled_on": "2026-09-01",
            "initial_assessment_on": "2026-09-01",
            "payer": "Lakeside",
        }
        for name, mrn in MANAGERS.values()
    ]
    entries = [
        {"mrn": mrn, "performed_by": name, "service_date": worked_on.isoformat(), "minutes": "65"}
        for name, mrn in MANAGERS.values()
    ]
    for kind, data in (
        ("members", csv_of(("slack_user_id", "display_name", "roles", "digest_at"), members)),
        ("patients", patients_csv(*patients)),
        ("entries", entries_csv(*entries)),
    ):
        Path(f"{kind}.csv").write_bytes(data)
        cocm("import", kind, f"{kind}.csv")


def shown(slack: LocalSlack, channel: str) -> list[Message]:
    """What stands in a channel, oldest first."""
    return sorted(slack.world.channels[channel].messages.values(), key=lambda message: message.ts)


def digests(slack: LocalSlack, user: str) -> list[Message]:
    """The digests that a person got, oldest first."""
    return [one for one in shown(slack, slack.person(user).dm) if one.text == PUSH]


def check_month_came_once(slack: LocalSlack, month: str, heading: str) -> None:
    """The month's summary, its two files in its thread, and no second of either."""
    summary, *others = (one for one in shown(slack, CHANNEL) if "provisional" in words(one) or one.files)
    assert heading in words(summary)
    assert Counter(file.name for one in others for file in one.files) == {
        f"cocm-{month}-draft.csv": 1,
        f"cocm-{month}-draft.xlsx": 1,
    }
    assert {one.thread_ts for one in others} == {summary.ts}


def check_first_of_december(slack: LocalSlack) -> None:
    """Each care manager's digest with their own patient, and November, once."""
    for user, (_, mrn) in MANAGERS.items():
        (digest,) = shown(slack, slack.person(user).dm)
        assert mrn in words(digest)
    check_month_came_once(slack, "2026-11", "November 2026")
    assert len(shown(slack, CHANNEL)) == 3


async def test_everything_comes_once_although_slack_hung_up_limited_and_failed(
    slack: LocalSlack, settings: Settings, cocm: Run
) -> None:
    """A post accepted without an answer, two 429 and a 503; called three times: each message once."""
    imported(cocm, date(2026, 11, 10))
    slack.fail_next("chat.postMessage", "drop_after")
    slack.fail_next("chat.postMessage", "rate_limit", times=2, seconds=1)
    # Slack may have taken it, so it is looked for well beyond the settle time before a second attempt.
    slack.fail_next("chat.postMessage", "http_503")
    slack.fail_next("files.completeUploadExternal", "drop_after")
    ticked = await tick_once(settings, FIRST)
    assert (ticked.ended, ticked.waiting) == ({State.SENT: 6}, ())
    assert slack.sandbox.api.faults.waiting() == []
    check_first_of_december(slack)
    for _ in range(2):
        again = await tick_once(settings, FIRST)
        assert (again.ended.total(), again.waiting) == (0, ())
    check_first_of_december(slack)


async def test_the_command_says_what_it_sent_and_sends_it_once(
    slack: LocalSlack, sqlite_url: str, cocm: Run
) -> None:
    """As cron calls it, twice: exit code 0, and one line each."""
    imported(cocm, date(2026, 11, 10))
    env = environment(slack, sqlite_url, COCM_BILLING_CHANNEL=CHANNEL)
    said = [await run(env, "tick", "--at", "2026-12-01T14:00:00Z") for _ in range(2)]
    assert said == [
        (0, "6 sent, 0 had nothing to say, 0 came too late.\n"),
        (0, "0 sent, 0 had nothing to say, 0 came too late.\n"),
    ]
    check_first_of_december(slack)


async def test_down_over_the_end_of_october_its_summary_comes_once_and_late(
    slack: LocalSlack, settings: Settings, cocm: Run
) -> None:
    """From Friday evening to Tuesday: October once, marked late; today's digest as each one's own morning comes."""
    imported(cocm, date(2026, 10, 13))
    await tick_once(settings, datetime(2026, 10, 30, 22, tzinfo=UTC))
    assert all("provisional" not in words(one) for one in shown(slack, CHANNEL))
    before = {user: len(digests(slack, user)) for user in MANAGERS}
    mornings = {user: morning_of(slack, user, date(2026, 11, 3)) for user in MANAGERS}
    assert len(set(mornings.values())) > 1
    for at in sorted({*mornings.values(), max(mornings.values()) + timedelta(hours=1)}):
        for _ in range(2):
            ticked = await tick_once(settings, at)
            # September, in which nothing was written, waits for something to tell.
            assert {each.period for each in ticked.waiting} == {"month_end:2026-09"}
            for user, morning in mornings.items():
                assert len(digests(slack, user)) == before[user] + (at >= morning)
    check_month_came_once(slack, "2026-10", "October 2026")
    late = [
        one for one in shown(slack, CHANNEL) if "October 2026 · provisional until closed · late" in words(one)
    ]
    assert len(late) == 1
    for user in MANAGERS:
        assert "Tuesday, November 3" in words(digests(slack, user)[-1])


def morning_of(slack: LocalSlack, user: str, day: date) -> datetime:
    """When a day's morning message is due to somebody: at the hour of the file, in the zone that Slack has of them."""
    zone = ZoneInfo(slack.world.users[user].tz)
    return datetime.combine(day, time(8, 15), zone).astimezone(UTC)


async def run(env: dict[str, str], *command: str) -> tuple[int | None, str]:
    """Run `cocm` as a program of its own; its exit code, and what it printed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "cocm", *command, cwd=ROOT, env=env, stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await process.communicate()
    return process.returncode, printed.decode()
