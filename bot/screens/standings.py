"""Lines that say where a patient's month stands, and what is missing before it can be billed."""

from collections.abc import Iterable, Sequence
from datetime import date

from billing.charges import codes_of
from billing.durations import spoken
from billing.findings.finding import Severity
from billing.findings.registry import message_of, row_of
from bot import kit
from bot.screens.finding_lines import titles, to_dos
from bot.screens.phrases import month_name, progress
from services.months.standing import Standing
from services.people.patients import shown_mrn


def standing_lines(all_of_them: Sequence[Standing], today: date) -> str:
    """A line for each patient and month, naming the patient where there is more than one."""
    return "\n".join(f"{_whose(one, all_of_them)}{standing_line(one, today)}" for one in all_of_them)


def standing_line(standing: Standing, today: date) -> str:
    """`November: 52 of 60 min, 8 more reach 99493`."""
    said = progress(standing.result.threshold, standing.result.payer)
    return f"{month_name(standing.month, today)}: {said}{_not_counted(standing)}"


def missing(standing: Standing) -> tuple[str, ...]:
    """What stands between this month and a bill, while it can still be fixed; one short line each."""
    reached = codes_of(standing.result.threshold.reached)
    blockers = titles(one for one in standing.told if one.severity is Severity.BLOCKER)
    lead = f"{reached} reached by minutes; not" if reached else "Not"
    lines = [f"{lead} billable yet: {', '.join(blockers)}."] if blockers else []
    lines += [message_of(one) for one in standing.told if one.severity is not Severity.BLOCKER]
    return tuple(kit.escape(line) for line in lines)


def all_missing(all_of_them: Sequence[Standing]) -> list[str]:
    """What is missing for each patient, naming the patient where there is more than one."""
    return [f"{_whose(one, all_of_them)}{line}" for one in all_of_them for line in missing(one)]


def all_to_dos(all_of_them: Iterable[Standing]) -> tuple[str, ...]:
    """What to type, or who to ask, about whatever is missing of several patients and months."""
    return to_dos((row_of(finding), one.patient, one.month) for one in all_of_them for finding in one.told)


def _whose(one: Standing, all_of_them: Sequence[Standing]) -> str:
    several = len({standing.patient.patient_id for standing in all_of_them}) > 1
    return f"{kit.escape(shown_mrn(one.patient.mrn))} · " if several else ""


def _not_counted(standing: Standing) -> str:
    seconds = standing.result.excluded_seconds
    return f" ({spoken(seconds)} not counted)" if seconds else ""
