"""A private PostgreSQL server for tests, and a database of its own for each test.

The server is the one that `COCM_TEST_POSTGRES_URL` names, or one started here from the first programs found:
`initdb` on PATH, Debian's folder, the `pgserver` wheel. It listens on a Unix socket in a folder of its own, so
it takes no port and any number may run side by side.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy.engine import URL, make_url

from tests.support.disks import Disk, small_disk

#: A busy machine takes its time; a server that ended is noticed at once.
_START_SECONDS = 300
#: The server is thrown away with the tests, so it need not survive a power cut.
_OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "max_connections": "120",
    "timezone": "Asia/Kolkata",  # not UTC, so that reliance on the server's zone shows
}


class NoPostgresError(Exception):
    """There is no PostgreSQL here. Install Debian's `postgresql`, or name a server in COCM_TEST_POSTGRES_URL."""


@dataclass
class PostgresServer:
    """A running server on which databases can be made."""

    url: URL
    #: Started here, so that it sees the disks of this machine.
    is_ours: bool = False
    _made: list[str] = field(default_factory=list)

    def create_database(self, template: str | None = None, tablespace: str | None = None) -> str:
        """Make a database, empty or a copy of another; returns its name."""
        name = f"cocm_{uuid.uuid4().hex}"
        chosen = (("TEMPLATE", template), ("TABLESPACE", tablespace))
        self._say(
            f'CREATE DATABASE "{name}"' + "".join(f' {word} "{value}"' for word, value in chosen if value)
        )
        self._made.append(name)
        return name

    def url_of(self, name: str) -> str:
        """The URL of one of its databases, for `Database.open`."""
        return self.url.set(database=name).render_as_string(hide_password=False)

    def drop_database(self, name: str) -> None:
        """Drop a database, whoever still uses it."""
        self._say(f'DROP DATABASE "{name}" WITH (FORCE)')
        self._made.remove(name)

    @contextmanager
    def small(self, template: str, megabytes: int = 48) -> Iterator[tuple[str, Disk]]:
        """A database on a small disk of its own: its URL, and the disk; no URL where none can be mounted."""
        home = Path(tempfile.mkdtemp(prefix="cocm-room-"))
        home.chmod(0o755)
        owner = _owner()
        space = f"room_{uuid.uuid4().hex}"
        try:
            with small_disk(home / "disk", owner.pw_uid if owner else -1, megabytes) as disk:
                if not (disk.is_real and self.is_ours):
                    yield "", disk
                    return
                self._say(f"CREATE TABLESPACE {space} LOCATION '{disk.folder}'")
                name = self.create_database(template=template, tablespace=space)
                try:
                    yield self.url_of(name), disk
                finally:
                    self.drop_database(name)
                    self._say(f"DROP TABLESPACE {space}")
        finally:
            shutil.rmtree(home)

    def drop_all(self) -> None:
        """Drop every database made here and not dropped yet."""
        for name in tuple(self._made):
            self.drop_database(name)

    def _say(self, statement: str) -> None:
        with _connect(self.url) as connection:
            connection.execute(statement)


@contextmanager
def running_server() -> Iterator[PostgresServer]:
    """A server for as long as the block runs.

    Raises:
        NoPostgresError: when none is named and none can be started.
    """
    named = os.environ.get("COCM_TEST_POSTGRES_URL")
    if named:
        server = PostgresServer(make_url(named).set(drivername="postgresql+psycopg"))
        try:
            yield server
        finally:
            server.drop_all()
        return
    home = Path(tempfile.mkdtemp(prefix="cocm-pg-"))
    try:
        with _started(home) as url:
            yield PostgresServer(url, is_ours=True)
    finally:
        shutil.rmtree(home)


@contextmanager
def _started(home: Path) -> Iterator[URL]:
    """Start a server in a folder, as another user when we are root (PostgreSQL refuses to run as root)."""
    programs = _programs(home)
    owner = _owner()
    as_owner: dict[str, Any] = {}
    if owner is not None:
        as_owner = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
        os.chown(home, owner.pw_uid, owner.pw_gid)
    data = home / "data"
    subprocess.run(
        [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=home,
        **as_owner,
    )
    options = [word for name, value in _OPTIONS.items() for word in ("-c", f"{name}={value}")]
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(
            [programs / "postgres", "-D", data, "-k", home, *options],
            stdout=log,
            stderr=log,
            cwd=home,
            start_new_session=True,  # Ctrl-C is for the tests; they stop the server themselves
            **as_owner,
        )
    try:
        url = URL.create(
            "postgresql+psycopg", username="postgres", database="postgres", query={"host": str(home)}
        )
        _await_answer(url, process, home / "log")
        yield url
    finally:
        process.send_signal(signal.SIGINT)  # disconnects whoever is left, and stops
        try:
            process.wait(timeout=_START_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await_answer(url: URL, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            _connect(url).close()
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                raise NoPostgresError(f"PostgreSQL did not start: {log.read_text()}") from error
            time.sleep(0.02)
        else:
            return


def _connect(url: URL) -> "psycopg.Connection[tuple[object, ...]]":
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True, connect_timeout=_START_SECONDS)


def _programs(home: Path) -> Path:
    """The folder that holds `initdb` and `postgres`."""
    on_path = shutil.which("initdb")
    found = [Path(on_path).resolve().parent] if on_path else []
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in found:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    wheel = importlib.util.find_spec("pgserver")
    if wheel is None or wheel.origin is None:
        raise NoPostgresError(NoPostgresError.__doc__)
    package = Path(wheel.origin).parent
    if os.geteuid() != 0:
        return package / "pginstall" / "bin"
    # The other user may not be allowed to look into our environment. The programs seek their libraries beside
    # the package.
    copy = home / "wheel"
    shutil.copytree(package.with_name("pgserver.libs"), copy / "pgserver.libs")
    return Path(shutil.copytree(package / "pginstall", copy / "pgserver" / "pginstall")) / "bin"


def _owner() -> pwd.struct_passwd | None:
    """The user to run the server as; None for ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoPostgresError("PostgreSQL refuses to run as root, and there is no user postgres or nobody here.")
