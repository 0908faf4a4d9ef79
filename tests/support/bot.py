"""The whole bot in front of a sandbox: real Bolt, real Web API over HTTP, a real database."""

from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import yaml
from pydantic import SecretStr

from bot import slow_answers
from cocm.settings import Settings
from cocm.wiring import Application, open_program
from sandbox.config import ChannelSpec, InstalledApp, SandboxConfig, Team, User
from storage import Database
from tests.support.accessible import heard
from tests.support.slack import WAIT_SECONDS, LocalSlack, running_slack

MANIFEST = yaml.safe_load((Path(__file__).parents[2] / "manifest.yml").read_text(encoding="utf-8"))
ANA, BEN, SAM = "U0ANA", "U0BEN", "U0SAM"


def clinic_with_bot(**changes: Any) -> SandboxConfig:
    """A workspace of three people, a public and a private channel, and the app of `manifest.yml`."""
    return SandboxConfig(
        app=InstalledApp(manifest=MANIFEST),
        team=Team(id="T0CLINIC", domain="clinic", name="Clinic"),
        users=(
            User(
                id=ANA, name="ana", real_name="Ana Flores", display_name="Ana Flores", tz="America/New_York"
            ),
            User(
                id=BEN, name="ben", real_name="Ben Okoro", display_name="Ben Okoro", tz="America/Los_Angeles"
            ),
            User(id=SAM, name="sam", real_name="Sam Whitfield", display_name="Sam Whitfield"),
        ),
        channels=(
            ChannelSpec(id="C0GENERAL", name="general", members=(ANA, BEN, SAM)),
            ChannelSpec(id="C0BILLING", name="cocm-billing", is_private=True, members=(SAM, "U0COCMBOT")),
        ),
        **changes,
    )


def busy_clinic() -> SandboxConfig:
    """The same workspace with the twenty people in it who send what `benchmarks.load` makes."""
    config = clinic_with_bot()
    crowd = (
        User(
            id=f"U{number:03}",
            name=f"care{number}",
            real_name=f"Care {number}",
            display_name=f"Care {number}",
        )
        for number in range(20)
    )
    return replace(config, users=(*config.users, *crowd))


def settings_for(slack: LocalSlack, **changes: Any) -> Settings:
    """Settings that point at a sandbox and take nothing from the environment."""
    app = slack.sandbox.config.app
    given: dict[str, Any] = {
        "slack_bot_token": SecretStr(app.bot_token),
        "slack_app_token": SecretStr(app.app_token),
        "slack_signing_secret": SecretStr(app.signing_secret),
        "slack_api_url": slack.api_url,
        # Most tests are about something else than who may come in.
        "unknown_member": "welcome",
        **changes,
    }
    return Settings(_env_file=None, **given)


def answering_in_time() -> AbstractContextManager[Any]:
    """However busy the machine is, answers ride in the acknowledgment."""
    return patch.multiple(
        slow_answers,
        TURN_SECONDS=WAIT_SECONDS,
        BEGIN_SECONDS=WAIT_SECONDS,
        ANSWER_SECONDS=WAIT_SECONDS,
        FORM_SECONDS=WAIT_SECONDS,
    )


@dataclass
class Clinic:
    """A sandbox with the bot at work in it."""

    slack: LocalSlack
    program: Application


@asynccontextmanager
async def clinic_at_work(database: Database, **settings: Any) -> AsyncIterator[Clinic]:
    """Start the sandbox and the bot; afterwards nothing it showed may have broken Slack's rules or be unclear aloud."""
    async with running_slack(clinic_with_bot()) as slack:
        not_clear = heard(slack.world)
        program = await open_program(settings_for(slack, **settings), database)
        detach = await slack.attach(program.app)
        try:
            with answering_in_time():
                yield Clinic(slack=slack, program=program)
            await program.bot.background.close()
        finally:
            detach()
        assert slack.world.violations == []
        assert not_clear == []
