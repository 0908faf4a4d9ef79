"""The program as it is shipped: archives built from the files of this tree, and installed where no checkout is."""

import fcntl
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
#: Any moment: the same one gives the same bytes.
_MADE_AT = "1764547200"
_SETTINGS = ("COCM_", "SLACK_", "PYTHON")


@dataclass(frozen=True, slots=True)
class Archives:
    """What `make dist` makes."""

    source: Path
    #: Built from what the source archive holds.
    wheel: Path


def clean_environment(**settings: str) -> dict[str, str]:
    """The variables of this process without those that would lead the program to the checkout or to a practice."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_SETTINGS)}
    return {**kept, **settings}


def tracked() -> list[Path]:
    """The files of this tree that are, or would be, under version control."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout
    names = [Path(os.fsdecode(name)) for name in listed.split(b"\0") if name]
    return [name for name in names if (ROOT / name).is_file()]


def copy_of_the_tree(folder: Path) -> Path:
    """The tree as a fresh clone has it, without tests and benchmarks."""
    for name in tracked():
        if name.parts[0] in {"tests", "benchmarks"}:
            continue
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target, follow_symlinks=False)
    return folder


def build(source: Path, into: Path, *kinds: str) -> None:
    """Build archives of a tree, as `make dist` does."""
    done = subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", into, *kinds, source],
        env=clean_environment(SOURCE_DATE_EPOCH=_MADE_AT, PYTHONDONTWRITEBYTECODE="1"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@dataclass(frozen=True, slots=True)
class Environment:
    """An environment of its own, with the libraries of the tests'."""

    programs: Path

    def run(self, *words: str, folder: Path, **settings: str) -> "subprocess.CompletedProcess[str]":
        """Run a command of `cocm` to its end."""
        return subprocess.run(
            [self.programs / "cocm", *words],
            cwd=folder,
            env=clean_environment(**settings),
            capture_output=True,
            text=True,
            check=False,
        )


def bare(folder: Path) -> Environment:
    """An environment without the program.

    Libraries come from the environment of the tests; a path file adds their folder, and reads none of the path files in
    it, so that the checkout, which is installed there, is not found.
    """
    venv.create(folder, symlinks=True, with_pip=False)
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return Environment(programs=folder / "bin")


def pip_into(programs: Path) -> list[str]:
    """The words that begin a call of pip for an environment."""
    return [sys.executable, "-m", "pip", "--python", str(programs / "python"), "--disable-pip-version-check"]


def install(archives: Archives, folder: Path) -> "Installed":
    """Put the wheel into a fresh environment, by pip and without a network."""
    made = bare(folder)
    subprocess.run(
        [
            *pip_into(made.programs),
            "install",
            "--quiet",
            "--no-index",
            "--no-deps",
            "--no-compile",
            archives.wheel,
        ],
        check=True,
        env=clean_environment(),
    )
    return Installed(programs=made.programs, archives=archives)


@dataclass(frozen=True, slots=True)
class Installed(Environment):
    """The wheel in an environment of its own."""

    archives: Archives


def once(folder: Path, make: Callable[[Path], None]) -> Path:
    """Have something made by one of the processes that share a run of the tests, and wait for it in the others."""
    done = folder / "done"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            make(folder)
            done.touch()
    return folder
