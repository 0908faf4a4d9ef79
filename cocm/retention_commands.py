"""The commands about for how long notes are kept; what they do is in `cocm.retention_runs`."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

commands = typer.Typer()
retention = typer.Typer(
    help="See which notes are older than they are kept, keep a patient's on hold, and prove what a removed one said."
)
commands.add_typer(retention, name="retention")


@retention.callback(invoke_without_command=True)
def retention_(
    context: typer.Context,
    *,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Show which notes would be removed, from when on, and whose are on hold; changes nothing."""
    if context.invoked_subcommand is not None:
        return
    from cocm.retention_runs import show  # noqa: PLC0415 - see the module's docstring

    show(as_json=as_json_)


@retention.command()
def hold(
    mrn: Annotated[str, typer.Argument(help="The patient's MRN.")],
    reason: Annotated[str, typer.Argument(help="Why their notes must stay, in quotes.")],
    *,
    by: Annotated[str, typer.Option("--by", help="Who says so: an administrator's Slack user id or name.")],
) -> None:
    """Keep a patient's notes whatever their age, until they are released."""
    from cocm.retention_runs import put_on_hold  # noqa: PLC0415 - see the module's docstring

    put_on_hold(mrn, reason, by)


@retention.command()
def release(
    mrn: Annotated[str, typer.Argument(help="The patient's MRN.")],
    *,
    by: Annotated[str, typer.Option("--by", help="Who says so: an administrator's Slack user id or name.")],
) -> None:
    """End the hold on a patient's notes."""
    from cocm.retention_runs import end_hold  # noqa: PLC0415 - see the module's docstring

    end_hold(mrn, by)


def read_day(text: str) -> date:
    """A day as a person writes it here: `2026-10-15`."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text} is not a date; write it as 2026-10-15") from None


@retention.command()
def prove(
    where: Annotated[
        str,
        typer.Argument(
            metavar="ENTRY|MRN", help="The entry's reference, e-k7f; or the patient's MRN, with --on."
        ),
    ],
    *,
    on: Annotated[
        date | None,
        typer.Option(
            "--on", parser=read_day, metavar="DAY", help="Day of the work or the review, 2026-10-15."
        ),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option(
            "--file", metavar="FILE", help="File that has the text, in UTF-8; standard input without it."
        ),
    ] = None,
    reason_file: Annotated[
        Path | None,
        typer.Option(
            "--reason-file",
            metavar="FILE",
            help="File that has the reason, where the entry was corrected or made void with one.",
        ),
    ] = None,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Say whether exactly this text stood there as a note, when it was removed, and how the audit chain proves it."""
    from cocm.proof_runs import prove_note  # noqa: PLC0415 - see the module's docstring

    prove_note(where, on, file, reason_file, as_json=as_json_)
