"""Runs PostgreSQL's own programs for backups: pg_dump and pg_restore."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import URL, Engine

from storage.errors import DatabaseUnavailable
from storage.manifests import Contents, contents_of

#: What an archive of pg_dump's own format begins with.
MAGIC = b"PGDMP"
#: Where each program is found, in words for whoever has to install it.
_INSTALL = (
    "On Debian and Ubuntu it is in the package postgresql-client, on Fedora in postgresql, on macOS in "
    "libpq (Homebrew)."
)


def dump(engine: Engine, file: Path) -> Contents:
    """Write a server's database into a file that exists, in pg_dump's custom format; returns what is in it.

    Raises:
        DatabaseUnavailable: when pg_dump is not installed, older than the server, or fails.
    """
    reading = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    # Counted and copied at one moment, however much others write.
    with reading.connect() as connection, connection.begin():
        moment = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
        contents = contents_of(connection)
        run("pg_dump", engine.url, ("--format=custom", f"--snapshot={moment}", f"--file={file}"))
    return contents


def is_archive(file: Path) -> bool:
    """True for a file in pg_dump's custom format."""
    with file.open("rb") as opened:
        return opened.read(len(MAGIC)) == MAGIC


def restore_archive(url: URL, file: Path) -> None:
    """Fill an empty database from an archive, all of it or nothing.

    Raises:
        DatabaseUnavailable: when pg_restore is not installed, older than the archive, or fails.
    """
    once = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
    run("pg_restore", url, (*once, str(file)))


def run(program: str, url: URL, words: Sequence[str]) -> None:
    """Run one of PostgreSQL's programs on a database; its password travels in the environment.

    Raises:
        DatabaseUnavailable: when it is not installed or fails, with its own first sentence.
    """
    from psycopg.conninfo import make_conninfo  # noqa: PLC0415 - commands on SQLite start without

    found = shutil.which(program)
    if found is None:
        raise DatabaseUnavailable(
            f"{program} is not installed here, and a PostgreSQL database is backed up and restored by PostgreSQL's own "
            f"programs. Install the client programs in the server's version or a newer one. {_INSTALL}"
        )
    facts = url.translate_connect_args(username="user", database="dbname")
    facts |= {name: value if isinstance(value, str) else ",".join(value) for name, value in url.query.items()}
    password = facts.pop("password", None)
    environment = dict(os.environ) | ({"PGPASSWORD": str(password)} if password is not None else {})
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own program, and no shell
        [found, "--no-password", f"--dbname={make_conninfo(**facts)}", *words],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise DatabaseUnavailable(_why(program, done.stderr))


def _why(program: str, said: str) -> str:
    """One sentence of what the program said."""
    if "server version mismatch" in said or "unsupported version" in said:
        versions = " ".join(line.split("detail: ", 1)[1] for line in said.splitlines() if "detail: " in line)
        told = f" ({versions})" if versions else ""
        return (
            f"{program} is older than the server that it is to talk to{told}. Install the client programs in the "
            f"server's version or a newer one. {_INSTALL}"
        )
    errors = (
        [line for line in said.splitlines() if "error:" in line] or said.splitlines() or ["it said nothing"]
    )
    return f"{program} failed: {errors[0].partition('error: ')[2] or errors[0]}"
