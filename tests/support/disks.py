"""Real disks of a few megabytes, for one test each: one that fills up, one that turns read-only while in use.

Where mounting is not allowed, the system is asked to let no file grow instead.
"""

import functools
import os
import resource
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: Where the kernel lets a disk be failed on purpose.
_ERRORS = Path("/sys/fs/ext4")


class Disk:
    """A disk that may be filled."""

    def __init__(self, folder: Path, *, is_real: bool) -> None:
        self.folder = folder
        self.is_real = is_real

    @contextmanager
    def full(self, database: Path | None = None) -> Iterator[None]:
        """No byte is left meanwhile; afterwards there is room again.

        Args:
            database: a SQLite file, which is what may not grow where the disk is not real.
        """
        if not self.is_real:
            assert database is not None
            with no_larger_files(database):
                yield
            return
        filler = self.folder / "filler"
        fill(filler)
        try:
            yield
        finally:
            filler.unlink()


def fill(filler: Path) -> None:
    """Write until the disk takes no more, to the last byte."""
    with filler.open("wb", buffering=0) as file:
        for size in (1 << 16, 1 << 12, 1):
            try:
                while file.write(b"\0" * size):
                    pass
            except OSError:
                continue


@functools.cache
def may_mount() -> bool:
    """Whether this process may mount a disk."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        return False
    with tempfile.TemporaryDirectory() as folder:
        return _mounted(Path(folder), "-t", "tmpfs", "-o", "size=1m", "cocm") and _unmount(Path(folder))


@contextmanager
def small_disk(folder: Path, owner: int = -1, megabytes: int = 24) -> Iterator[Disk]:
    """A disk of its own in a folder that is made now; the folder alone, where nothing can be mounted."""
    folder.mkdir()
    is_real = may_mount() and _mounted(folder, "-t", "tmpfs", "-o", f"size={megabytes}m", "cocm")
    try:
        os.chown(folder, owner, owner)
        yield Disk(folder, is_real=is_real)
    finally:
        if is_real:
            _unmount(folder)


class FailingDisk:
    """A disk with a file system of its own, which the kernel makes read-only once it has met an error on it."""

    def __init__(self, folder: Path, image: Path) -> None:
        self.folder = folder
        self._image = image

    def mount(self) -> None:
        """Mount it, as after a repair."""
        assert _mounted(self.folder, "-o", "loop,errors=remount-ro", str(self._image))

    def unmount(self) -> None:
        """Take it off; nobody may have a file of it open."""
        _unmount(self.folder)

    def fail(self) -> None:
        """Have the kernel meet an error: what is open stays open, and nothing can be written any more."""
        source = next(
            line.split()[0]
            for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines()
            if line.split()[1] == str(self.folder)
        )
        (_ERRORS / Path(source).name / "trigger_fs_error").write_text("1", encoding="ascii")


@contextmanager
def failing_disk(folder: Path) -> Iterator[FailingDisk | None]:
    """A disk that can fail, mounted in a folder that is made now; None where there can be none."""
    image = folder.with_name(f"{folder.name}.image")
    if not (may_mount() and _ERRORS.exists() and shutil.which("mkfs.ext4")):
        yield None
        return
    folder.mkdir()
    with image.open("wb") as file:
        file.truncate(16 << 20)
    subprocess.run(["mkfs.ext4", "-q", "-F", "-O", "^has_journal", image], check=True)
    disk = FailingDisk(folder.resolve(), image)
    if not _mounted(disk.folder, "-o", "loop,errors=remount-ro", str(image)):
        yield None
        return
    try:
        yield disk
    finally:
        disk.unmount()
        image.unlink()


@contextmanager
def no_larger_files(database: Path) -> Iterator[None]:
    """No file of this process grows past the database's log: the system refuses each write past the end."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    log = database.with_name(database.name + "-wal")
    resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)


def _mounted(folder: Path, *words: str) -> bool:
    return subprocess.run(["mount", *words, folder], capture_output=True, check=False).returncode == 0


def _unmount(folder: Path) -> bool:
    for words in (["umount"], ["umount", "-l"]):
        if subprocess.run([*words, folder], capture_output=True, check=False).returncode == 0:
            return True
    return False
