"""Runs use cases on the practice's database without Slack, for the command line."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from cocm import logs
from cocm.databases import open_current, open_database, refuse_without_data_keys
from cocm.errors import CommandRefused, EnvironmentFault
from cocm.settings import Settings, load
from cocm.terminal import err
from services.clock import SystemClock
from services.context import Context, Practice, record_reads
from services.errors import Refusal
from services.sealing import keep, look
from storage import NO_TENANT, Database, Owner, Seal, StorageError, UnitOfWork

if TYPE_CHECKING:
    from services.imports.outcome import ImportOutcome, Progress
    from services.imports.request import ImportRequest
    from services.imports.storing import Loader

P = ParamSpec("P")
T = TypeVar("T")


class OfflinePractice:
    """Runs use cases for the practice of this database, and waits for each."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self.database = database
        self.settings = settings
        self._practice = Practice(database, SystemClock(), settings.practice(), self._tenant_id())

    def read(self, use_case: Callable[Concatenate[Context, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a use case that only reads.

        Raises:
            Refused: when it cannot be done as asked.
            EnvironmentFault: when the database stands in the way.
        """
        with _faults():
            return self.database.read(
                lambda uow: self._practice.shown(uow, use_case, *args, **kwargs),
                tenant_id=self._practice.tenant_id,
            ).result()

    def write(self, use_case: Callable[Concatenate[Context, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a use case that stores; returns once what it committed is durable.

        Raises:
            Refused: when it cannot be done as asked.
            EnvironmentFault: when the database stands in the way.
        """
        with _faults():
            return self.database.write(
                lambda uow: use_case(self._practice.context(uow), *args, **kwargs),
                tenant_id=self._practice.tenant_id,
            ).result()

    def take_in(self, loader: "Loader", request: "ImportRequest", progress: "Progress") -> "ImportOutcome":
        """Read a file, and store all of it or nothing; others write meanwhile.

        Raises:
            Refused: when it cannot be done as asked.
            EnvironmentFault: when the database stands in the way.
        """
        from services.imports.running import run_import  # noqa: PLC0415 - a report starts without

        with _faults():
            return run_import(self._practice, loader, request, progress)

    def write_reads(self) -> None:
        """Write who was shown what to the audit chain; a disk that is full stops no report."""
        taken, dropped = self._practice.reads.take()
        if not taken:
            return
        try:
            self.write(record_reads, taken, dropped)
        except (CommandRefused, EnvironmentFault) as error:
            err.print(f"What was read could not be noted in the audit chain. {error}", markup=False)

    def seal(self) -> Seal | None:
        """Seal what a command added to the audit chain; the next sealer does, where this cannot.

        Raises:
            Refused: when the chain does not hold.
        """
        if not self.database.is_keyed:
            return None
        looked = self.read(look)
        return None if looked is None else self.write(keep, looked)

    def survey(self) -> None:
        """Let the database look over what it holds, after much of it came at once.

        Raises:
            EnvironmentFault: when the database stands in the way.
        """
        with _faults():
            self.database.survey()

    def _tenant_id(self) -> int:
        def made(uow: UnitOfWork) -> int:
            tenant = uow.tenants.default()
            uow.commit()
            return tenant.tenant_id

        with _faults():
            first = self.database.read(lambda uow: uow.tenants.first(), tenant_id=NO_TENANT).result()
            # A command that only reads works on a disk that is full, too.
            return first.tenant_id if first else self.database.write(made, tenant_id=NO_TENANT).result()


@contextmanager
def offline_practice(*, migrates: bool = True, reads_words: bool = True) -> Iterator[OfflinePractice]:
    """The practice that the settings name.

    Args:
        migrates: False for what only reads: it leaves a database of an earlier version as it is, and says so.
        reads_words: False for what shows no notes or names, and does without the keys that they are encrypted under.

    Raises:
        EnvironmentFault: when a setting or the database stands in the way.
    """
    settings = load()
    logs.configure(settings.log_format)
    opening = open_database if migrates else open_current
    database = opening(settings.database_url, settings.audit_keys(), settings.data_keys())
    try:
        if reads_words and not migrates:
            refuse_without_data_keys(database)
        practice = OfflinePractice(database, settings)
        try:
            yield practice
        finally:
            # What was shown before something went wrong was shown.
            practice.write_reads()
        if migrates:
            practice.seal()
    finally:
        database.close()


@contextmanager
def _faults() -> Iterator[None]:
    try:
        yield
    except Refusal as refusal:
        raise CommandRefused(refusal.sentence) from refusal
    except StorageError as error:
        fault = CommandRefused if error.owner is Owner.PERSON else EnvironmentFault
        raise fault(error.sentence) from error
