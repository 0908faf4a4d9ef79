"""The commands of a practice's billing: files in, reports out, months closed and opened again.

What they do is in `cocm.billing_runs` and `cocm.audit_runs`, loaded by the commands that need it: `cocm serve` starts
without.
"""

from enum import StrEnum
from typing import Annotated

import typer

from billing.months import BillingMonth
from cocm.collector import without_collector

commands = typer.Typer()
audit = typer.Typer(help="Check what must never change.", no_args_is_help=True)
commands.add_typer(audit, name="audit")


#: Care managers whose months are looked at for the pace.
_FEW, _EVERYONE = 10, 1_000_000


class ReportFormat(StrEnum):
    """How a report is written."""

    TABLE = "table"
    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"


class DateForm(StrEnum):
    """How a report's file writes days."""

    US = "us"
    ISO = "iso"


def read_month(text: str) -> BillingMonth:
    """A month as a person writes it: `2026-11`."""
    try:
        return BillingMonth.parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


Month = Annotated[
    BillingMonth, typer.Argument(parser=read_month, metavar="MONTH", help="Written as 2026-11.")
]


@commands.command()
def payers(
    name: Annotated[str, typer.Argument(help="One payer, under any of its names; all without it.")] = "",
    *,
    month: Annotated[
        BillingMonth | None,
        typer.Option(parser=read_month, metavar="MONTH", help="Only rules that hold in this month, 2026-11."),
    ] = None,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Show the payers whose rules are on file: each rule with its days, its source and whose it is."""
    from cocm.payer_runs import show_payers  # noqa: PLC0415 - see the module's docstring

    show_payers(name, month, as_json=as_json_)


@commands.command()
def report(  # noqa: PLR0913 - an option each
    month: Month,
    *,
    to: Annotated[
        BillingMonth | None,
        typer.Option("--to", parser=read_month, metavar="MONTH", help="Last month of a longer report."),
    ] = None,
    format_: Annotated[
        ReportFormat, typer.Option("--format", help="How it is written.")
    ] = ReportFormat.TABLE,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            metavar="FILE",
            help="File to write; in a folder, as in --output ., it gets a name that says month and edition.",
        ),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace a file that exists, without asking.")
    ] = False,
    dates: Annotated[
        DateForm | None,
        typer.Option("--dates", help="How CSV writes days: us is 11/3/2026, iso is 2026-11-03."),
    ] = None,
    bom: Annotated[
        bool, typer.Option("--bom", help="Begin CSV with the mark by which Excel knows letters like é.")
    ] = False,
    pace: Annotated[
        bool | None,
        typer.Option(
            "--pace/--no-pace",
            help="Say how well closed months were forecast. A table does so by itself, of up to ten care managers.",
        ),
    ] = None,
) -> None:
    """Report a month: every patient's minutes, codes, and what stands between them and a claim."""
    if to is not None and to < month:
        raise typer.BadParameter(f"{to} is before {month}; write the earlier month first")
    if bom and format_ is not ReportFormat.CSV:
        raise typer.BadParameter("--bom is about CSV: add --format csv")
    if dates is not None:
        _check_dates(dates, format_)
    if pace and format_ in {ReportFormat.CSV, ReportFormat.XLSX}:
        raise typer.BadParameter("--pace is about a table and JSON: leave out --format, or add --format json")
    with without_collector():
        from cocm.report_runs import ReportOrder, write_report  # noqa: PLC0415 - see the module's docstring

        write_report(
            ReportOrder(
                first=month,
                last=to,
                form=format_.value,
                output=output,
                overwrite=overwrite,
                dates=(dates or DateForm.US).value,
                bom=bom,
                pace=_looked_at(format_) if pace is None else pace * _EVERYONE,
            )
        )


def _looked_at(form: ReportFormat) -> int:
    """Of how many care managers the pace is looked at where nothing is said: few enough not to be waited for."""
    return _FEW if form is ReportFormat.TABLE else 0


def _check_dates(dates: DateForm, form: ReportFormat) -> None:
    """Refuse what a form cannot do: a table has no days, and JSON has them as ISO dates always."""
    if form is ReportFormat.TABLE:
        raise typer.BadParameter("--dates is about files: add --format csv or --format xlsx")
    if form is ReportFormat.JSON and dates is DateForm.US:
        raise typer.BadParameter("JSON has ISO dates always: leave out --dates us")


@commands.command()
def close(
    month: Month,
    by: Annotated[str, typer.Option("--by", help="Who closes it: a Slack user id or a name.")],
    attest: Annotated[
        str, typer.Option("--attest", help="The sentence they attest to, instead of the usual one.")
    ] = "",
    reason: Annotated[str, typer.Option("--reason", help="Why it is closed again.")] = "",
) -> None:
    """Close a month: freeze its lines, under the closer's attestation."""
    from cocm import billing_runs  # noqa: PLC0415 - see the module's docstring

    billing_runs.close(month, by, attest, reason)


@commands.command()
def reopen(
    month: Month,
    by: Annotated[str, typer.Option("--by", help="Who reopens it: a Slack user id or a name.")],
    reason: Annotated[str, typer.Option("--reason", help="Why.")],
) -> None:
    """Open a closed month again; what was frozen stays."""
    from cocm import billing_runs  # noqa: PLC0415 - see the module's docstring

    billing_runs.reopen(month, by, reason)


@audit.command()
def verify(
    expect: Annotated[
        str | None,
        typer.Option(
            "--expect",
            metavar="HEAD",
            help="A head that was noted earlier (`cocm audit head`, a manifest, a month-end message): it must be in "
            "the chain.",
        ),
    ] = None,
) -> None:
    """Check that nothing stored was changed behind the program's back; name what was."""
    from cocm.audit_runs import verify_all  # noqa: PLC0415 - see the module's docstring

    verify_all(expect)


@audit.command()
def head() -> None:
    """Show the end of the audit chain; the last line is the head alone, to be kept somewhere else."""
    from cocm.audit_runs import show_head  # noqa: PLC0415 - see the module's docstring

    show_head()


@audit.command()
def seal(
    *,
    lost_key: Annotated[
        bool,
        typer.Option("--lost-key", help="Go on under today's key although the one of the last seal is lost."),
    ] = False,
) -> None:
    """Seal the audit chain up to its end under COCM_AUDIT_KEY; `cocm serve` does so each minute."""
    from cocm.audit_runs import seal_now  # noqa: PLC0415 - see the module's docstring

    seal_now(lost_key=lost_key)


@audit.command("rebuild")
def rebuild_() -> None:
    """Make the totals again from the ledger, where `verify` says that they differ."""
    from cocm.audit_runs import rebuild  # noqa: PLC0415 - see the module's docstring

    rebuild()
