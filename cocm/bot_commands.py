"""The commands that run the bot, and those that look at what it is and would do."""

import asyncio
import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cocm.errors import EnvironmentFault

if TYPE_CHECKING:
    from cocm.settings import Settings

#: Of the extra `demo`.
_DEMO_LIBRARIES = frozenset({"jsonschema", "python_multipart", "websockets", "yaml"})

commands = typer.Typer()


@commands.command()
def demo(
    port: Annotated[int, typer.Option(help="Port of the chat page.")] = 3000,
    open_: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in a browser.")] = True,
    fresh: Annotated[bool, typer.Option("--fresh", help="Delete what earlier demos stored.")] = False,
) -> None:
    """Try everything out: a local Slack in the browser, no account and no token."""
    try:
        from cocm.demo import demo as run  # noqa: PLC0415 - only the demo loads the sandbox
    except ModuleNotFoundError as missing:
        if missing.name not in _DEMO_LIBRARIES:
            raise
        raise EnvironmentFault(
            f"The local Slack needs {missing.name}, which a server does without. "
            "Install it with: pip install 'cocm-minutes[demo]'"
        ) from missing

    from cocm import logs  # noqa: PLC0415 - starts faster for the commands that log nothing

    logs.configure("console", level=logging.WARNING)
    asyncio.run(run(port=port, open_browser=open_, fresh=fresh))


@commands.command()
def serve(
    socket: Annotated[bool, typer.Option("--socket", help="Socket Mode: no public address needed.")] = False,
    http: Annotated[
        bool, typer.Option("--http", help="Slack calls /slack/events on this host and port.")
    ] = False,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 3000,
    no_scheduler: Annotated[
        bool, typer.Option("--no-scheduler", help="Leave scheduled jobs to others.")
    ] = False,
) -> None:
    """Run the bot."""
    if socket and http:
        raise typer.BadParameter("choose --socket or --http, not both")
    from cocm.libraries_in_c import run  # noqa: PLC0415 - starts faster for the commands that need no Slack
    from cocm.serving import serve as serve_until_ended  # noqa: PLC0415 - the same

    settings = _settings()
    over_http = http or (not socket and settings.slack_app_token is None)
    _may_serve(settings, over_http=over_http)
    run(
        serve_until_ended(
            settings, over_http=over_http, host=host, port=port, with_scheduler=not no_scheduler
        )
    )


@commands.command("parse")
def parse_(
    text: Annotated[
        list[str], typer.Argument(help="The words; - reads one text a line from standard input.")
    ],
    now: Annotated[str | None, typer.Option(help="Instant to read dates at, ISO 8601 with offset.")] = None,
    tz: Annotated[str | None, typer.Option(help="The person's time zone, like America/New_York.")] = None,
    roster: Annotated[
        Path | None, typer.Option(help="File of MRNs that make a bare number a patient.")
    ] = None,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON object a text.")] = False,
) -> None:
    """Show what the bot would understand; stores nothing."""
    from cocm.parsing import show  # noqa: PLC0415 - only this command reads words

    show(text, now=now, tz=tz, roster=roster, as_json_form=as_json_)


@commands.command()
def tick(
    at: Annotated[
        str | None, typer.Option(help="Instant up to which things are due, ISO 8601; now when left out.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be sent to whom.")] = False,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Send everything that is due, once: for cron, and for catching up."""
    from cocm.tick import tick as run  # noqa: PLC0415 - starts faster for the commands that need no Slack

    run(_settings(), at, dry_run=dry_run, as_json=as_json_)


@commands.command()
def doctor() -> None:
    """Check everything the bot needs, and say what to fix."""
    from cocm.doctor import examine  # noqa: PLC0415 - starts faster for the commands that need no Slack
    from cocm.terminal import out  # noqa: PLC0415 - `cocm serve` starts without

    checks = asyncio.run(examine(_settings()))
    for check in checks:
        out.print(f"{check.mark:<4} {check.name}: {check.said}", markup=False)
    if not all(check.ok for check in checks):
        sys.exit(EnvironmentFault.exit_code)


@commands.command()
def ready(
    url: Annotated[
        str, typer.Option(help="The running bot's page of readiness; the local one when left out.")
    ] = "",
) -> None:
    """Ask the bot that runs here whether it is ready to work: for a container's health check, and for scripts."""
    from cocm.asking_readiness import ask  # noqa: PLC0415 - only this command asks

    ask(url)


@commands.command()
def version() -> None:
    """Print the version."""
    from cocm.cli import say_version  # noqa: PLC0415 - the command line comes before its commands

    say_version()


def _settings() -> "Settings":
    from cocm import logs  # noqa: PLC0415 - starts faster for the commands that need no settings
    from cocm.settings import load  # noqa: PLC0415 - the same

    settings = load()
    logs.configure(settings.log_format)
    # Bolt takes a token from the environment as a request to call auth.test on each request; ours is handed to it.
    os.environ.pop("SLACK_BOT_TOKEN", None)
    return settings


def _may_serve(settings: "Settings", *, over_http: bool) -> None:
    if settings.talks_to_slack and not settings.baa_attested:
        raise EnvironmentFault(
            "COCM_BAA_ATTESTED is not true. An MRN beside care minutes is protected health information, and Slack may "
            "hold it only under a signed business associate agreement (Enterprise Grid). Once your practice has one, "
            "set COCM_BAA_ATTESTED=true. To try without Slack: make demo."
        )
    if settings.slack_bot_token is None:
        from cocm.wiring import WITHOUT_BOT  # noqa: PLC0415 - starts faster for the commands that need no Slack

        raise EnvironmentFault(WITHOUT_BOT)
    if over_http and settings.slack_signing_secret is None:
        from cocm.wiring import WITHOUT_SECRET  # noqa: PLC0415 - starts faster for the commands that need no Slack

        raise EnvironmentFault(WITHOUT_SECRET)
    if not over_http and settings.slack_app_token is None:
        raise EnvironmentFault(
            "SLACK_APP_TOKEN is not set, and Socket Mode needs it. Make an app-level token (xapp-...) with the scope "
            "connections:write on your Slack app's Basic Information page, or use cocm serve --http."
        )
