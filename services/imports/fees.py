"""`fees`: imports the practice's own rates, or those it agreed with a payer, in place of Medicare's."""

from collections.abc import Iterable, Sequence
from functools import partial

from billing.apcm import ADD_ON_CODES
from billing.money import FeeSchedule, Rate, RateProblem, parse_rates
from billing.payer_fields import KNOWN_CODES
from billing.payer_names import payer_key
from billing.rules import CLINIC_MONTH
from services.context import Context
from services.imports.cells import Cells
from services.imports.outcome import ImportOutcome, Preview
from services.imports.request import ImportRequest
from services.imports.sheet import read_sheet
from services.imports.storing import PlannedImport, by_line
from services.imports.wording import counted, listed, summed_up
from services.months.prices import PRACTICE_SCHEDULE

COLUMNS = ("schedule", "code", "from", "to", "usd", "place", "qualifying_apm", "basis", "confidence")
NEEDED = ("code", "from", "usd")

_PREVIEWED = 10
#: Codes of which an estimate may ask the rate.
_PRICED = KNOWN_CODES | {CLINIC_MONTH} | ADD_ON_CODES


def load(context: Context, request: ImportRequest) -> PlannedImport:
    """Keep the fee schedules of a file, each in place of the one of that name.

    Rows without a `schedule` are the practice's own, which holds for every payer that names no other; rows without
    a `place` hold in facilities and elsewhere, and those without `qualifying_apm` for either conversion factor.
    """
    sheet = read_sheet(request, COLUMNS, NEEDED)
    problems = list(sheet.problems)
    read = [(cells, rate) for cells in sheet.cells(problems) if (rate := _rate(cells)) is not None]
    found: dict[str, list[tuple[Cells, Rate]]] = {}
    for cells, rate in read:
        found.setdefault(payer_key(_schedule(cells)), []).append((cells, rate))
    for rows in found.values():
        _refuse_overlaps(rows)
    schedules = [
        FeeSchedule(name=_schedule(rows[0][0]), rates=tuple(rate for _, rate in rows), source="import")
        for rows in found.values()
    ]
    known = {schedule.name.casefold() for schedule in context.uow.fee_schedules.all()}
    added = sum(schedule.name.casefold() not in known for schedule in schedules)
    outcome = ImportOutcome(
        rows=len(sheet.rows),
        readings=sheet.reading.said,
        added=added,
        changed=len(schedules) - added,
        problems=tuple(sorted(problems, key=by_line)),
        remarks=(*sheet.remarks, *_unused(rate for _, rate in read)),
        news=_news(schedules, context.uow.fee_schedules.all()),
        preview=Preview(
            columns=("Schedule", "Code", "From", "To", "USD", "Place", "Conversion factor"),
            rows=tuple(
                (schedule.name, *_shown(rate))
                for schedule in schedules
                for rate in schedule.rates[:_PREVIEWED]
            )[:_PREVIEWED],
        ),
    )
    steps = [partial(_store, schedule=schedule) for schedule in schedules]
    return PlannedImport(kind="fees", outcome=outcome, steps=steps)


def _store(context: Context, *, schedule: FeeSchedule) -> None:
    context.uow.fee_schedules.put(schedule)


def _schedule(cells: Cells) -> str:
    return cells.text("schedule") or PRACTICE_SCHEDULE


def _refuse_overlaps(rows: Sequence[tuple[Cells, Rate]]) -> None:
    """Refuse a second rate of one code, place and conversion factor for the same day: which of them is meant?"""
    earlier: dict[tuple[object, ...], tuple[Cells, Rate]] = {}
    for cells, rate in sorted(rows, key=lambda row: (row[1].first_day, row[0].line)):
        key = (rate.code, rate.site, rate.conversion)
        if key in earlier:
            line, other = earlier[key][0].line, earlier[key][1]
            if rate.first_day == other.first_day:
                cells.refuse(
                    "from", f"{rate.code} is on line {line} already, from the same day. Keep one of the two."
                )
            elif other.last_day is not None and rate.first_day <= other.last_day:
                until = f"{rate.code} is on line {line} up to {other.last_day}."
                cells.refuse("from", f"{until} Begin this row the day after, or end that one before.")
        earlier[key] = cells, rate


def _unused(rates: Iterable[Rate]) -> tuple[str, ...]:
    """A sentence about rates that nothing here asks for."""
    codes = sorted({rate.code for rate in rates} - _PRICED)
    return (f"Nothing is billed here as {', '.join(codes)}, so these rates stay unused.",) if codes else ()


def _news(schedules: Sequence[FeeSchedule], on_file: Iterable[FeeSchedule]) -> tuple[str, ...]:
    """Which schedules are new, and which of the rates on file a file does not have: they go."""
    before = {schedule.name.casefold(): schedule for schedule in on_file}
    new, gone = [], []
    for schedule in schedules:
        old = before.get(schedule.name.casefold())
        if old is None:
            new.append(f"{schedule.name} ({counted(len(schedule.rates), 'rate')})")
            continue
        kept = {_identity(rate) for rate in schedule.rates}
        lost = [" ".join(filter(None, _identity(rate))) for rate in old.rates if _identity(rate) not in kept]
        if lost:
            gone.append(f"{schedule.name}: {listed(lost)}")
    losses = (
        f"A file replaces a whole schedule. On file and not in this file, so no longer in force: {one}."
        for one in gone
    )
    return (*summed_up("New fee schedules", new, ", "), *losses)


def _identity(rate: Rate) -> tuple[str, ...]:
    return rate.code, rate.site or "", rate.conversion or "", f"from {rate.first_day}"


def _shown(rate: Rate) -> tuple[str, ...]:
    last = f"{rate.last_day}" if rate.last_day is not None else ""
    return rate.code, f"{rate.first_day}", last, f"{rate.amount}", rate.site or "", rate.conversion or ""


def _rate(cells: Cells) -> Rate | None:
    days = {column: cells.day(column) for column in ("from", "to") if cells.text(column)}
    if None in days.values():
        return None
    (read,) = parse_rates([cells.filled() | {column: f"{day}" for column, day in days.items()}])
    if isinstance(read, RateProblem):
        cells.refuse(read.field, read.message)
        return None
    return read
