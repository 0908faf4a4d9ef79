"""`payers`: imports payers' own rules by date; an empty cell keeps what is built in, or the practice's."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial

from billing.payer import DatedRule, Payer
from billing.payer_fields import FIELDS
from billing.payer_names import PayerNames, payer_key
from services.context import Context
from services.imports.cells import Cells
from services.imports.outcome import ImportOutcome, Preview
from services.imports.payer_remarks import remarks_on
from services.imports.request import ImportRequest
from services.imports.sheet import read_sheet
from services.imports.storing import PlannedImport, by_line
from services.imports.values import codes
from services.months.rule_book import RuleBook, payers_of

COLUMNS = ("name", "aliases", "from", "to", *FIELDS, "source", "verified_on")
NEEDED = ("name",)

_PREVIEWED = 10
_BETWEEN = re.compile(r"[;,|]")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A row as it was read: what one payer says from a day on."""

    cells: Cells = field(repr=False)
    #: As written, and the payer's usual name.
    written: str
    name: str
    aliases: tuple[str, ...]
    rule: DatedRule
    #: By field name.
    values: dict[str, object]

    @property
    def line(self) -> int:
        """Where it stands in the file."""
        return self.cells.line

    def rules(self, later: Sequence["_Row"]) -> Iterable[DatedRule]:
        """Its rules; one without a last day lasts until a later row says the same field otherwise."""
        for name, value in self.values.items() or (("", None),):
            last_day = self.rule.last_day
            successor = next((row for row in later if name in row.values), None)
            if last_day is None and successor is not None:
                last_day = successor.rule.first_day - _DAY
            yield DatedRule(
                field=name,
                value=value,
                first_day=self.rule.first_day,
                last_day=last_day,
                source=self.rule.source,
                verified_on=self.rule.verified_on,
                is_own=True,
            )


def load(context: Context, request: ImportRequest) -> PlannedImport:
    """Keep the payers of a file, each in place of what was imported of it before.

    Several rows of one payer are its rules by date: each holds from its `from` on, field by field.
    """
    sheet = read_sheet(request, COLUMNS, NEEDED)
    problems = list(sheet.problems)
    usual = payers_of(()).names
    read = [row for cells in sheet.cells(problems) if (row := _row(cells, usual.name_of, context.today))]
    by_payer = _by_payer(read)
    _refuse_taken_aliases(read, usual)
    payers = [] if problems else [_payer(rows) for rows in by_payer]
    stored = context.uow.payers.all()
    before = [[old for old in stored if _same(old, payer, usual.name_of)] for payer in payers]
    changed = sum(bool(old) and old != [new] for old, new in zip(before, payers, strict=True))
    added = sum(not old for old in before)
    outcome = ImportOutcome(
        rows=len(sheet.rows),
        readings=sheet.reading.said,
        added=added,
        changed=changed,
        unchanged=len(payers) - added - changed,
        problems=tuple(sorted(problems, key=by_line)),
        remarks=(*sheet.remarks, *remarks_on(RuleBook(context), payers, before)),
        preview=Preview(
            columns=("Payer", "From", "To", "Own rules", "Verified on"),
            rows=tuple(map(_shown, read[:_PREVIEWED])),
        ),
    )
    steps = [
        partial(store_payer, before=old, payer=payer)
        for old, payer in zip(before, payers, strict=True)
        if old != [payer]
    ]
    return PlannedImport(kind="payers", outcome=outcome, steps=steps)


def _by_payer(read: Sequence[_Row]) -> list[list[_Row]]:
    """The rows of each payer, the first day first; those that overlap are refused."""
    found: dict[str, list[_Row]] = {}
    for row in read:
        found.setdefault(payer_key(row.name), []).append(row)
    for rows in found.values():
        rows.sort(key=lambda row: (row.rule.first_day, row.line))
        _refuse_overlaps(rows)
    return list(found.values())


def store_payer(context: Context, *, before: Sequence[Payer], payer: Payer) -> None:
    """Keep a payer in the place of what was on file of it."""
    for old in before:
        context.uow.payers.drop(old.name)
    context.uow.payers.put(payer)


def _same(one: Payer, other: Payer, name_of: Callable[[str], str]) -> bool:
    return payer_key(name_of(one.name)) == payer_key(other.name)


def _row(cells: Cells, name_of: Callable[[str], str], today: date) -> _Row | None:
    """A row; None where it names no payer. What else cannot be read of it is refused, and so is the file."""
    written = cells.need("name", codes.payer)
    first_day, last_day = cells.day("from"), cells.day("to")
    if first_day is not None and last_day is not None and last_day < first_day:
        cells.refuse("to", f"{last_day} is before the first day {first_day}.")
    values = {name: cells.read(name, one.read) for name, one in FIELDS.items() if cells.text(name)}
    verified_on = cells.day("verified_on")
    if verified_on is not None and verified_on > today:
        cells.refuse(
            "verified_on", f"{verified_on} has not come yet. Write the day on which the source was read."
        )
    if written is None:
        return None
    aliases = tuple(
        name for part in _BETWEEN.split(cells.text("aliases")) if (name := " ".join(part.split()))
    )
    return _Row(
        cells=cells,
        written=" ".join(written.split()),
        name=name_of(written),
        aliases=aliases,
        rule=DatedRule(
            field="",
            value=None,
            first_day=first_day or date.min,
            last_day=last_day,
            source=cells.text("source"),
            verified_on=verified_on,
        ),
        values=values,
    )


def _refuse_overlaps(rows: Sequence[_Row]) -> None:
    """Refuse rows of one payer that hold on the same days, as far as it is not plain which comes first."""
    for place, row in enumerate(rows[1:], start=1):
        for earlier in rows[:place]:
            said = _overlap(earlier, row)
            if said:
                row.cells.refuse("from", said)
                break


def _overlap(earlier: _Row, row: _Row) -> str:
    who = row.name if payer_key(row.written) == payer_key(row.name) else f"{row.written} is {row.name}, which"
    if row.rule.first_day == earlier.rule.first_day:
        return f"{who} is already on line {earlier.line}, from the same day. Remove a row, or give it another from."
    if earlier.rule.last_day is not None and row.rule.first_day <= earlier.rule.last_day:
        return (
            f"{who} is on line {earlier.line} up to {earlier.rule.last_day}. Begin this row the day after, or end that "
            "one before."
        )
    if (
        earlier.rule.last_day is None
        and row.rule.last_day is not None
        and row.values.keys() & earlier.values.keys()
    ):
        return (
            f"{who} is on line {earlier.line} without a last day, and this row ends within it. Give that row a to, and "
            "write a third one for what holds afterwards."
        )
    return ""


def _refuse_taken_aliases(rows: Sequence[_Row], usual: PayerNames) -> None:
    """Refuse another name that is a payer already, built in or in the file."""
    taken = {payer_key(row.written): row.name for row in rows}
    for row in rows:
        for alias in row.aliases:
            key = payer_key(alias)
            other = taken.setdefault(key, usual.known.get(key, row.name))
            if payer_key(other) != payer_key(row.name):
                whose = "a payer of its own" if payer_key(other) == key else f"another name of {other}"
                row.cells.refuse("aliases", f"{alias} is {whose} already. Leave it out here.")


def _payer(rows: Sequence[_Row]) -> Payer:
    """The payer of some rows, the first day first."""
    name = rows[0].name
    named = (*(alias for row in rows for alias in row.aliases), *(row.written for row in rows))
    aliases = {payer_key(one): one for one in named if payer_key(one) != payer_key(name)}
    return Payer(
        name=name,
        aliases=tuple(aliases.values()),
        rules=tuple(rule for place, row in enumerate(rows) for rule in row.rules(rows[place + 1 :])),
    )


def _shown(row: _Row) -> tuple[str, ...]:
    first_day = row.rule.first_day
    return (
        row.name,
        "" if first_day == date.min else f"{first_day}",
        f"{row.rule.last_day or ''}",
        ", ".join(row.values),
        f"{row.rule.verified_on or 'unverified'}",
    )
