"""Writes what a command makes into a file of its own, whole or not at all; or to standard output."""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO

import typer

from cocm.errors import CommandRefused, EnvironmentFault

#: What names standard output, as for many programs.
STANDARD = "-"
_DEVICES = (Path("/dev"), Path("/proc"))
_DATABASE = b"SQLite format 3\x00"


def chosen(output: str | None, own_name: Callable[[], str], *, overwrite: bool) -> Path | None:
    """The file to write, once it is settled that whatever it holds may go; None for standard output.

    On a terminal it is asked whether a file that exists is overwritten.

    Args:
        output: As typed: a file, a folder, `-`, or nothing.
        own_name: Gives the name that the file takes in a folder.
        overwrite: Whether a file that exists is overwritten without a question.

    Raises:
        CommandRefused: when a file exists and nobody says that it may go, or when it is a database.
        EnvironmentFault: when a folder does not exist, or cannot be looked into.
    """
    if output is None or output == STANDARD:
        return None
    if not output.strip():
        raise CommandRefused("--output names no file. Name one, or leave it out.")
    try:
        return _settled(output, own_name, overwrite=overwrite)
    except OSError as error:
        raise EnvironmentFault(f"{output} cannot be written: {error.strerror}.") from error


def _settled(output: str, own_name: Callable[[], str], *, overwrite: bool) -> Path:
    file = Path(output)
    if output.endswith(os.sep) or file.is_dir():
        if not file.is_dir():
            raise EnvironmentFault(f"The folder {output} does not exist. Make it first, or name another.")
        file /= own_name()
    # A link stays a link: what it leads to is written.
    if not _is_device(file):
        file = Path(os.path.realpath(file))
        if file.exists():
            _let_go(file, overwrite=overwrite)
    return file


def _let_go(file: Path, *, overwrite: bool) -> None:
    if _holds_database(file):
        raise CommandRefused(f"{file} is a database, and no report takes its place. Name another file.")
    if overwrite:
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise CommandRefused(f"{file} exists. Add --overwrite to replace it, or name another file.")
    if not typer.confirm(f"{file} exists. Replace it?", err=True):
        raise CommandRefused(f"Nothing was written; {file} is as it was.")


def _holds_database(file: Path) -> bool:
    try:
        with file.open("rb") as held:
            return held.read(len(_DATABASE)) == _DATABASE
    except OSError:
        # A file that cannot be read is not one of ours, and whether it can be replaced shows when that is tried.
        return False


def _is_device(file: Path) -> bool:
    """Whether bytes go through the name rather than into a file of that name."""
    whole = file.absolute()
    if any(folder in whole.parents for folder in _DEVICES):
        return True
    return file.exists() and not file.is_file() and not file.is_dir()


@contextmanager
def written(file: Path | None, *, binary: bool = False) -> Iterator[BinaryIO]:
    """Where to write; a file appears under its name when all of it is written, and only its owner may read it.

    Until then whatever had the name is as it was, on a full disk and after Ctrl-C, too.

    Args:
        file: As `chosen`.
        binary: Whether it is nothing for a terminal to show.

    Raises:
        CommandRefused: when it would go to a terminal that cannot show it.
        EnvironmentFault: when it cannot be written.
    """
    name = "Standard output" if file is None else str(file)
    try:
        if file is None:
            _keep_from_terminal(sys.stdout, binary=binary)
            yield sys.stdout.buffer
            sys.stdout.flush()
        elif _is_device(file):
            with file.open("wb") as device:
                _keep_from_terminal(device, binary=binary)
                yield device
        else:
            with _beside(file) as whole:
                yield whole
    except BrokenPipeError:
        # Whoever reads has seen enough.
        raise
    except OSError as error:
        raise EnvironmentFault(f"{name} cannot be written: {error.strerror}.") from error


def _keep_from_terminal(target: BinaryIO | TextIO, *, binary: bool) -> None:
    if binary and target.isatty():
        raise CommandRefused(
            "A workbook is nothing for a terminal to show. Name a file, as in --output november.xlsx; "
            "with --output . it gets a name of its own in this folder."
        )


@contextmanager
def _beside(file: Path) -> Iterator[BinaryIO]:
    # Only its owner may read it from the first byte on, for it names patients.
    descriptor, name = tempfile.mkstemp(prefix=".cocm-", suffix=".part", dir=file.parent)
    part = Path(name)
    try:
        with open(descriptor, "wb") as written_first:  # noqa: PTH123 - it is open already
            yield written_first
            written_first.flush()
            os.fsync(descriptor)
        part.replace(file)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
