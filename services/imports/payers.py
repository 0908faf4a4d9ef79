"""`payers`: imports payers and their own rules; empty cells keep the defaults."""

from dataclasses import fields
from functools import partial

from billing.payer import FIELDS, Payer, parse_payer
from services.context import Context
from services.imports.outcome import ImportOutcome, Preview, Progress
from services.imports.sheet import Cells, read_sheet
from services.imports.storing import by_line, carry_out

COLUMNS = tuple(FIELDS)
NEEDED = ("name",)

_PREVIEWED = 10
_USUAL = Payer(name="")


def load(context: Context, data: bytes, *, dry_run: bool, progress: Progress) -> ImportOutcome:
    """Keep the payers of a file, each in place of the one of that name."""
    sheet = read_sheet(data, COLUMNS, NEEDED)
    problems = list(sheet.problems)
    seen: dict[str, int] = {}
    payers: list[Payer] = []
    for cells in sheet.cells(problems):
        payer = _payer(cells)
        if payer is None:
            continue
        key = payer.name.casefold()
        if key in seen:
            cells.refuse("name", f"{payer.name} is already on line {seen[key]}. Remove one of the rows.")
            continue
        seen[key] = cells.line
        payers.append(payer)
    stored = {payer.name.casefold(): payer for payer in context.uow.payers.all()}
    before = [stored.get(payer.name.casefold()) for payer in payers]
    changed = sum(old is not None and old != new for old, new in zip(before, payers, strict=True))
    outcome = ImportOutcome(
        rows=len(sheet.rows),
        added=before.count(None),
        changed=changed,
        unchanged=len(payers) - before.count(None) - changed,
        problems=tuple(sorted(problems, key=by_line)),
        remarks=_unverified(payers),
        preview=Preview(
            columns=("Payer", "Own rules", "Verified on"),
            rows=tuple(
                (payer.name, _own_rules(payer), f"{payer.verified_on or 'unverified'}")
                for payer in payers[:_PREVIEWED]
            ),
        ),
    )
    if dry_run:
        return outcome
    return carry_out(
        context, "payers", outcome, [partial(context.uow.payers.put, payer) for payer in payers], progress
    )


def _payer(cells: Cells) -> Payer | None:
    read = parse_payer(cells.filled())
    if isinstance(read, Payer):
        return read
    for problem in read:
        cells.refuse(problem.field, problem.message)
    return None


def _unverified(payers: list[Payer]) -> tuple[str, ...]:
    names = ", ".join(payer.name for payer in payers if payer.verified_on is None)
    return (
        (f"Unverified, so every line of theirs warns until verified_on is given: {names}.",) if names else ()
    )


def _own_rules(payer: Payer) -> str:
    """The names of the fields in which a payer differs from what is usual."""
    told = {"name", "source", "verified_on"}
    return ", ".join(
        field.name
        for field in fields(Payer)
        if field.name not in told and getattr(payer, field.name) != getattr(_USUAL, field.name)
    )
