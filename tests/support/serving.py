"""The program as operators run it: a process of its own, spoken to over HTTP."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx

from tests.support.slack import WAIT_SECONDS, LocalSlack, sign

ROOT = Path(__file__).parents[2]


@dataclass
class Served:
    """A running `cocm serve`."""

    process: asyncio.subprocess.Process
    url: str
    #: Of the pages for operators.
    ops_url: str = ""
    #: Every line it has written to standard error so far.
    log: list[str] = field(default_factory=list)


def environment(slack: LocalSlack, database_url: str, **more: str) -> dict[str, str]:
    """The variables that make `cocm serve` speak to a sandbox."""
    app = slack.sandbox.config.app
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("COCM_", "SLACK_"))}
    return {
        **clean,
        "SLACK_BOT_TOKEN": app.bot_token,
        "SLACK_APP_TOKEN": app.app_token,
        "SLACK_SIGNING_SECRET": app.signing_secret,
        "COCM_SLACK_API_URL": slack.api_url,
        "COCM_DATABASE_URL": database_url,
        "COCM_LOG_FORMAT": "json",
        # Most tests are about something else than who may come in.
        "COCM_UNKNOWN_MEMBER": "welcome",
        **more,
    }


def serving(
    env: dict[str, str], *options: str, files: int | None = None, patient: bool = True
) -> AbstractAsyncContextManager[Served]:
    """Run `cocm serve` on a free port until the end of the block, then stop it as an operator would.

    Args:
        env: of the program.
        options: of its command.
        files: how many it may have open.
        patient: with all the time that a busy machine needs for an answer, rather than Slack's.
    """
    module = "tests.support.serve_patiently" if patient else "cocm"
    return _running(env, module, "serve", "--port", "0", *options, files=files)


def serving_ahead(
    env: dict[str, str], ahead: timedelta, *, begun: Callable[[asyncio.subprocess.Process], None]
) -> AbstractAsyncContextManager[Served]:
    """The same over HTTP, with a clock that is ahead of the machine's; `begun` is called before it is ready."""
    return _running(env, "tests.support.serve_ahead", str(ahead.total_seconds()), begun=begun)


@asynccontextmanager
async def _running(
    env: dict[str, str],
    *words: str,
    files: int | None = None,
    begun: Callable[[asyncio.subprocess.Process], None] | None = None,
) -> AsyncIterator[Served]:
    limited = () if files is None else ("sh", "-c", f'ulimit -n {files}; exec "$@"', "sh")
    process = await asyncio.create_subprocess_exec(
        *limited, sys.executable, "-m", *words, cwd=ROOT, env=env, stderr=asyncio.subprocess.PIPE
    )
    if begun is not None:
        begun(process)
    served = Served(process=process, url="")
    assert process.stderr is not None
    port = await asyncio.wait_for(_port(process.stderr, served.log), WAIT_SECONDS)
    served.url = f"http://127.0.0.1:{port}"
    served.ops_url = f"http://127.0.0.1:{_said(served.log, 'ops_port')}"
    reading = asyncio.create_task(_read(process.stderr, served.log))
    try:
        yield served
    finally:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait_for(process.wait(), WAIT_SECONDS)
        await reading


async def _port(stream: asyncio.StreamReader, log: list[str]) -> int:
    async for line in stream:
        log.append(line.decode())
        if line.startswith(b"{") and "port" in (event := json.loads(line)):
            return int(event["port"])
    raise AssertionError("cocm serve ended before it served:\n" + "".join(log))


def _said(log: list[str], name: str) -> int:
    said = (json.loads(line) for line in log if line.startswith("{"))
    return next(int(event[name]) for event in said if name in event)


async def _read(stream: asyncio.StreamReader, log: list[str]) -> None:
    log.extend([line.decode() async for line in stream])


def command_body(text: str, *, trigger_id: str, user_id: str = "U0ANA", team_id: str = "T0CLINIC") -> str:
    """The form that Slack posts for `/cocm text`."""
    return urlencode(
        {
            "token": "",
            "api_app_id": "A0COCM",
            "team_id": team_id,
            "team_domain": "clinic",
            "channel_id": "C0GENERAL",
            "channel_name": "general",
            "user_id": user_id,
            "user_name": "ana",
            "command": "/cocm",
            "text": text,
            "response_url": "http://127.0.0.1:9/response",
            "trigger_id": trigger_id,
        }
    )


async def post_signed(
    client: httpx.AsyncClient, url: str, body: str, *, secret: str, at: float, **headers: Any
) -> httpx.Response:
    """Post a body as Slack would, signed at a Unix time."""
    signed = {**sign(body, secret, at), "content-type": "application/x-www-form-urlencoded", **headers}
    return await client.post(f"{url}/slack/events", content=body.encode(), headers=signed)
