"""The command that takes files in; what it does is in `cocm.import_runs`, loaded when it is called."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

commands = typer.Typer()


class ImportKind(StrEnum):
    """What a file holds."""

    PATIENTS = "patients"
    ENTRIES = "entries"
    MEMBERS = "members"
    PAYERS = "payers"
    FEES = "fees"
    SCORES = "scores"
    COVERAGE = "coverage"
    SERVICES = "services"


@commands.command("import")
def import_(
    kind: Annotated[ImportKind, typer.Argument(help="What the file holds.")],
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="A CSV file.")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be stored.")] = False,
    new_patient: Annotated[
        list[str] | None,
        typer.Option(
            "--new-patient",
            metavar="MRN",
            help="An MRN that is another patient although one much like it is on file; all for each. Repeatable.",
        ),
    ] = None,
    answers: Annotated[
        Path | None,
        typer.Option(
            "--answers",
            exists=True,
            dir_okay=False,
            readable=True,
            metavar="FILE",
            help="A text file that answers what the import asks, one answer a line.",
        ),
    ] = None,
) -> None:
    """Take in a CSV file: all of it, or nothing when a row is wrong."""
    from cocm.import_runs import import_file  # noqa: PLC0415 - see the module's docstring

    import_file(kind.value, file, dry_run=dry_run, new_patients=new_patient or (), answers=answers)
