"""Carries out `cocm backup`, and prints what was written."""

from importlib import metadata
from pathlib import Path

from bot.screens.phrases import count as counted
from cocm import logs
from cocm.databases import open_tables, said_plainly
from cocm.errors import EnvironmentFault
from cocm.offline import OfflinePractice
from cocm.settings import load
from cocm.terminal import out
from services.clock import SystemClock
from storage import Database

PROGRAM = "cocm-minutes"


def back_up(file: Path) -> None:
    """Copy the database that the settings name.

    Raises:
        Refused: when the file exists.
        EnvironmentFault: when the database or the folder stands in the way.
    """
    settings = load()
    logs.configure(settings.log_format)
    there = Database.file_of(settings.database_url)
    if there is not None and not there.exists():
        raise EnvironmentFault(
            f"There is no database at {there}, so there is nothing to back up. Check COCM_DATABASE_URL."
        )
    database = open_tables(settings.database_url, settings.audit_keys(), settings.data_keys())
    try:
        with said_plainly():
            if database.is_keyed and database.migrations_current():
                OfflinePractice(database, settings).seal()
            made = database.backup(file, made_at=SystemClock().now(), program=metadata.version(PROGRAM))
    finally:
        database.close()
    entries = made.contents.rows.get("current_entry", 0)
    out.print(
        f"Backed up to {file}: {made.bytes:,} bytes, {counted(entries, 'entry')}. "
        f"{file.name}.manifest.json says what is in it; keep the two together.",
        markup=False,
    )
