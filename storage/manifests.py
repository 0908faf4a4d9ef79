"""What stands beside a backup, so that whoever has only the two files can tell that they are whole."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, func, inspect, select, table

from storage import migrate
from storage.errors import UnfitFile
from storage.tables import AuditHeadRow, AuditSealRow, table_of
from storage.types import utc

_HEAD = table_of(AuditHeadRow)
_SEAL = table_of(AuditSealRow)
#: The newest form of the file.
_FORMAT = 1
_VERSIONS = "alembic_version"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainHead:
    """The end of a practice's audit chain."""

    seq: int
    #: SHA-256 in hexadecimal; empty before the first event.
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainSeal:
    """The newest keyed word for a practice's audit chain."""

    n: int
    #: The event that it ends with.
    seq: int
    mac: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a database holds at one moment."""

    #: Revision of its tables.
    schema: str
    #: Rows of each table.
    rows: Mapping[str, int]
    #: None before there is a practice.
    audit_head: ChainHead | None
    #: None where the chain is not sealed.
    audit_seal: ChainSeal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A backup's file, and what is in it."""

    #: `sqlite`, or `postgresql` for an archive of pg_dump's.
    kind: str
    sha256: str
    bytes: int
    #: ISO 8601, UTC.
    made_at: str
    #: Version of the program that made it.
    program: str
    contents: Contents

    def text(self, file: Path) -> str:
        """The manifest as it is written: JSON with one fact a line."""
        facts = asdict(self)
        held = facts.pop("contents")
        return json.dumps({"format": _FORMAT, "file": file.name, **facts, **held}, indent=2) + "\n"


def contents_of(connection: Connection) -> Contents:
    """Count every row of a database."""
    names = set(inspect(connection).get_table_names())
    rows = {
        name: connection.execute(select(func.count()).select_from(table(name))).scalar_one()
        for name in sorted(names - {_VERSIONS})
    }
    head = None
    if _HEAD.name in names:
        head = connection.execute(select(_HEAD.c.seq, _HEAD.c.hash).order_by(_HEAD.c.tenant_id)).first()
    seal = None
    if _SEAL.name in names:
        newest = select(_SEAL.c.n, _SEAL.c.seq, _SEAL.c.mac).order_by(_SEAL.c.tenant_id, _SEAL.c.n.desc())
        seal = connection.execute(newest.limit(1)).first()
    return Contents(
        schema=migrate.revision_of(connection) or "",
        rows=rows,
        audit_head=None if head is None else ChainHead(seq=head.seq, hash=head.hash),
        audit_seal=None if seal is None else ChainSeal(n=seal.n, seq=seal.seq, mac=seal.mac),
    )


def manifest_of(file: Path, kind: str, contents: Contents, *, made_at: datetime, program: str) -> Manifest:
    """Describe a backup that was just made."""
    return Manifest(
        kind=kind,
        sha256=digest_of(file),
        bytes=file.stat().st_size,
        made_at=utc(made_at).isoformat(timespec="seconds").replace("+00:00", "Z"),
        program=program,
        contents=contents,
    )


def manifest_path(file: Path) -> Path:
    """Where the manifest of a backup stands."""
    return file.with_name(f"{file.name}.manifest.json")


def check_manifest(file: Path) -> bool:
    """Compare a backup with the manifest beside it; says whether there is one.

    Raises:
        UnfitFile: when the two do not belong together, or the manifest cannot be read.
    """
    beside = manifest_path(file)
    if not beside.exists():
        return False
    try:
        said = json.loads(beside.read_text(encoding="utf-8"))
        size, digest = said["bytes"], said["sha256"]
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise UnfitFile(
            f"{beside.name} cannot be read, so that {file.name} cannot be compared with it. Take another copy of the "
            "two, or move the manifest away to go without."
        ) from error
    if size != file.stat().st_size or digest != digest_of(file):
        raise UnfitFile(
            f"{file.name} is not the file that {beside.name} describes: it was changed, or not copied whole "
            f"({file.stat().st_size:,} bytes, {size:,} expected). Take another copy, or an older backup."
        )
    return True


def digest_of(file: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
