"""The commands about for how long notes are kept; what they do is in `cocm.retention_runs`."""

from typing import Annotated

import typer

commands = typer.Typer()
retention = typer.Typer(help="See which notes are older than they are kept, and keep a patient's on hold.")
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
