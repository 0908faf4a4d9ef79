"""The commands about the practice: what it has set, and which rules change from month to month.

What they do is in `cocm.practice_runs` and `cocm.rules_runs`, loaded by the commands that need them: `cocm serve`
starts without.
"""

from datetime import date, datetime
from typing import Annotated

import typer

from billing.months import BillingMonth
from cocm.billing_commands import Month

commands = typer.Typer()
settings = typer.Typer(help="Show what the practice has set, and set it from a day on.")
rules = typer.Typer(help="See which rules change between two months.", no_args_is_help=True)
commands.add_typer(settings, name="settings")
commands.add_typer(rules, name="rules")


def _day(text: str) -> date:
    """`2026-12-01`, `12/1/2026`; `2026-12` is its first day."""
    for form in ("%Y-%m-%d", "%m/%d/%Y"):
        try:
            return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 - a date has no zone
        except ValueError:
            continue
    try:
        return BillingMonth.parse(text.strip()).first_day
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is not a date. Write 2026-12-01, 12/1/2026, or 2026-12 for its first day"
        ) from None


@settings.callback(invoke_without_command=True)
def settings_(
    context: typer.Context,
    *,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Show what the practice has set, since when, by whom, and what it does; `set` changes it from a day on."""
    if context.invoked_subcommand is not None:
        return
    from cocm.practice_runs import show_settings  # noqa: PLC0415 - see the module's docstring

    show_settings(as_json=as_json_)


@settings.command("set")
def set_(
    words: Annotated[
        list[str], typer.Argument(metavar="NAME VALUE", help="The setting and its value: time_rule midpoint.")
    ],
    *,
    from_: Annotated[
        date | None,
        typer.Option(
            "--from", parser=_day, metavar="DATE", help="First day; without it, that of the present month."
        ),
    ] = None,
    by: Annotated[str | None, typer.Option("--by", help="Who sets it: a Slack user id or a name.")] = None,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Set one of the practice's settings from a day on; closed months stay as they are."""
    from cocm.practice_runs import set_setting  # noqa: PLC0415 - see the module's docstring

    set_setting(" ".join(words), from_, by, as_json=as_json_)


@rules.command()
def diff(
    first: Month,
    second: Month,
    *,
    practice: Annotated[
        bool,
        typer.Option(
            "--practice", help="Also judge the first month's own lines by the second month's rules."
        ),
    ] = False,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Show which rules change between two months: codes, payers, settings and rates, each with day and source."""
    from cocm.rules_runs import show_differences  # noqa: PLC0415 - see the module's docstring

    show_differences(first, second, practice=practice, as_json=as_json_)
