"""Writes a backup and its manifest under their names only once both are whole."""

import os
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Self

from storage.errors import DatabaseUnavailable, UnfitFile
from storage.manifests import Contents, Manifest, manifest_of, manifest_path


def write(
    fill: Callable[[Path], Contents], file: Path, kind: str, *, made_at: datetime, program: str
) -> Manifest:
    """Have a backup written beside the name that it is to have, and give it that name.

    Args:
        fill: fills an empty file and says what is in it.
        file: where the backup is to stand; nothing is overwritten.
        kind: `sqlite` or `postgresql`.
        made_at: aware.
        program: version of this program.

    Raises:
        UnfitFile: when something stands there.
        DatabaseUnavailable: when it cannot be written; nothing is left behind then.
    """
    beside = manifest_path(file)
    for taken in (file, beside):
        if taken.exists():
            raise UnfitFile(f"{taken} exists already, and a backup overwrites nothing. Name another file.")
    try:
        with ExitStack() as stack:
            data, description = stack.enter_context(_Part(file)), stack.enter_context(_Part(beside))
            manifest = manifest_of(data.path, kind, fill(data.path), made_at=made_at, program=program)
            description.path.write_text(manifest.text(file), encoding="utf-8")
            # The manifest first: a backup never stands without one.
            description.path.rename(beside)
            data.path.rename(file)
    except OSError as error:
        raise DatabaseUnavailable(
            f"The backup could not be written ({error.strerror}). Check the folder, its permissions and the space left."
        ) from error
    return manifest


class _Part:
    """An empty file beside the name that it will have, which goes at the end unless it got that name."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.path = file

    def __enter__(self) -> Self:
        # Nobody but its owner may read it.
        number, name = tempfile.mkstemp(dir=self._file.parent, prefix=f".{self._file.name}.", suffix=".part")
        os.close(number)
        self.path = Path(name)
        return self

    def __exit__(self, *_: object) -> None:
        self.path.unlink(missing_ok=True)
