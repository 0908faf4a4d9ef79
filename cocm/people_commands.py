"""The commands about people: who takes part, and what each role can do.

What they do is in `cocm.people_runs`, loaded by the commands that need it: `cocm serve` starts without.
"""

from typing import Annotated

import typer

commands = typer.Typer()


@commands.command()
def members(*, as_json_: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False) -> None:
    """List the members with their roles, who asked to take part, and who has left."""
    from cocm.people_runs import show_members  # noqa: PLC0415 - see the module's docstring

    show_members(as_json=as_json_)


@commands.command()
def roles(*, as_json_: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False) -> None:
    """Show what each role can do."""
    from cocm.people_runs import show_roles  # noqa: PLC0415 - see the module's docstring

    show_roles(as_json=as_json_)
