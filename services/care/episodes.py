"""Finds the episode of a patient that a request is about."""

from collections.abc import Sequence
from datetime import date

from billing.episodes import Episode
from billing.people import Patient
from services.context import Context
from services.errors import Refusal
from services.people.patients import shown_mrn


class NotEnrolled(Refusal):
    """The patient is not enrolled. Enroll them first."""

    code = "not_enrolled"


class DatesOutOfOrder(Refusal):
    """One of the dates lies before another that it follows."""

    code = "dates_out_of_order"


def latest(episodes: Sequence[Episode]) -> Episode | None:
    """The episode begun last; None for a patient who was never enrolled."""
    return max(episodes, key=lambda episode: (episode.starts_on, episode.episode_id), default=None)


def open_episode(context: Context, patient: Patient) -> Episode | None:
    """The patient's open episode; None when there is none, or the last one has ended."""
    last = latest(context.uow.episodes.of_patient(patient.patient_id))
    return last if last is not None and last.discharged_on is None else None


def need_open(context: Context, patient: Patient) -> Episode:
    """The patient's open episode.

    Raises:
        NotEnrolled: when there is none, with the line that begins one.
    """
    last = latest(context.uow.episodes.of_patient(patient.patient_id))
    mrn = shown_mrn(patient.mrn)
    if last is None:
        raise NotEnrolled(f"{mrn} is not enrolled. Nothing was changed. Begin with: /cocm enroll {mrn}")
    if last.discharged_on is not None:
        raise NotEnrolled(
            f"{mrn} was discharged on {spoken_day(last.discharged_on)}. Nothing was changed. "
            f"If care continues, begin a new episode: /cocm enroll {mrn}"
        )
    return last


def on_day(episodes: Sequence[Episode], day: date) -> Episode | None:
    """The episode that a date lies in."""
    begun = [episode for episode in episodes if episode.starts_on <= day]
    last = latest(begun)
    return last if last and (last.discharged_on is None or day <= last.discharged_on) else None


def overlap(one: Episode, other: Episode) -> bool:
    """Whether two enrollments share a day; one may end on the day on which the other begins."""
    return one.starts_on < (other.discharged_on or date.max) and other.starts_on < (
        one.discharged_on or date.max
    )


def spoken_day(day: date) -> str:
    """`Nov 3, 2026`."""
    return f"{day:%b} {day.day}, {day.year}"
