"""The commands about the keys that notes and names are encrypted under; what they do is in `cocm.keys_runs`."""

from typing import Annotated

import typer

commands = typer.Typer()
keys = typer.Typer(help="Encrypt notes and names at rest, and change the keys for it.", no_args_is_help=True)
commands.add_typer(keys, name="keys")


@keys.command()
def new() -> None:
    """Print a new key; it is kept nowhere."""
    from cocm.keys_runs import print_new  # noqa: PLC0415 - see the module's docstring

    print_new()


@keys.command()
def check() -> None:
    """Show how many notes, names and other words are encrypted under which key, and how many under none."""
    from cocm.keys_runs import show_counts  # noqa: PLC0415 - see the module's docstring

    show_counts()


@keys.command()
def rotate() -> None:
    """Encrypt everything under the first key of COCM_DATA_KEYS, in small steps, while the bot goes on."""
    from cocm.keys_runs import rotate_all  # noqa: PLC0415 - see the module's docstring

    rotate_all()


@keys.command()
def lost(
    key: Annotated[str, typer.Argument(help="The key's id of 8 characters, as `cocm keys check` shows it.")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Go on without a key that is lost; what is encrypted under it stays unreadable."""
    from cocm.keys_runs import give_up  # noqa: PLC0415 - see the module's docstring

    give_up(key, yes=yes)
