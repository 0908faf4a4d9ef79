"""The commands about claims as files, and about whom they name.

What they do is in `cocm.claim_file_runs`, loaded by the commands that need it: `cocm serve` starts without.
"""

from typing import Annotated

import typer

from billing.claim_gaps import ClaimForm
from cocm.billing_commands import Month
from cocm.collector import without_collector

commands = typer.Typer()
claims = typer.Typer(help="Write the claims of a closed month, and see what they lack.", no_args_is_help=True)
practice = typer.Typer(help="Show and set whom claims name: the practice, practitioners, payers.")
commands.add_typer(claims, name="claims")
commands.add_typer(practice, name="practice")

By = Annotated[str, typer.Option("--by", help="Who does it: a Slack user id or a name.")]
Form = Annotated[ClaimForm, typer.Option("--format", help="csv, or x12 for an 837P file.")]
Mrns = Annotated[
    list[str] | None, typer.Option("--mrn", help="A patient's claim instead of all. Repeatable.")
]


@claims.command()
def write(
    month: Month,
    *,
    format_: Form = ClaimForm.CSV,
    output: Annotated[
        str,
        typer.Option(
            "--output", metavar="FILE", help="File to write; in a folder, this one without it, its own name."
        ),
    ] = ".",
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace a file that exists, without asking.")
    ] = False,
    mrn: Mrns = None,
    test: Annotated[
        bool, typer.Option("--test", help="Mark an 837P file as a test: none of it is paid.")
    ] = False,
    by: By,
) -> None:
    """Write the claims that are due of a closed month; what a claim lacks is said."""
    if test and format_ is not ClaimForm.X12:
        raise typer.BadParameter("--test is about 837P files: add --format x12")
    with without_collector():
        from cocm.claim_file_runs import write_claims  # noqa: PLC0415 - see the module's docstring

        write_claims(month, format_, mrn or (), output=output, overwrite=overwrite, is_test=test, by=by)


@claims.command()
def check(month: Month, *, format_: Form = ClaimForm.X12, mrn: Mrns = None) -> None:
    """Say what the claims that are due of a closed month lack, whose it is, and what settles it."""
    with without_collector():
        from cocm.claim_file_runs import check_claims  # noqa: PLC0415 - see the module's docstring

        check_claims(month, format_, mrn or ())


@claims.command()
def number(
    month: Month,
    *,
    mrn: Annotated[str, typer.Option("--mrn", help="The patient whose claim it is.")],
    is_: Annotated[
        str, typer.Option("--is", help="The payer's number of the claim; an empty one removes it.")
    ],
    by: By,
) -> None:
    """Keep the number that the payer gave a claim: a claim that corrects it names it."""
    from cocm.claim_file_runs import keep_number  # noqa: PLC0415 - see the module's docstring

    keep_number(month, mrn, is_, by)


@practice.command()
def show(*, as_json_: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False) -> None:
    """Show whom claims name: the practice, practitioners and payers."""
    from cocm.claim_file_runs import show_parties  # noqa: PLC0415 - see the module's docstring

    show_parties(as_json=as_json_)


@practice.command("set")
def set_(
    name: Annotated[
        str, typer.Argument(help="What is set: name, npi, ein ...; `cocm practice show` lists all.")
    ],
    value: Annotated[list[str], typer.Argument(help='Its value; "" removes it.')],
    *,
    by: By,
) -> None:
    """Set one thing that claims say of the practice."""
    from cocm.claim_file_runs import set_practice  # noqa: PLC0415 - see the module's docstring

    set_practice(name, " ".join(value), by)


@practice.command()
def practitioner(
    npi: Annotated[str, typer.Argument(help="Their NPI.")],
    *,
    last: Annotated[str, typer.Option("--last", help="Their last name.")],
    first: Annotated[str, typer.Option("--first", help="Their first name.")],
    taxonomy: Annotated[str, typer.Option("--taxonomy", help="Their taxonomy code, where payers ask.")] = "",
    by: By,
) -> None:
    """Keep who has an NPI that claims name."""
    from cocm.claim_file_runs import keep_practitioner  # noqa: PLC0415 - see the module's docstring

    keep_practitioner(npi, first, last, taxonomy, by)


@practice.command()
def payer(
    name: Annotated[str, typer.Argument(help="The payer, under any of its names.")],
    *,
    payer_id: Annotated[str, typer.Option("--payer-id", help="How the clearinghouse knows it.")],
    filing_code: Annotated[
        str,
        typer.Option(
            "--filing-code", help="MB is Medicare Part B, MC Medicaid, BL Blue Cross, CI commercial."
        ),
    ],
    by: By,
) -> None:
    """Keep how claims are addressed to a payer."""
    from cocm.claim_file_runs import keep_payer  # noqa: PLC0415 - see the module's docstring

    keep_payer(name, payer_id, filing_code, by)
