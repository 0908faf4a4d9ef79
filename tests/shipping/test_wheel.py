"""The wheel works where no checkout is: everything the program reads is in it."""

import asyncio
import json
import signal
import socket
import subprocess
import tarfile
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import metadata
from pathlib import Path

import httpx
import pytest

from tests.support.bot import clinic_with_bot
from tests.support.serving import environment
from tests.support.shipped import (
    ROOT,
    Archives,
    Installed,
    build,
    clean_environment,
    copy_of_the_tree,
    tracked,
)
from tests.support.slack import WAIT_SECONDS, running_slack

#: A small practice, in the order in which its files are imported.
FILES = {
    "members": "slack_user_id,display_name,roles\nU0ANA,Ana Flores,care_manager\n",
    "patients": "mrn,payer,enrolled_on\n123,Medicare,2026-11-02\n",
    "entries": "mrn,service_date,minutes,performed_by,role,note\n123,2026-11-03,20,U0ANA,care_manager,phone\n",
}
PACKAGES = {"billing", "bot", "cocm", "sandbox", "scheduler", "services", "storage"}


@asynccontextmanager
async def running(
    installed: Installed, folder: Path, env: dict[str, str], *words: str
) -> AsyncIterator[bytes]:
    """Run `cocm` until the end of the block; gives the line that says that it is up. SIGTERM ends it calmly."""
    process = await asyncio.create_subprocess_exec(
        installed.programs / "cocm", *words, cwd=folder, env=env, stderr=asyncio.subprocess.PIPE
    )
    assert process.stderr is not None
    try:
        said = line = b""
        while b"The demo is up" not in line and b'"serving"' not in line:
            line = await asyncio.wait_for(process.stderr.readline(), WAIT_SECONDS)
            said += line
            assert line, said.decode()
        yield line
    finally:
        process.terminate()
        await asyncio.wait_for(process.communicate(), WAIT_SECONDS)
    assert process.returncode in {0, -signal.SIGTERM}


def test_the_wheel_holds_every_file_of_the_packages(archives: Archives) -> None:
    """Migrations, schemas, pages, payers' rules and the manifest; no tests, and nothing that is not ours."""
    with zipfile.ZipFile(archives.wheel) as wheel:
        held = {Path(name) for name in wheel.namelist() if not name.endswith("/")}
    ours = {name for name in held if not name.parts[0].endswith(".dist-info")}
    assert ours == {name for name in tracked() if name.parts[0] in PACKAGES}
    assert Path("cocm/manifest.yml") in held


def test_the_source_archive_holds_what_an_installation_needs(archives: Archives) -> None:
    """The container file, the units, the locks and the pages besides the program; no settings of anybody."""
    with tarfile.open(archives.source) as source:
        held = {Path(*Path(member.name).parts[1:]) for member in source.getmembers() if member.isfile()}
    wanted = {name for name in tracked() if name.parts[0] in {"docs", "deploy"} or name.suffix == ".lock"}
    assert wanted <= held
    assert {Path("LICENSE"), Path("manifest.yml"), Path(".env.example"), Path("Makefile")} <= held
    assert Path(".env") not in held


def test_the_same_tree_gives_the_same_wheel(archives: Archives, tmp_path: Path) -> None:
    """To the byte, also when built from the tree itself rather than from the source archive."""
    build(copy_of_the_tree(tmp_path / "tree"), tmp_path / "dist", "--wheel")
    (again,) = (tmp_path / "dist").glob("*.whl")
    assert again.read_bytes() == archives.wheel.read_bytes()


def test_the_commands_work_outside_the_checkout(installed: Installed, tmp_path: Path) -> None:
    """Version, tables, an import by its own template, the reading of a line, and a report, in an empty folder."""
    found = installed.run("version", folder=tmp_path)
    assert (found.returncode, found.stdout) == (0, f"{metadata.version('cocm-minutes')}\n")

    assert installed.run("migrate", folder=tmp_path).returncode == 0
    template = installed.run("import", "--template", "patients", folder=tmp_path)
    assert "\nmrn," in template.stdout
    for kind, rows in FILES.items():
        (tmp_path / kind).write_text(rows, encoding="utf-8")
        imported = installed.run("import", kind, kind, folder=tmp_path)
        assert imported.returncode == 0, imported.stdout + imported.stderr

    read = installed.run("parse", "--json", "15m MRN123 phone check-in", folder=tmp_path)
    assert json.loads(read.stdout)["entries"][0]["seconds"] == 900
    report = installed.run("report", "2026-11", "--format", "json", folder=tmp_path)
    (line,) = json.loads(report.stdout)["lines"]
    assert (line["mrn"], line["minutes"]) == ("123", 20)
    assert installed.run("audit", "verify", folder=tmp_path).returncode == 0


def test_it_is_the_wheel_that_runs(installed: Installed, tmp_path: Path) -> None:
    """Not the checkout, which the environment of the tests has installed as well."""
    code = "import cocm, storage; print(cocm.__file__, storage.__file__)"
    found = subprocess.run(
        [installed.programs / "python", "-c", code],
        cwd=tmp_path,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert str(ROOT) not in found
    assert found.count(str(installed.programs.parent)) == 2


async def test_the_demo_runs_from_the_wheel(installed: Installed, tmp_path: Path) -> None:
    """The chat page with its scripts, and the bot behind it."""
    pytest.importorskip("multipart")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    async with (
        running(installed, tmp_path, clean_environment(), "demo", "--no-open", "--port", str(port)),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=WAIT_SECONDS) as client,
    ):
        page = await client.get("/")
        assert page.status_code == 200
        scripts = [word for word in page.text.split('"') if word.endswith((".js", ".css", ".svg"))]
        assert scripts
        for script in scripts:
            assert (await client.get(script)).status_code == 200
    assert (tmp_path / ".demo" / "cocm.db").exists()


async def test_the_bot_serves_from_the_wheel(installed: Installed, tmp_path: Path, sqlite_url: str) -> None:
    """It meets Slack, listens, and ends calmly when it is told to."""
    async with running_slack(clinic_with_bot()) as slack:
        env = clean_environment(
            **{
                name: value
                for name, value in environment(slack, sqlite_url).items()
                if name.startswith(("COCM_", "SLACK_"))
            }
        )
        async with (
            running(installed, tmp_path, env, "serve", "--http", "--port", "0") as up,
            httpx.AsyncClient(timeout=WAIT_SECONDS) as client,
        ):
            alive = await client.get(f"http://127.0.0.1:{json.loads(up)['port']}/healthz")
            assert alive.json() == {"alive": True}
