"""The servers that are measured: the program, and the same Bolt and uvicorn only acknowledging."""

import asyncio
import contextlib
import json
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from benchmarks.load import SECRET
from sandbox.config import InstalledApp, SandboxConfig, Team, User
from tests.support.slack import LocalSlack, running_slack

MANIFEST = yaml.safe_load((Path(__file__).parents[1] / "manifest.yml").read_text(encoding="utf-8"))


_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Running:
    """A server that runs."""

    port: int
    pid: int

    def cpu(self) -> float:
        """Seconds of CPU that it has taken, its own and the system's for it; hundredths."""
        own, system = Path(f"/proc/{self.pid}/stat").read_text().rpartition(") ")[2].split()[11:13]
        return (int(own) + int(system)) / _TICKS

    def resident(self) -> int:
        """Bytes of memory that it holds now."""
        return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@contextlib.asynccontextmanager
async def program(
    database_url: str | None = None, root: Path | None = None, module: str = "cocm"
) -> AsyncIterator[Running]:
    """`cocm serve --http` against a sandbox, on SQLite unless told otherwise.

    Args:
        database_url: Of the practice; a new one when left out.
        root: The tree that runs; this one when left out.
        module: What is run in its place.
    """
    config = SandboxConfig(
        app=InstalledApp(manifest=MANIFEST, signing_secret=SECRET),
        team=Team(id="T0CLINIC"),
        users=tuple(
            User(id=f"U{number:03}", name=f"u{number}", real_name=f"U {number}") for number in range(20)
        ),
    )
    with tempfile.TemporaryDirectory() as folder:
        async with running_slack(config) as slack:
            env = _environment(slack, database_url or f"sqlite:///{folder}/bench.db")
            if root is not None:
                env["PYTHONPATH"] = str(root)
            async with _served(
                [sys.executable, "-m", module, "serve", "--http", "--port", "0"], env
            ) as running:
                yield running


@contextlib.asynccontextmanager
async def acknowledging() -> AsyncIterator[Running]:
    """The floor: signature checked, acknowledged, nothing else."""
    async with _served([sys.executable, "-m", "benchmarks.ack_only"], dict(os.environ)) as running:
        yield running


def _environment(slack: LocalSlack, database_url: str) -> dict[str, str]:
    app = slack.sandbox.config.app
    return {
        **os.environ,
        "SLACK_BOT_TOKEN": app.bot_token,
        "SLACK_SIGNING_SECRET": app.signing_secret,
        "COCM_SLACK_API_URL": slack.api_url,
        "COCM_DATABASE_URL": database_url,
        "COCM_UNKNOWN_MEMBER": "welcome",
        "COCM_LOG_FORMAT": "json",
    }


@contextlib.asynccontextmanager
async def _served(command: list[str], env: dict[str, str]) -> AsyncIterator[Running]:
    process = await asyncio.create_subprocess_exec(
        *command, env=env, cwd=env.get("PYTHONPATH"), stderr=asyncio.subprocess.PIPE
    )
    assert process.stderr is not None
    draining: asyncio.Task[bytes] | None = None
    try:
        async for line in process.stderr:
            if line.startswith(b"{") and "port" in (event := json.loads(line)):
                draining = asyncio.create_task(process.stderr.read())
                yield Running(int(event["port"]), process.pid)
                return
        raise RuntimeError(f"{command} ended before it served")
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
        if draining is not None:
            await draining
