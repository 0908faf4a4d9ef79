"""The commands about where a practice lives: its tables, backups of them, and moving to another database.

What they do is in `cocm.backup_runs`, `cocm.restore_runs` and `cocm.moving_runs`, loaded by the commands that need
them: `cocm serve` starts without.
"""

from pathlib import Path
from typing import Annotated

import typer

commands = typer.Typer()


@commands.command()
def backup(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="File to write; it must not exist yet.")],
) -> None:
    """Copy the whole database into a file, while the bot runs; FILE.manifest.json beside it says what is in it."""
    from cocm.backup_runs import back_up  # noqa: PLC0415 - see the module's docstring

    back_up(file)


@commands.command()
def migrate(
    from_: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="URL",
            help="Copy the practice in this SQLite file (sqlite:///cocm.db) into the empty PostgreSQL database that "
            "COCM_DATABASE_URL names.",
        ),
    ] = None,
    *,
    unverified: Annotated[
        bool,
        typer.Option(
            "--unverified", help="Move it although `audit verify` finds changes in it; they are listed."
        ),
    ] = False,
) -> None:
    """Bring the database's tables up to date, or move a practice to PostgreSQL."""
    from cocm import moving_runs  # noqa: PLC0415 - see the module's docstring

    if from_ is None:
        moving_runs.bring_up_to_date()
    else:
        moving_runs.move_practice(from_, unverified=unverified)


@commands.command()
def restore(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="A backup that `cocm backup` wrote.")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Replace the database without asking.")] = False,
    unverified: Annotated[
        bool,
        typer.Option(
            "--unverified", help="Restore it although `audit verify` finds changes in it; they are listed."
        ),
    ] = False,
) -> None:
    """Replace the database by a backup; what was there is kept beside it."""
    from cocm.restore_runs import restore_backup  # noqa: PLC0415 - see the module's docstring

    restore_backup(file, yes=yes, unverified=unverified)
