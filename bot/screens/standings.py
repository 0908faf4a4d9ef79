"""Where a patient's month stands, and what is missing before it can be billed."""

from collections.abc import Sequence
from datetime import date

from billing.durations import spoken
from bot import kit
from bot.screens.phrases import codes_of, month_name, progress
from services.months.standing import Standing
from services.people.patients import shown_mrn

#: Findings a care manager can mend, in the few words of a receipt; billing's own are in the report.
_SHORT = {
    "consent_missing": "consent missing",
    "assessment_missing": "initial assessment missing",
    "review_missing": "case review missing",
    "before_assessment": "the initial assessment came in a later month",
    "after_discharge": "the patient was discharged before this month",
    "psychotherapy_same_manager": "psychotherapy by the same care manager this month",
}
#: Said before the threshold is reached too: each day without them may cost minutes that cannot be had back.
_EARLY = frozenset({"consent_missing", "assessment_missing", "before_assessment", "after_discharge"})
#: True of the time itself, whatever the sum.
_ABOUT_TIME = frozenset({"held_activity", "time_without_consent", "overlapping_time"})
NOT_ENROLLED = (
    "Not enrolled yet: the minutes are kept, and nothing can be billed until the patient is enrolled."
)


def standing_lines(all_of_them: Sequence[Standing], today: date) -> str:
    """A line for each patient and month, naming the patient where there is more than one."""
    return "\n".join(f"{_whose(one, all_of_them)}{standing_line(one, today)}" for one in all_of_them)


def standing_line(standing: Standing, today: date) -> str:
    """`November: 52 of 60 min, 8 more reach 99493`."""
    said = progress(standing.result.threshold)
    return f"{month_name(standing.month, today)}: {said}{_not_counted(standing)}"


def missing(standing: Standing) -> tuple[str, ...]:
    """What stands between this month and a bill, as far as the person can mend it; one short line each."""
    result = standing.result
    codes = {finding.code for finding in result.findings}
    lines = [NOT_ENROLLED] if "not_enrolled" in codes else []
    wanted = wanting(standing)
    if wanted:
        reached = (
            f"{codes_of(result.threshold.reached)} reached by minutes; not"
            if result.threshold.reached
            else "Not"
        )
        lines.append(f"{reached} billable yet: {', '.join(wanted)}.")
    lines += [finding.message for finding in result.findings if finding.code in _ABOUT_TIME]
    return tuple(kit.escape(line) for line in lines)


def wanting(standing: Standing) -> tuple[str, ...]:
    """What a care manager can mend of a month, in the fewest words: `consent missing`."""
    result = standing.result
    codes = {finding.code for finding in result.findings}
    return tuple(
        words
        for code, words in _SHORT.items()
        if code in codes and (result.threshold.reached or code in _EARLY)
    )


def all_missing(all_of_them: Sequence[Standing]) -> list[str]:
    """What is missing for each patient, naming the patient where there is more than one."""
    return [f"{_whose(one, all_of_them)}{line}" for one in all_of_them for line in missing(one)]


def _whose(one: Standing, all_of_them: Sequence[Standing]) -> str:
    several = len({standing.patient.patient_id for standing in all_of_them}) > 1
    return f"{kit.escape(shown_mrn(one.patient.mrn))} · " if several else ""


def _not_counted(standing: Standing) -> str:
    seconds = standing.result.excluded_seconds
    return f" ({spoken(seconds)} not counted)" if seconds else ""
