"""Two builds of the program side by side: the one that improvements are counted from, and the present one.

Whole processes are measured, by the operating system's own account of them. This module stays small on purpose:
a process begins its life with the peak memory of the one that started it.
"""

import os
import resource
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

#: The commit that the targets are ratios to.
BASE = "6703437"
ROOT = Path(__file__).resolve().parent.parent
#: Settings of the program come from a measurement alone; Python keeps what it compiled, as it does for a practice.
_NOT_INHERITED = ("COCM_", "SLACK_", "PYTHON")
#: Libraries that uvicorn takes when it finds them, and that came after the base build.
_SINCE = ("httptools", "uvloop")
_KIB = 1024
#: What `ru_maxrss` counts in: bytes on macOS, KiB elsewhere.
_PEAK_UNIT = 1 if sys.platform == "darwin" else _KIB


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What one process took."""

    #: Seconds of CPU, user and system together.
    cpu: float
    #: Bytes of the largest resident set.
    peak: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """A tree of the program, run by the Python and the libraries of this environment."""

    name: str
    root: Path

    def cocm(self, *arguments: str, database: Path, settings: dict[str, str] | None = None) -> Usage:
        """Run a command of the command line on a database, in the database's folder.

        Raises:
            SystemExit: when it fails, with what it printed.
        """
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(_NOT_INHERITED)},
            "PYTHONPATH": str(self.root),
            "COCM_DATABASE_URL": f"sqlite:///{database}",
            "COCM_UNKNOWN_MEMBER": "welcome",
            **(settings or {}),
        }
        with tempfile.TemporaryFile() as printed:
            process = subprocess.Popen(
                [sys.executable, "-m", "cocm", *arguments],
                cwd=database.parent,
                env=environment,
                stdout=printed,
                stderr=subprocess.STDOUT,
            )
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                printed.seek(0)
                said = printed.read().decode(errors="replace")
                raise SystemExit(f"{self.name}: cocm {' '.join(arguments)} failed:\n{said}")
        return _usage(used)

    def check(self) -> None:
        """Make sure that this tree is the one that runs.

        Raises:
            SystemExit: when Python finds the program elsewhere.
        """
        found = subprocess.run(
            [sys.executable, "-c", "import cocm; print(cocm.__file__)"],
            cwd=tempfile.gettempdir(),
            env={**os.environ, "PYTHONPATH": str(self.root)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        if self.root not in Path(found).resolve().parents:
            raise SystemExit(f"{self.name} should run from its own tree, but Python finds {found}.")


def _usage(used: resource.struct_rusage) -> Usage:
    usage = Usage(cpu=used.ru_utime + used.ru_stime, peak=used.ru_maxrss * _PEAK_UNIT)
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _PEAK_UNIT
    if usage.peak <= own:
        raise SystemExit(
            "The measuring process is larger than the measured one: its peak memory is not known."
        )
    return usage


@contextmanager
def both_builds(present: Path = ROOT) -> Iterator[tuple[Build, Build]]:
    """The base build, taken from the history into a temporary folder, and the present one.

    Args:
        present: Root of the tree to compare; this one when left out.
    """
    with tempfile.TemporaryDirectory(prefix="cocm-base-") as folder:
        root = Path(folder).resolve()
        export(BASE, root)
        for name in _SINCE:
            # Not found where this tree comes first: uvicorn would take what the base build was not made with.
            (root / f"{name}.py").write_text(f"raise ImportError({name!r})\n", encoding="utf-8")
        base = Build(name="base", root=root)
        new = Build(name="new", root=present.resolve())
        for build in (base, new):
            build.check()
        yield base, new


def export(commit: str, folder: Path) -> None:
    """Put a commit's files into an empty folder.

    Raises:
        SystemExit: when this clone has no such commit.
    """
    archive = subprocess.Popen(
        ["git", "archive", commit], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert archive.stdout is not None, "asked for above"
    try:
        with tarfile.open(fileobj=archive.stdout, mode="r|") as files:
            files.extractall(folder)
    except tarfile.ReadError:
        raise SystemExit(
            f"Commit {commit} is not here. Fetch the whole history: git fetch --unshallow"
        ) from None
    finally:
        archive.stdout.close()
        archive.wait()


def present_commit() -> str:
    """The present commit, marked when files differ from it."""
    said = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--exclude", "*"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return said.stdout.strip()
