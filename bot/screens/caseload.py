"""A person's patients of the month, and those near the next code."""

from collections.abc import Sequence
from datetime import date

from billing.durations import minutes_up, spoken
from billing.evaluate import LineStatus
from bot import kit
from bot.replies import Block, Reply
from bot.screens.fact_buttons import FactForm, open_form_button
from bot.screens.finding_lines import titles
from bot.screens.lines import fitting
from bot.screens.pages import Page
from bot.screens.phrases import NOBODY_NEAR, count, day_name, full_month
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
#: Characters of one row, and of what to do.
_ROW_TEXT, _TO_DOS_TEXT = 500, 2_000


def caseload(load: Caseload, page: int = 0) -> Reply:
    """All of them, a screen at a time."""
    if not load.lines:
        return Reply(text=CASELOAD_PUSH, blocks=(kit.section(NO_PATIENTS),))
    shown = Page.of_list(load.lines, page)
    rows = [_row(line, load.today, place) for place, line in enumerate(shown.here)]
    blocks = [kit.section(_caseload_heading(load)), *rows, *_to_dos(shown.here)]
    blocks += [*shown.turners("caseload", "patient"), kit.context(CASELOAD_FOOT)]
    return Reply(text=CASELOAD_PUSH, blocks=tuple(blocks))


def near(load: Caseload, page: int = 0) -> Reply:
    """Those within reach, nearest first, then those whose code is reached and blocked, a screen at a time."""
    shown = Page.of_list((*load.near, *load.held_up), page)
    blocks = [kit.section(_near_heading(load) if load.near else NOBODY_NEAR)]
    reached = len(load.near) - shown.first
    for place, line in enumerate(shown.here):
        if place == max(reached, 0):
            blocks.append(kit.section(HELD_UP))
        blocks.append(_row(line, load.today, place))
    blocks += [*_to_dos(shown.here), *shown.turners("near", "patient"), kit.context(NEAR_FOOT)]
    return Reply(text=NEAR_PUSH, blocks=tuple(blocks))


def _row(line: CaseloadLine, today: date, place: int) -> Block:
    patient = line.standing.patient
    button = open_form_button(FactForm.LOG, patient.handle, place=place)
    button = kit.acting_on(button, shown_mrn(patient.mrn))
    return kit.section(kit.clip(_caseload_line(line, today), _ROW_TEXT), accessory=button)


def _to_dos(lines: Sequence[CaseloadLine]) -> list[Block]:
    """What to do about whatever the lines say is missing."""
    found = all_to_dos(line.standing for line in lines)
    return [kit.context("\n".join(fitting(found, _TO_DOS_TEXT)))] if found else []


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
