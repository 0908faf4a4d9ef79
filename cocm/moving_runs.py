"""Carries out `cocm migrate`: brings tables up to date, and moves a practice to another database."""

from cocm import logs
from cocm.databases import open_database
from cocm.settings import load
from cocm.terminal import out


def bring_up_to_date() -> None:
    """Bring the tables of the database that the settings name up to date.

    Raises:
        EnvironmentFault: when it cannot be reached or changed.
    """
    settings = load()
    logs.configure(settings.log_format)
    open_database(settings.database_url).close()
    out.print("The database is up to date.")
