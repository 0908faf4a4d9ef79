"""Makes sure that what is taken back leaves each patient one enrollment at a time."""

from typing import Final

from services.care.episodes import overlap, spoken_day
from services.context import Context
from services.errors import CannotTakeBack
from services.people.patients import shown_mrn
from storage import Change, FactVersion

_KIND: Final = "episode"
_DAYS: Final = ("enrolled_on", "initial_assessment_on", "discharged_on")


def keep_one_at_a_time(context: Context) -> None:
    """Check the enrollments whose days the act in progress has changed.

    Raises:
        CannotTakeBack: when a patient would be enrolled twice on one day.
    """
    for change in context.uow.acts.changes:
        if change.kind == _KIND:
            _keep_one(context, change)


def _keep_one(context: Context, change: Change) -> None:
    versions = context.uow.facts.versions(_KIND, change.fact_id)
    now = versions[change.after - 1]
    if now.patient_id is None or (change.before and _days(versions[change.before - 1]) == _days(now)):
        return
    episodes = {one.episode_id: one for one in context.uow.episodes.of_patient(now.patient_id)}
    mine = episodes.pop(change.fact_id, None)
    other = next((one for one in episodes.values() if mine is not None and overlap(mine, one)), None)
    if other is None:
        return
    patient = context.uow.patients.many({now.patient_id})[now.patient_id]
    mrn = shown_mrn(patient.mrn)
    raise CannotTakeBack(
        f"{mrn} has another enrollment, since {spoken_day(other.starts_on)}, and one patient has one enrollment at a "
        f"time. Nothing was changed. Take that one back first; `/cocm history {mrn}` shows it."
    )


def _days(version: FactVersion) -> tuple[object, ...]:
    return version.void, *(version.values[name] for name in _DAYS)
