"""The container file: linted, without secrets, without root, and its steps carried out."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from dockerfile_parse import DockerfileParser

from tests.support.shipped import ROOT, bare, clean_environment, pip_into, tracked

FILE = ROOT / "deploy" / "Containerfile"


@pytest.fixture(scope="module")
def steps() -> list[tuple[str, str]]:
    """Each instruction of the file and what follows it."""
    with FILE.open("rb") as file:
        structure = DockerfileParser(fileobj=file, build_args={}).structure
    return [(step["instruction"], step["value"]) for step in structure if step["instruction"] != "COMMENT"]


@pytest.fixture(scope="module")
def last_stage(steps: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """What the image is made by; earlier stages are thrown away."""
    begins = max(place for place, (instruction, _) in enumerate(steps) if instruction == "FROM")
    return steps[begins:]


def values(steps: list[tuple[str, str]], instruction: str) -> list[str]:
    return [value for name, value in steps if name == instruction]


def test_a_linter_has_nothing_to_say() -> None:
    """Neither about the instructions nor about the shell in them."""
    hadolint = Path(sys.executable).with_name("hadolint")
    done = subprocess.run(
        [hadolint, "--no-color", FILE], capture_output=True, text=True, check=False, cwd=FILE.parent
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_it_runs_as_nobody_in_particular(last_stage: list[tuple[str, str]]) -> None:
    """A number, so that an orchestrator can see that it is not root; and nothing changes it afterwards."""
    (user,) = values(last_stage, "USER")
    assert user == "10001:10001"
    after = last_stage[last_stage.index(("USER", user)) :]
    assert not values(after, "RUN")
    assert not values(after, "COPY")


def test_signals_reach_the_program(last_stage: list[tuple[str, str]]) -> None:
    """It is process 1 itself: no shell stands between, which would keep SIGTERM from it."""
    assert values(last_stage, "STOPSIGNAL") == ["SIGTERM"]
    assert json.loads(values(last_stage, "ENTRYPOINT")[0]) == ["cocm"]
    assert json.loads(values(last_stage, "CMD")[0]) == ["serve"]


def test_it_is_asked_by_the_program_itself_whether_it_works(last_stage: list[tuple[str, str]]) -> None:
    """Without a tool that would have to be installed for it."""
    (check,) = values(last_stage, "HEALTHCHECK")
    assert check.endswith('CMD ["cocm", "ready"]')


def test_one_place_is_written_to(last_stage: list[tuple[str, str]]) -> None:
    """The volume, where the database is; the rest may be read-only."""
    (volume,) = values(last_stage, "VOLUME")
    assert json.loads(volume) == ["/var/lib/cocm"]
    (settings,) = values(last_stage, "ENV")
    assert "COCM_DATABASE_URL=sqlite:////var/lib/cocm/" in settings
    assert "PYTHONDONTWRITEBYTECODE=1" in settings
    assert values(last_stage, "WORKDIR") == ["/var/lib/cocm"]


def test_libraries_are_those_of_the_lock(steps: list[tuple[str, str]]) -> None:
    """By their hashes, and nothing is looked up besides."""
    installs = [value for value in values(steps, "RUN") if "pip" in value and "install" in value]
    assert len(installs) == 2
    for install in installs:
        assert "--no-deps" in install
        assert ("--require-hashes" in install and "requirements.lock" in install) or "--no-index" in install


def test_no_secret_can_come_into_a_layer(steps: list[tuple[str, str]]) -> None:
    """None is named, no folder is copied whole, and what is no part of the program is not even sent to the build."""
    said = " ".join(value for _, value in steps).lower()
    assert not [word for word in ("token", "secret", "password", "xoxb", "xapp", ".env") if word in said]
    sources = [word for value in values(steps, "COPY") for word in value.split()[:-1]]
    assert "." not in sources
    asked = {Path(source) for source in sources if not source.startswith(("-", "/"))}
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    lines = [line for line in ignored if line and not line.startswith("#")]
    assert lines[0] == "*"
    let_in = {Path(line.removeprefix("!")) for line in lines if line.startswith("!")}
    assert let_in == asked
    assert {"**/.env*", "**/*.db*"} <= set(lines)
    assert asked <= {Path(name.parts[0]) for name in tracked()}


def engine() -> str | None:
    """A program that builds images, and works here."""
    for name in ("podman", "docker"):
        if (
            shutil.which(name)
            and not subprocess.run([name, "info"], capture_output=True, check=False).returncode
        ):
            return name
    return None


def base_image(builder: str) -> str | None:
    """What the image is built on, where that is here or can be fetched."""
    first = next(line for line in FILE.read_text(encoding="utf-8").splitlines() if line.startswith("ARG "))
    base = os.environ.get("COCM_TEST_PYTHON_IMAGE") or first.partition("=")[2]
    for words in ([builder, "image", "inspect", base], [builder, "pull", base]):
        if not subprocess.run(words, capture_output=True, check=False).returncode:
            return base
    return None


def test_what_it_copies_is_enough_to_build_and_run_from(
    steps: list[tuple[str, str]], tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Its own step of installing, where nothing is but what it copies, and the program; the image, where one can be.

    The summary of the run says which it was.
    """
    source = tmp_path / "src"
    copied = [value.split() for value in values(steps, "COPY") if not value.startswith("--from")]
    for name in tracked():
        for *names, target in copied:
            if name.parts[0] in names:
                place = source / (target if target.startswith(".") else "") / name
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, place)
    (step,) = [
        json.loads(value) for value in values(steps, "RUN") if value.startswith("[") and "pip" in value
    ]
    installed = bare(tmp_path / "venv")
    done = subprocess.run(
        [*pip_into(installed.programs), *step[1:]],
        cwd=source,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    database = f"sqlite:///{tmp_path}/cocm.db"
    for words in (["version"], ["migrate"]):
        ran = installed.run(*words, folder=tmp_path, COCM_DATABASE_URL=database)
        assert ran.returncode == 0, ran.stdout + ran.stderr
    builder = engine()
    base = base_image(builder) if builder else None
    if builder is None or base is None:
        why = f"the image that it builds on is out of {builder}'s reach" if builder else "no engine is here"
        record_property("shipped", f"container file: its steps carried out, no image built, since {why}")
        return
    build_and_run(builder, base)
    record_property("shipped", f"container file: its steps carried out, its image built and run by {builder}")


def build_and_run(builder: str, base: str) -> None:
    """Build the image, and run it with a read-only root and nothing but its volume to write to."""
    image = "localhost/cocm-minutes:test"
    as_docker = ["--format", "docker"] if builder == "podman" else []
    built = subprocess.run(
        [builder, "build", *as_docker, "--build-arg", f"PYTHON_IMAGE={base}", "-f", FILE, "-t", image, ROOT],
        capture_output=True,
        text=True,
        check=False,
        env=clean_environment(),
    )
    assert built.returncode == 0, built.stdout + built.stderr
    try:
        for words in (["version"], ["migrate"]):
            ran = subprocess.run(
                [builder, "run", "--rm", "--read-only", "--tmpfs", "/tmp", image, *words],
                capture_output=True,
                text=True,
                check=False,
            )
            assert ran.returncode == 0, ran.stdout + ran.stderr
    finally:
        subprocess.run([builder, "rmi", "--force", image], capture_output=True, check=False)
