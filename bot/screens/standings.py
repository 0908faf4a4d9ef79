"""Lines that say where a patient's month stands, and what is missing before it can be billed."""

from collections.abc import Iterable, Sequence
from datetime import date

from billing.charges import codes_of
from billing.durations import minutes_up, spoken, whole_minutes
from billing.findings.finding import Severity
from billing.findings.registry import message_of, row_of
from billing.thresholds import Threshold
from bot import kit
from bot.screens.finding_lines import titles, to_dos
from bot.screens.phrases import counts_early, month_name
from services.months.standing import Standing
from services.people.patients import shown_mrn

#: Patients named in one line; a receipt counts the others.
_NAMED = 5


def progress(threshold: Threshold, payer: str = "") -> str:
    """`51 of 60 min · 9 to 99493`; `75 of 76 min · 99493 reached · 1 to 99494`; `80 min · 99493 reached`.

    Args:
        threshold: Where the month stands.
        payer: By whose rules; empty where it is the practice's own.
    """
    counted, target = whole_minutes(threshold.counted_seconds), threshold.target_seconds
    said = [f"{counted} min" if target is None else f"{counted} of {whole_minutes(target)} min"]
    if threshold.reached:
        said.append(f"{codes_of(threshold.reached)} reached")
    if target is not None:
        again = any(charge.code == threshold.next_code for charge in threshold.reached)
        more = minutes_up(threshold.remaining_seconds)
        said.append(f"{more} to {'another ' if again else ''}{threshold.next_code}")
    early = counts_early(threshold, payer)
    return " · ".join(said) + (f" ({early})" if early else "")


def standing_lines(all_of_them: Sequence[Standing], today: date) -> str:
    """A line for each patient and month, naming the patient where there is more than one."""
    return "\n".join(f"{_whose(one, all_of_them)}{standing_line(one, today)}" for one in all_of_them)


def standing_line(standing: Standing, today: date) -> str:
    """`November: 52 of 60 min · 8 to 99493`."""
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
    """What is missing, each thing once, naming the patients where there is more than one."""
    whose: dict[str, list[str]] = {}
    for one in all_of_them:
        for line in missing(one):
            whose.setdefault(line, []).append(kit.escape(shown_mrn(one.patient.mrn)))
    if len({one.patient.patient_id for one in all_of_them}) == 1:
        return list(whose)
    return [f"{named_together(list(dict.fromkeys(names)))} · {line}" for line, names in whose.items()]


def named_together(names: Sequence[str]) -> str:
    """`MRN123, MRN124 and MRN125`; of many the first ones, and how many more."""
    shown, left = names[:_NAMED], len(names) - _NAMED
    if left > 0:
        return f"{', '.join(shown)} and {left} more"
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))


def all_to_dos(all_of_them: Iterable[Standing]) -> tuple[str, ...]:
    """What to type, or who to ask, about whatever is missing of several patients and months."""
    return to_dos((row_of(finding), one.patient, one.month) for one in all_of_them for finding in one.told)


def _whose(one: Standing, all_of_them: Sequence[Standing]) -> str:
    several = len({standing.patient.patient_id for standing in all_of_them}) > 1
    return f"{kit.escape(shown_mrn(one.patient.mrn))} · " if several else ""


def _not_counted(standing: Standing) -> str:
    seconds = standing.result.excluded_seconds
    return f" ({spoken(seconds)} not counted)" if seconds else ""
