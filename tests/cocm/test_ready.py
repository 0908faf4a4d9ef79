"""`cocm ready`, and secrets that are handed over as files."""

import asyncio
import sys
from pathlib import Path

import pytest

from cocm.settings import load
from tests.support.bot import clinic_with_bot
from tests.support.commands import Run
from tests.support.serving import environment, serving
from tests.support.slack import running_slack


async def ready(*words: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "cocm", "ready", *words),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, said.decode()


async def test_a_bot_that_works_is_ready(sqlite_url: str) -> None:
    """And one whose scheduler has not ticked yet says so, with exit code 3."""
    async with running_slack(clinic_with_bot()) as slack:
        async with serving(environment(slack, sqlite_url), "--http") as served:
            url = f"{getattr(served, 'ops_url', served.url)}/readyz"
            code, said = await ready("--url", url)
            while code == 3 and "scheduler:" in said:
                code, said = await ready("--url", url)
            assert (code, said) == (0, "Ready.\n")
        code, said = await ready("--url", url)
        assert code == 3
        assert said.startswith(f"Nothing answers at {url}")


def test_an_address_that_is_not_the_bots_is_one_sentence(cocm: Run) -> None:
    """Whatever stands there."""
    for url in ("https://example.org/readyz", "nonsense", "http://127.0.0.1:1/readyz"):
        assert b"Nothing answers at" in cocm("ready", "--url", url, code=3).stderr


def test_secrets_are_read_from_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As systemd hands them over; what the environment says goes before, and an empty line says nothing."""
    (tmp_path / ".env").write_text("SLACK_BOT_TOKEN=\n")
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    (credentials / "slack_bot_token").write_text("xoxb-from-file\n")
    (credentials / "cocm_database_url").write_text("sqlite:///there.db\n")
    monkeypatch.chdir(tmp_path)
    for name in ("SLACK_BOT_TOKEN", "COCM_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(credentials))
    settings = load()
    assert settings.slack_bot_token is not None
    assert settings.slack_bot_token.get_secret_value() == "xoxb-from-file"
    assert settings.database_url == "sqlite:///there.db"
    monkeypatch.setenv("COCM_DATABASE_URL", "sqlite:///here.db")
    assert load().database_url == "sqlite:///here.db"
