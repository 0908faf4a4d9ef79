"""Carries out `cocm migrate`: brings tables up to date, and moves a practice to another database."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from bot.screens.phrases import count as counted
from cocm import logs
from cocm.databases import open_database, open_tables, said_plainly
from cocm.errors import CommandRefused
from cocm.offline import OfflinePractice
from cocm.settings import Settings, load
from cocm.terminal import err, out
from services.checks import Verified, verify
from services.clock import SystemClock
from services.context import Context
from storage import Database, NotMoved, UnitOfWork
from storage.moves import Move
from storage.moving_source import UnfitRow

#: How many like faults one sentence names.
_NAMED = 5


def bring_up_to_date() -> None:
    """Bring the tables of the database that the settings name up to date.

    Raises:
        EnvironmentFault: when it cannot be reached or changed.
    """
    settings = load()
    logs.configure(settings.log_format)
    owner = settings.migrate_url
    if owner is None:
        open_database(settings.database_url, settings.audit_keys(), settings.data_keys()).close()
        out.print("The database is up to date.")
        return
    database = open_tables(owner.get_secret_value())
    try:
        with said_plainly():
            database.migrate()
            role = database.let_run(settings.database_url)
    finally:
        database.close()
    out.print(f"The database is up to date, and {role} may use it and owns nothing in it.", markup=False)


def move_practice(source: str, *, unverified: bool) -> None:
    """Copy the practice in a SQLite file into the empty PostgreSQL database that the settings name.

    Args:
        source: `sqlite:///cocm.db`, or the file's path.
        unverified: move it although it is not as the program wrote it.

    Raises:
        Refused: when it may not be moved as it stands; nothing was copied.
        EnvironmentFault: when a database stands in the way; nothing was copied.
    """
    settings = load()
    logs.configure(settings.log_format)
    file = _file_of(source)
    if Database.file_of(settings.database_url) is not None:
        raise CommandRefused(
            "COCM_DATABASE_URL names a SQLite file, and a practice moves to PostgreSQL. Make an empty database "
            "(`createdb cocm`) and set COCM_DATABASE_URL=postgresql+psycopg://user:password@host/cocm. To copy a "
            "SQLite database as a file, use `cocm backup`."
        )
    target = open_tables(settings.database_url, settings.audit_keys(), settings.data_keys())
    try:
        with said_plainly(), Move.begin(file, target, settings.audit_keys()) as move:
            rows = {} if move.is_done else _carried(move, settings, unverified=unverified)
            move.mark_moved(_today(settings))
    finally:
        target.close()
    _say(file, rows)


def _carried(move: Move, settings: Settings, *, unverified: bool) -> Mapping[str, int]:
    """Look the practice over, then copy it; returns the rows of each table."""
    # Each row is looked at, then copied.
    with _bar(2 * sum(move.counts().values())) as told:
        _refuse_unfit(move.unfit(told))
        with move.looking() as database:
            before = OfflinePractice(database, settings).read(verify)
        _refuse_changed(before, unverified=unverified)

        def check(uow: UnitOfWork) -> None:
            after = verify(Context(uow=uow, now=SystemClock().now(), settings=settings.practice()))
            if _found(after) != _found(before):
                raise NotMoved(
                    "What arrived does not verify as what was sent. Nothing was stored in the new database."
                )

        return move.run(check, told).rows


def _found(verified: Verified) -> tuple[object, ...]:
    return (
        (verified.revisions, verified.lines, verified.changed, verified.totals),
        set(verified.judged_otherwise),
    )


def _refuse_changed(found: Verified, *, unverified: bool) -> None:
    for sentence in (*found.changed, *found.totals):
        err.print(sentence, markup=False)
    if found.changed and not unverified:
        raise CommandRefused(
            f"{counted(len(found.changed), 'change')} found that this program did not make, named above. Nothing was "
            "copied. They would go along and still show in the new database: to move it as it is, add --unverified."
        )
    if found.totals:
        raise CommandRefused(
            "The totals made from the ledger differ from it, as named above. Nothing was copied. Run `cocm audit "
            "rebuild` on the SQLite file first."
        )


def _refuse_unfit(rows: Sequence[UnfitRow]) -> None:
    """Name what PostgreSQL would not take: like faults in one line, with the first of them."""
    if not rows:
        return
    like: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in rows:
        like[row.table, row.said].append(row.where)
    for (table, said), places in like.items():
        more = f" and {len(places) - _NAMED:,} more" if len(places) > _NAMED else ""
        err.print(f"{table}, {'; '.join(places[:_NAMED])}{more}: {said}.", markup=False)
    raise CommandRefused(
        f"{counted(len(rows), 'value')} cannot be moved, named above. Nothing was copied. Correct them with the "
        "program (an entry by `/cocm edit` or `void`), or restore a backup from before they were damaged."
    )


def _file_of(source: str) -> Path:
    file = Database.file_of(source) if "://" in source else Path(source)
    if file is None:
        raise CommandRefused(
            "A practice moves from a SQLite file: --from sqlite:///cocm.db. A PostgreSQL database is copied with "
            "`cocm backup` and `cocm restore`."
        )
    if not file.is_file():
        raise CommandRefused(f"There is no file {file}. Write --from sqlite:///cocm.db, with three slashes.")
    return file


def _today(settings: Settings) -> str:
    return f"{SystemClock().now().astimezone(settings.timezone):%b %-d, %Y}"


def _say(file: Path, rows: Mapping[str, int]) -> None:
    if rows:
        named = [
            counted(rows[name], word)
            for name, word in (("current_entry", "entry"), ("patient", "patient"), ("member", "member"))
        ]
        done = (
            f"Moved: {', '.join(named)}, {sum(rows.values()):,} rows in all. Each was compared with what was sent, and "
            "the audit chain is whole."
        )
    else:
        done = f"{file.name} was moved already: the new database holds this practice."
    out.print(
        f"{done}\nFrom now on every program must name the new database in COCM_DATABASE_URL. {file.name}.moved keeps "
        f"programs from using the old one; keep {file.name} as a backup.",
        markup=False,
    )


@contextmanager
def _bar(total: int) -> Iterator[Callable[[str, int], None]]:
    """A progress bar on standard error, with the name of the table at hand."""
    from rich.progress import (  # noqa: PLC0415 - only a move needs it
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True) as progress:
        task = progress.add_task("looking", total=total)
        yield lambda table, done: progress.update(task, advance=done, description=table)
