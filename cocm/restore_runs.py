"""Carries out `cocm restore`: looks a backup over, shows what it would replace, and replaces it."""

import sys
from datetime import datetime
from importlib import metadata
from pathlib import Path
from zoneinfo import ZoneInfo

import typer

from bot.screens.phrases import count as counted
from cocm import logs
from cocm.backup_runs import PROGRAM
from cocm.databases import open_database, open_tables, said_plainly
from cocm.errors import CommandRefused, EnvironmentFault
from cocm.offline import OfflinePractice
from cocm.settings import Settings, load
from cocm.terminal import err, out
from services.checks import Verified, verify
from services.clock import SystemClock
from storage import Database, dumping, moving
from storage.manifests import check_manifest
from storage.restoring import Extent, Replacing, Restore


def restore_backup(file: Path, *, yes: bool, unverified: bool) -> None:
    """Replace the database that the settings name by a backup.

    Args:
        file: what `cocm backup` wrote.
        yes: without asking.
        unverified: although the program did not write all that is in it.

    Raises:
        Refused: when the file is no backup that may be restored, or the person says no; nothing was changed.
        EnvironmentFault: when somebody uses the database, or a file stands in the way.
    """
    settings = load()
    logs.configure(settings.log_format)
    target = Database.file_of(settings.database_url)
    with said_plainly():
        if target is None:
            _restore_archive(file, settings)
        else:
            _restore_file(file, target, settings, yes=yes, unverified=unverified)


def _restore_file(file: Path, target: Path, settings: Settings, *, yes: bool, unverified: bool) -> None:
    if file.is_file() and dumping.is_archive(file):
        raise CommandRefused(
            f"{file.name} is a backup of a PostgreSQL database, and COCM_DATABASE_URL names a SQLite file. Name an "
            "empty PostgreSQL database there, and run this again."
        )
    now = SystemClock().now()
    aside = _aside(target, now.astimezone(settings.timezone))
    with Restore.begin(file, target, settings.audit_keys(), settings.data_keys()) as restoring:
        with restoring.looking() as database:
            _refuse_changed(OfflinePractice(database, settings).read(verify), unverified=unverified)
        replacing = restoring.replacing()
        for sentence in _shown(file, target, replacing, settings.timezone):
            out.print(sentence, markup=False)
        _ask(yes=yes)
        was_there = restoring.run(aside, made_at=now, program=metadata.version(PROGRAM))
    _check_again(settings, replacing.backup, unverified=unverified)
    out.print(f"Restored from {file}: {_extent(replacing.backup, settings.timezone)}.", markup=False)
    if was_there:
        out.print(
            f"The database as it was is kept in {aside}. To go back to it: cocm restore {aside}", markup=False
        )
    out.print("Start the bot again when you are ready.", markup=False)


def _restore_archive(file: Path, settings: Settings) -> None:
    """Have pg_restore fill an empty PostgreSQL database."""
    if not file.is_file():
        raise CommandRefused(f"There is no file {file}.")
    if not dumping.is_archive(file):
        raise CommandRefused(
            f"{file.name} is no backup of a PostgreSQL database, which is what COCM_DATABASE_URL names. A SQLite "
            f"backup comes into an empty PostgreSQL database by: cocm migrate --from sqlite:///{file}"
        )
    check_manifest(file)
    database = open_tables(settings.database_url, settings.audit_keys(), settings.data_keys())
    try:
        if not database.is_blank():
            raise CommandRefused(
                f"{database.place[:1].upper()}{database.place[1:]} has tables already, and a backup is restored into "
                "an empty database, so that nothing is overwritten. Make one (`createdb NAME`), name it in "
                "COCM_DATABASE_URL, and run this again; the old one stays as it is."
            )
        database.restore_archive(file)
    finally:
        database.close()
    opened = open_database(settings.database_url, settings.audit_keys(), settings.data_keys())
    try:
        found = OfflinePractice(opened, settings).read(verify)
    finally:
        opened.close()
    _refuse_changed(found, unverified=False)
    out.print(f"Restored from {file} into {database.place}. The audit chain is whole.", markup=False)


def _refuse_changed(found: Verified, *, unverified: bool) -> None:
    for sentence in (*found.changed, *found.totals):
        err.print(sentence, markup=False)
    if (found.changed or found.totals) and not unverified:
        changes = counted(len(found.changed) + len(found.totals), "change")
        raise CommandRefused(
            f"{changes} found in the backup that this program did not make, named above. Take an earlier backup, or, "
            "to restore it as it is, add --unverified."
        )


def _shown(file: Path, target: Path, replacing: Replacing, zone: ZoneInfo) -> list[str]:
    """What is to be replaced by what."""
    said = [f"{file.name}: {_extent(replacing.backup, zone)}."]
    if not replacing.is_described:
        said.append(f"No {file.name}.manifest.json stands beside it to compare it with.")
    if replacing.current is not None:
        said.append(f"It replaces {target.name}: {_extent(replacing.current, zone)}.")
        if replacing.since is None:
            said.append(
                f"Their audit chains part: {file.name} is no earlier moment of {target.name}. Is it the right practice?"
            )
        else:
            said.append(
                f"{counted(replacing.since, 'event')} of the audit chain came after the backup and will be gone."
            )
    elif target.exists():
        said.append(f"It replaces {target.name}, which cannot be read as it stands.")
    return said


def _extent(extent: Extent, zone: ZoneInfo) -> str:
    last = (
        f", the last change {extent.last_at.astimezone(zone):%b %-d, %Y, %-I:%M %p}" if extent.last_at else ""
    )
    return f"{counted(extent.entries, 'entry')}{last}"


def _ask(*, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise CommandRefused("Nothing was changed. To replace the database without being asked, add --yes.")
    if not typer.confirm("Replace the database?"):
        raise CommandRefused("Nothing was changed.")


def _aside(target: Path, now: datetime) -> Path:
    """A name for the replaced database that nothing has yet."""
    stem = f"{target.stem}.replaced-{now:%Y-%m-%d-%H%M%S}"
    aside, number = target.with_name(f"{stem}{target.suffix}"), 2
    while aside.exists():
        aside, number = target.with_name(f"{stem}-{number}{target.suffix}"), number + 1
    return aside


def _check_again(settings: Settings, expected: Extent, *, unverified: bool) -> None:
    database = open_database(settings.database_url, settings.audit_keys(), settings.data_keys())
    try:
        found = OfflinePractice(database, settings).read(verify)
        head = expected.head
        is_it = head is None or head.seq == 0 or moving.holds(database.engine, head)
    finally:
        database.close()
    if not is_it or ((found.changed or found.totals) and not unverified):
        raise EnvironmentFault(
            "What stands there now is not what was restored. Do not start the bot; check the disk, and restore again."
        )
