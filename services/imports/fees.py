"""`fees`: imports the practice's own rates, or those it agreed with a payer, in place of Medicare's."""

from functools import partial

from billing.money import FeeSchedule, Rate, RateProblem, parse_rates
from services.context import Context
from services.imports.outcome import ImportOutcome, Preview, Progress
from services.imports.sheet import Cells, read_sheet
from services.imports.storing import by_line, carry_out
from services.months.prices import PRACTICE_SCHEDULE

COLUMNS = ("schedule", "code", "from", "to", "usd", "place", "qualifying_apm", "basis", "confidence")
NEEDED = ("code", "from", "usd")

_PREVIEWED = 10


def load(context: Context, data: bytes, *, dry_run: bool, progress: Progress) -> ImportOutcome:
    """Keep the fee schedules of a file, each in place of the one of that name.

    Rows without a `schedule` are the practice's own, which holds for every payer that names no other; rows without
    a `place` hold in facilities and elsewhere, and those without `qualifying_apm` for either conversion factor.
    """
    sheet = read_sheet(data, COLUMNS, NEEDED)
    problems = list(sheet.problems)
    found: dict[str, list[Rate]] = {}
    for cells in sheet.cells(problems):
        rate = _rate(cells)
        if rate is not None:
            found.setdefault(cells.text("schedule") or PRACTICE_SCHEDULE, []).append(rate)
    schedules = [FeeSchedule(name=name, rates=tuple(rates), source="import") for name, rates in found.items()]
    known = {schedule.name.casefold() for schedule in context.uow.fee_schedules.all()}
    added = sum(schedule.name.casefold() not in known for schedule in schedules)
    outcome = ImportOutcome(
        rows=len(sheet.rows),
        added=added,
        changed=len(schedules) - added,
        problems=tuple(sorted(problems, key=by_line)),
        preview=Preview(
            columns=("Schedule", "Code", "From", "To", "USD", "Place", "Conversion factor"),
            rows=tuple(
                (schedule.name, *_shown(rate))
                for schedule in schedules
                for rate in schedule.rates[:_PREVIEWED]
            )[:_PREVIEWED],
        ),
    )
    if dry_run:
        return outcome
    steps = [partial(context.uow.fee_schedules.put, schedule) for schedule in schedules]
    return carry_out(context, "fees", outcome, steps, progress)


def _shown(rate: Rate) -> tuple[str, ...]:
    last = f"{rate.last_day}" if rate.last_day is not None else ""
    return rate.code, f"{rate.first_day}", last, f"{rate.amount}", rate.site or "", rate.conversion or ""


def _rate(cells: Cells) -> Rate | None:
    (read,) = parse_rates([cells.filled()])
    if isinstance(read, RateProblem):
        cells.refuse(read.field, read.message)
        return None
    return read
