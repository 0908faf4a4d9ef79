"""Opens a database, runs use cases on it, and returns their results as futures."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from sqlalchemy import inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError

from storage import backups, dumping, failures, migrate, roles
from storage.audit_keys import NO_KEYS, AuditKeys
from storage.data_keys import NO_DATA_KEYS, DataKeys
from storage.errors import Busy, DatabaseUnavailable, OlderSchema, is_busy
from storage.patience import end_of_patience
from storage.postgresql import PostgreSQL
from storage.sqlite import SQLite
from storage.tenants import NO_TENANT
from storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from concurrent.futures import Future
    from datetime import datetime

    from sqlalchemy import Engine

    from storage.manifests import Manifest

T = TypeVar("T")
P = TypeVar("P")

_FORMS = "Write it as sqlite:///cocm.db or postgresql+psycopg://user:password@host/name."


class Database:
    """One database, SQLite or PostgreSQL; both behave the same towards a use case.

    A use case is a function of a unit of work. It may be run more than once (PostgreSQL lets one of two that
    write the same rows begin again), so all that it does, it does through the unit of work.
    """

    def __init__(
        self, runner: SQLite | PostgreSQL, keys: AuditKeys = NO_KEYS, data_keys: DataKeys = NO_DATA_KEYS
    ) -> None:
        self._runner = runner
        #: By which its audit chain is vouched for.
        self.keys = keys
        #: Under which notes and names are encrypted in it.
        self.data_keys = data_keys

    @property
    def is_keyed(self) -> bool:
        """Whether what is done is vouched for by a key that the database never sees."""
        return bool(self.keys)

    @classmethod
    def open(cls, url: str, keys: AuditKeys = NO_KEYS, data_keys: DataKeys = NO_DATA_KEYS) -> Self:
        """Open the database at a URL: `sqlite:///cocm.db` or `postgresql+psycopg://…`.

        Args:
            url: Names it.
            keys: By which what is done is vouched for.
            data_keys: Under which notes and names are encrypted.

        Raises:
            DatabaseUnavailable: when the URL names no database that this program can use.
        """
        try:
            parsed = make_url(url)
            backend = parsed.get_backend_name()
            if backend == "postgresql":
                named = parsed.set(drivername="postgresql+psycopg")
                return cls(PostgreSQL(named, keys, data_keys), keys, data_keys)
            if backend == "sqlite" and parsed.database and parsed.database != ":memory:":
                return cls(SQLite(parsed, keys, data_keys), keys, data_keys)
        except (ArgumentError, NoSuchModuleError) as error:
            raise DatabaseUnavailable(f"The database URL cannot be read. {_FORMS}") from error
        raise DatabaseUnavailable(f"The database URL names no file and no PostgreSQL server. {_FORMS}")

    @staticmethod
    def file_of(url: str) -> Path | None:
        """The file of a SQLite database; None for a URL of another kind."""
        try:
            parsed = make_url(url)
        except ArgumentError:
            return None
        if parsed.get_backend_name() != "sqlite" or not parsed.database:
            return None
        return Path(parsed.database)

    def write(self, work: Callable[[UnitOfWork], T], *, tenant_id: int) -> "Future[T]":
        """Run a use case that may write; the future resolves once what it committed is durable.

        The future raises what the use case raised, or a StorageError: `NotSaved` when nothing was stored,
        `SaveUncertain` when that cannot be known.
        """
        return cast("Future[T]", _counted(self._runner.write(work, tenant_id)))

    def write_ahead(
        self,
        plan: Callable[[UnitOfWork], P | None],
        store: Callable[[UnitOfWork, P], T],
        *,
        tenant_id: int,
    ) -> "Future[T | None]":
        """Run a large use case in two: what only reads, while others write, and then what stores.

        The first sees one moment, and where its unit of work `is_ahead` it may make ready what the second stores. That
        one has to look whether what the first went by still holds. When the first gives None, nothing is stored. Both
        may be run more than once, always the one after the other.

        The future raises as that of `write` does.
        """
        return cast("Future[T | None]", _counted(self._runner.write_ahead(plan, store, tenant_id)))

    def read(self, work: Callable[[UnitOfWork], T], *, tenant_id: int) -> "Future[T]":
        """Run a use case that only reads; it sees one moment of what is durable."""
        return cast("Future[T]", _counted(self._runner.read(work, tenant_id)))

    async def writing(self, work: Callable[[UnitOfWork], T], *, tenant_id: int) -> T:
        """`write`, awaited.

        Raises:
            Busy: when its turn did not come while the person who asked could wait for it. It is not carried out.
        """
        future = self.write(work, tenant_id=tenant_id)
        hurried, until = end_of_patience()
        if not hurried:
            return await asyncio.wrap_future(future)
        given_up = False

        def give_up() -> None:
            nonlocal given_up
            # What has begun goes on.
            given_up = future.cancel()

        alarm = asyncio.get_running_loop().call_later(max(0.0, until - monotonic()), give_up)
        try:
            return await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            if given_up:
                raise Busy from None
            raise
        finally:
            alarm.cancel()

    async def reading(self, work: Callable[[UnitOfWork], T], *, tenant_id: int) -> T:
        """`read`, awaited."""
        return await asyncio.wrap_future(self.read(work, tenant_id=tenant_id))

    def migrate(self) -> None:
        """Bring the schema to this program's version, all of it or none.

        Raises:
            NewerSchema: when a newer version of the program made the tables.
            DatabaseUnavailable: when the database cannot be reached, or refuses a change.
            Busy: when another program has been writing all the while.
        """
        try:
            migrate.upgrade(self._runner.migrating)
        except OperationalError as error:
            raise (Busy() if is_busy(error) else DatabaseUnavailable()) from error
        except DBAPIError as error:
            raise DatabaseUnavailable(
                "The database could not be brought to this version of the program. Nothing changed in it."
            ) from error

    def outgrown_by(self) -> str | None:
        """The revision of the tables, when they are a newer version's alone; None otherwise.

        Raises:
            DatabaseUnavailable: when the database cannot be reached.
        """
        try:
            return migrate.outgrown_by(self._runner.looking)
        except DBAPIError as error:
            raise DatabaseUnavailable from error

    def let_run(self, url: str) -> str:
        """Let the role of another URL of this PostgreSQL database run the program, and own nothing; returns its name.

        Args:
            url: The program's own.

        Raises:
            DatabaseUnavailable: when the URL names another database or no role, or this one may not give rights.
        """
        own, other = self.engine.url, make_url(url)
        is_same = self._runner.kind == other.get_backend_name() and own.database == other.database
        if not is_same or not other.username or other.username == own.username:
            raise DatabaseUnavailable(
                "COCM_MIGRATE_URL and COCM_DATABASE_URL are to name the same PostgreSQL database, the first under the "
                "role that owns its tables, the second under one that owns nothing. The tables are up to date."
            )
        roles.grant(self.engine, other.username)
        return other.username

    def migrations_current(self) -> bool:
        """True when the schema is this program's version.

        Raises:
            DatabaseUnavailable: when the database cannot be reached.
        """
        try:
            return migrate.is_current(self._runner.looking)
        except DBAPIError as error:
            raise DatabaseUnavailable from error

    def unknown_audit_key(self) -> str | None:
        """The id of the key that the audit chain is kept by, where it is not at hand; None where it is, or needs to be.

        Raises:
            DatabaseUnavailable: when the database cannot be reached.
        """
        return self.read(lambda uow: uow.seals.unknown_key(), tenant_id=NO_TENANT).result()

    def unknown_data_keys(self) -> tuple[str, ...]:
        """The ids of keys that words in it are encrypted under and that are not at hand, but for those that are lost.

        Raises:
            DatabaseUnavailable: when the database cannot be reached.
        """
        return self.read(lambda uow: uow.encryption.unknown_keys(), tenant_id=NO_TENANT).result()

    def use_data_key(self, at: "datetime") -> None:
        """Note under which key words are encrypted from now on, so that no program without it opens the database.

        Raises:
            StorageError: when that cannot be stored.
        """
        if not self.data_keys:
            return

        def is_noted(uow: UnitOfWork) -> bool:
            return uow.encryption.current_id in uow.encryption.registered()

        def note(uow: UnitOfWork) -> None:
            if uow.encryption.use(at):
                subject = f"data_key:{uow.encryption.current_id}"
                uow.audit.record(at=at, actor=None, action="data_key.used", subject=subject)
                uow.commit()

        def made(uow: UnitOfWork) -> int:
            tenant = uow.tenants.default()
            uow.commit()
            return tenant.tenant_id

        first = self.read(lambda uow: uow.tenants.first(), tenant_id=NO_TENANT).result()
        tenant_id = first.tenant_id if first else self.write(made, tenant_id=NO_TENANT).result()
        # A disk that is full stops nobody who only reads.
        if not self.read(is_noted, tenant_id=tenant_id).result():
            self.write(note, tenant_id=tenant_id).result()

    def overwrite_free_space(self) -> bool | None:
        """Let free space hold nothing of what was there; None where that is not the program's to do.

        Returns:
            False when others were writing all the while.

        Raises:
            DatabaseUnavailable: when the file cannot be written.
        """
        return self._runner.overwrite_free_space()

    def refuse_newer(self) -> None:
        """Return unless a newer version of the program made the tables.

        Raises:
            NewerSchema: when one did.
            DatabaseUnavailable: when the database cannot be reached.
        """
        try:
            migrate.refuse_newer(self._runner.looking)
        except DBAPIError as error:
            raise DatabaseUnavailable from error

    def refuse_other_schema(self) -> None:
        """Return when the tables are this program's version.

        Raises:
            NewerSchema: when a newer version of the program made them.
            OlderSchema: when they are to be brought up to date.
            DatabaseUnavailable: when the database cannot be reached.
        """
        self.refuse_newer()
        if not self.migrations_current():
            raise OlderSchema

    def backup(self, file: Path, *, made_at: "datetime", program: str) -> "Manifest":
        """Copy everything durable into a new file, while others go on reading and writing.

        Beside it, `FILE.manifest.json` says what is in it and which bytes it has. Both may be read by their owner only.

        Args:
            file: must not exist yet, nor its manifest.
            made_at: aware.
            program: version of this program.

        Raises:
            UnfitFile: when a file of that name exists.
            DatabaseUnavailable: when it cannot be written.
        """
        return backups.write(self._runner.backup, file, self._runner.kind, made_at=made_at, program=program)

    def is_blank(self) -> bool:
        """True for a database without a single table.

        Raises:
            DatabaseUnavailable: when it cannot be reached.
        """
        try:
            return not inspect(self.engine).get_table_names()
        except DBAPIError as error:
            raise DatabaseUnavailable from error

    def restore_archive(self, file: Path) -> None:
        """Fill a blank PostgreSQL database from a backup, all of it or nothing.

        Raises:
            DatabaseUnavailable: when pg_restore is not installed, or fails.
        """
        dumping.restore_archive(self.engine.url, file)

    @property
    def engine(self) -> "Engine":
        """What a move of the whole database runs on."""
        return self._runner.migrating

    @property
    def place(self) -> str:
        """Where it is, in words, without a password."""
        url = self._runner.migrating.url
        if self._runner.kind == "sqlite":
            return str(url.database)
        return (
            f"the PostgreSQL database {url.database} on {url.host or url.query.get('host') or 'this machine'}"
        )

    def survey(self) -> None:
        """Let the database look over what it holds, after much of it came at once.

        Raises:
            DatabaseUnavailable: when it cannot be reached.
        """
        self._runner.survey()

    def ping(self) -> None:
        """Return when the database answers.

        Raises:
            DatabaseUnavailable: when it does not.
        """
        self._runner.ping()

    def room(self) -> int | None:
        """Bytes left on the disk that holds it; None where that is another machine's.

        Raises:
            DatabaseUnavailable: when its folder is gone.
        """
        return self._runner.room()

    def close(self) -> None:
        """Finish what was asked for, then let go of the database; later calls are refused."""
        self._runner.close()


def _counted(future: "Future[Any]") -> "Future[Any]":
    future.add_done_callback(failures.count)
    return future
