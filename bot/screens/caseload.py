"""A person's patients of the month, and those near the next code."""

from collections.abc import Sequence
from datetime import date

from billing.durations import minutes_up, spoken
from billing.evaluate import LineStatus
from bot import kit
from bot.replies import Block, Reply
from bot.screens.finding_lines import titles
from bot.screens.lines import LIST_TEXT, fitting, sections
from bot.screens.phrases import NOBODY_NEAR, count, day_name, full_month, more
from bot.screens.standings import all_to_dos, progress
from services.months.caseload import Caseload, CaseloadLine
from services.people.patients import shown_mrn

CASELOAD_PUSH = "Your patients this month."
NEAR_PUSH = "Your patients near the next code."
CASELOAD_FOOT = "Sums are of this calendar month. `/cocm why MRN123` explains one of them."
HELD_UP = "*A code is reached, and something blocks billing*"
NEAR_FOOT = "Reach out only if clinically appropriate: a month below the threshold is a valid month."
NO_PATIENTS = (
    "*No patients yet.* Patients assigned to you, and those you log time for this month, are listed here."
)
#: Characters of who is near, of whose code is reached and blocked, and of what to do.
_NEAR_TEXT, _HELD_UP_TEXT, _TO_DOS_TEXT = 5_500, 3_500, 2_000


def caseload(load: Caseload) -> Reply:
    """All of them, as far as a message holds them."""
    if not load.lines:
        blocks = [kit.section(NO_PATIENTS)]
    else:
        lines = [_caseload_line(line, load.today) for line in load.lines]
        blocks = [kit.section(_caseload_heading(load)), *_listed(lines), *_to_dos(load.lines)]
        blocks.append(kit.context(CASELOAD_FOOT))
    return Reply(text=CASELOAD_PUSH, blocks=tuple(blocks))


def near(load: Caseload) -> Reply:
    """Those within reach, nearest first, and those whose code is reached and blocked."""
    lines = [_caseload_line(line, load.today) for line in load.near]
    blocks = [kit.section(_near_heading(load) if lines else NOBODY_NEAR), *_listed(lines, _NEAR_TEXT)]
    held_up = [_caseload_line(line, load.today) for line in load.held_up]
    if held_up:
        blocks += [kit.section(HELD_UP), *_listed(held_up, _HELD_UP_TEXT)]
    blocks += _to_dos((*load.near, *load.held_up))
    blocks.append(kit.context(NEAR_FOOT))
    return Reply(text=NEAR_PUSH, blocks=tuple(blocks))


def _to_dos(lines: Sequence[CaseloadLine]) -> list[Block]:
    """What to do about whatever the lines say is missing."""
    found = all_to_dos(line.standing for line in lines)
    return [kit.context("\n".join(fitting(found, _TO_DOS_TEXT)))] if found else []


def _listed(lines: list[str], most: int = LIST_TEXT) -> list[Block]:
    shown = fitting(lines, most)
    blocks = sections(shown)
    if len(shown) < len(lines):
        blocks.append(kit.context(more(len(lines) - len(shown), "patient")))
    return blocks


def _caseload_heading(load: Caseload) -> str:
    """How many there are, and how they stand."""
    reached = load.count(LineStatus.BILLABLE) + load.count(LineStatus.BLOCKED)
    parts = [
        f"{reached} reached a code",
        f"{len(load.near)} within {minutes_up(load.near_seconds)} min of the next",
        f"{load.untouched} without time this month",
    ]
    blocked = load.count(LineStatus.BLOCKED)
    if blocked:
        parts.insert(1, f"{blocked} of them not billable yet")
    parts.append(_days_left(load))
    return f"*{count(len(load.lines), 'patient')} in {full_month(load.month)}*\n{' · '.join(parts)}"


def _days_left(load: Caseload) -> str:
    """`7 working days left, today included`."""
    return f"{count(load.working_days_left, 'working day')} left"


def _caseload_line(line: CaseloadLine, today: date) -> str:
    """`MRN123 · 52 of 60 min · 8 to 99493 · last Tue Nov 17 · consent missing`."""
    one = line.standing
    parts = [
        f"*{kit.escape(shown_mrn(one.patient.mrn))}*",
        progress(one.result.threshold, one.result.payer),
        *_flags(line, today),
    ]
    return " · ".join(parts)


def _near_heading(load: Caseload) -> str:
    """How many are near, and how long there is."""
    within = f"{minutes_up(load.near_seconds)} min of the next code"
    number = count(len(load.near), "patient")
    return f"*{number} within {within}* · {_days_left(load)} in {full_month(load.month)}"


def _flags(line: CaseloadLine, today: date) -> list[str]:
    """When the patient was last worked for, and what a care manager can do about the month."""
    result = line.standing.result
    flags = [f"last {day_name(line.last_entry_on, today)}" if line.last_entry_on else "nothing this month"]
    if result.excluded_seconds:
        flags.append(f"{spoken(result.excluded_seconds)} not counted")
    return [*flags, *titles(line.standing.told)]
