"""`cocm demo`: a local Slack in the browser, the bot and a made-up practice, in one program."""

import contextlib
import os
import shutil
import sys
import webbrowser
from dataclasses import replace
from pathlib import Path

import yaml
from pydantic import SecretStr

from cocm import demo_practice
from cocm.databases import open_database
from cocm.demo_clock import DemoClock, SandboxClock
from cocm.demo_controls import DemoControls
from cocm.errors import EnvironmentFault
from cocm.serving import make_ready, running, serve_until_stopped, socket_mode
from cocm.settings import Settings
from cocm.wiring import open_program
from sandbox.app import create_app
from sandbox.config import ChannelSpec, InstalledApp, SandboxConfig, Team, User
from sandbox.server import SandboxServer
from services.clock import Clock
from services.context import Context

FOLDER = Path(".demo")
BILLING_CHANNEL = "C0DEMOBILL"
BILLER = "U0DEMOSAM"
APP_TOKEN = "xapp-demo"  # noqa: S105 - opens nothing but the sandbox of this very program
BOT_TOKEN = "xoxb-demo"  # noqa: S105 - the same
HOST = "127.0.0.1"

#: In a checkout a link to the one at its root; a wheel holds a copy.
_MANIFEST = Path(__file__).with_name("manifest.yml")
_CHANNELS = (
    ChannelSpec(
        id="C0DEMOGEN",
        name="general",
        members=tuple(member.slack_user_id for member in demo_practice.MEMBERS),
    ),
    ChannelSpec(
        id=BILLING_CHANNEL,
        name="cocm-billing",
        is_private=True,
        members=("U0COCMBOT", BILLER, "U0DEMOCHL"),
    ),
)


async def demo(*, port: int, open_browser: bool, fresh: bool, clock: Clock | None = None) -> None:
    """Serve the chat page with the bot in it until interrupted; from the beginning again when the visitor wants it.

    Args:
        port: of the chat page.
        open_browser: show the page once it is there.
        fresh: delete what earlier demos stored.
        clock: what the demo's clock is ahead of; the machine's when left out.

    Raises:
        EnvironmentFault: when the port is taken or the folder cannot be written.
    """
    while await _demo(port=port, open_browser=open_browser, fresh=fresh, clock=clock):
        # The page that asked for it is open already, and finds the new demo at the same address.
        open_browser, fresh = False, True


async def _demo(*, port: int, open_browser: bool, fresh: bool, clock: Clock | None) -> bool:
    """Serve one demo; True when it is to start over."""
    _make_folder(fresh=fresh)
    settings = demo_settings(port)
    database = open_database(settings.database_url, settings.audit_keys(), settings.data_keys())
    shown = DemoClock(FOLDER / "clock", clock)
    again = False

    def start_over() -> None:
        nonlocal again
        again = server.should_exit = True

    config = sandbox_config()
    controls = DemoControls(
        shown, start_over, next(each for each in config.channels if each.id == BILLING_CHANNEL)
    )
    config = replace(config, controls=controls.controls(), clock_note="in this demo")
    server = SandboxServer(create_app(config, SandboxClock(shown)), host=HOST, port=port)
    async with contextlib.AsyncExitStack() as stack:
        stack.callback(database.close)

        async def when_up() -> None:
            """The bot meets the sandbox like any Slack: through its Web API and a Socket Mode connection."""
            program = await open_program(settings, database, shown)
            await program.practice.write(_fill)
            await stack.enter_async_context(running(program, with_scheduler=True))
            await stack.enter_async_context(socket_mode(program))
            controls.begin(program)
            _invite(port, open_browser=open_browser)
            await make_ready(program)

        await serve_until_stopped(server, ready="demo", when_up=when_up)
    return again


def _make_folder(*, fresh: bool) -> None:
    try:
        if fresh and FOLDER.exists():
            shutil.rmtree(FOLDER)
        FOLDER.mkdir(exist_ok=True)
    except OSError as error:
        raise EnvironmentFault(
            f"The folder {FOLDER} cannot be written ({error.strerror}). Start the demo where you may write."
        ) from error


def demo_settings(port: int) -> Settings:
    """The demo's settings: everything local, nothing from the environment of a real installation."""
    return Settings(
        _env_file=None,
        slack_bot_token=SecretStr(BOT_TOKEN),
        slack_app_token=SecretStr(APP_TOKEN),
        database_url=f"sqlite:///{FOLDER / 'cocm.db'}",
        slack_api_url=f"http://{HOST}:{port}/api/",
        billing_channel=BILLING_CHANNEL,
        admins=frozenset({BILLER}),
        phi_in_views=True,
        unknown_member="welcome",
    )


def sandbox_config() -> SandboxConfig:
    """The demo's workspace: the made-up practice's people, two channels and the app of `manifest.yml`."""
    return SandboxConfig(
        app=InstalledApp(
            manifest=yaml.safe_load(_MANIFEST.read_text(encoding="utf-8")),
            app_token=APP_TOKEN,
            bot_token=BOT_TOKEN,
        ),
        team=Team(id="T0DEMO", domain="demo-clinic", name="Demo Clinic"),
        users=tuple(
            User(
                id=member.slack_user_id,
                name=member.name,
                real_name=member.display_name,
                display_name=member.display_name,
            )
            for member in demo_practice.MEMBERS
        ),
        channels=_CHANNELS,
    )


def _fill(context: Context) -> None:
    """Seed the practice the first time; later starts find what the visitor left."""
    if context.uow.patients.by_identity(demo_practice.SHOWN_MRN) is None:
        demo_practice.seed(context.uow, context.now, context.settings.zone)


def _invite(port: int, *, open_browser: bool) -> None:
    url = f"http://{HOST}:{port}/"
    sys.stderr.write(
        f"\nThe demo is up: {url}\n"
        "Pick a person, then type:  /cocm log 15m MRN123 phone check-in\n"
        "Stop it with Ctrl+C. Start over with: make demo ARGS=--fresh\n\n"
    )
    # Without a screen a browser would open in the terminal and take it over.
    if open_browser and (
        sys.platform in {"darwin", "win32"} or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        webbrowser.open(url)
