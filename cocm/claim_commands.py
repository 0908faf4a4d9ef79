"""The commands about submitted claims and overpayments."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

import typer

from billing.months import BillingMonth
from cocm.billing_commands import Month, read_month

commands = typer.Typer()

By = Annotated[str, typer.Option("--by", help="Who says so: a Slack user id or a name.")]


class OverpaidWhat(StrEnum):
    """What can be recorded of an overpayment."""

    IDENTIFIED = "identified"
    INVESTIGATING = "investigating"
    INVESTIGATED = "investigated"
    RETURNED = "returned"
    NONE = "none"


@commands.command()
def submitted(
    month: Month,
    by: By,
    *,
    mrn: Annotated[
        list[str] | None, typer.Option("--mrn", help="A patient's line instead of all. Repeatable.")
    ] = None,
    take_back: Annotated[
        bool, typer.Option("--take-back", help="It was a mistake: they were not submitted.")
    ] = False,
) -> None:
    """Say that the claims of a closed month were submitted to payers, or take that back."""
    from cocm.claim_runs import submit  # noqa: PLC0415 - see `cocm.billing_commands`

    submit(month, by, mrn or (), take_back=take_back)


@commands.command()
def overpaid(
    month: Annotated[
        BillingMonth | None,
        typer.Argument(
            parser=read_month, metavar="[MONTH]", help="Written as 2026-11; without it, every month."
        ),
    ] = None,
    *,
    mrn: Annotated[str, typer.Option("--mrn", help="The patient of whose line something is recorded.")] = "",
    what: Annotated[
        OverpaidWhat | None, typer.Option("--record", help="What is recorded; needs --mrn, --by and a month.")
    ] = None,
    on: Annotated[
        datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="The day of it; today without.")
    ] = None,
    by: Annotated[str, typer.Option("--by", help="Who says so: a Slack user id or a name.")] = "",
) -> None:
    """List lines that bill less than was submitted, or record what is done about one."""
    from cocm.claim_runs import list_overpaid, record_overpaid  # noqa: PLC0415 - see `cocm.billing_commands`

    if what is None:
        if mrn or on is not None:
            raise typer.BadParameter("say what is recorded with --record identified, returned or another")
        list_overpaid(month)
        return
    if month is None or not mrn or not by:
        raise typer.BadParameter("--record needs the month, --mrn and --by")
    day: date | None = on.date() if on is not None else None
    record_overpaid(month, mrn, what.value, day, by)
