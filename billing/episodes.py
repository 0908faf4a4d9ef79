"""An episode of care, from enrollment to discharge, with its consents."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from billing.months import BillingMonth


class Program(StrEnum):
    """Which family of codes a patient's month may bill."""

    COCM = "CoCM"
    BHI = "BHI"


class ConsentKind(StrEnum):
    """How consent was given."""

    VERBAL = "verbal"
    WRITTEN = "written"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A documented consent to Collaborative Care."""

    given_on: date
    kind: ConsentKind | None = None
    #: Member who recorded it; None when it came with an import.
    recorded_by: int | None = None
    #: True once cost-sharing was disclosed; None when not said.
    cost_sharing_disclosed: bool | None = None
    revoked_on: date | None = None
    #: Local date on which it was written down; None for one kept before that was asked.
    recorded_on: date | None = None

    def covers(self, day: date) -> bool:
        """True from the day it was given to the day it was revoked, both included."""
        return self.given_on <= day and (self.revoked_on is None or day <= self.revoked_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """One stretch of enrollment (FHIR EpisodeOfCare)."""

    episode_id: int
    patient_id: int
    program: Program = Program.COCM
    enrolled_on: date | None = None
    #: Local date of the initial assessment; its month is the one that bills 99492.
    initial_assessment_on: date | None = None
    consent: Consent | None = None
    discharged_on: date | None = None
    discharge_reason: str = ""
    payer: str = ""
    #: Member who looks after the patient.
    care_manager: int | None = None
    referred_on: date | None = None
    #: The treating practitioner's visit that opened care, and whether one was needed (None: not said).
    initiating_visit_on: date | None = None
    initiating_visit_needed: bool | None = None
    diagnosis_codes: tuple[str, ...] = ()
    billing_npi: str = ""
    place_of_service: str = ""
    #: True when somebody outside the team gives psychotherapy for the same condition.
    outside_therapist: bool = False
    #: True when the patient is enrolled in Advanced Primary Care Management.
    apcm: bool = False
    #: True when the record holds substance use treatment under 42 CFR Part 2.
    part2_record: bool = False
    #: Consents given and revoked earlier in the same episode.
    earlier_consents: tuple[Consent, ...] = ()
    #: Local date on which the initial assessment was written down; None for one kept before that was asked.
    assessment_recorded_on: date | None = None

    @property
    def starts_on(self) -> date:
        """The day care began: the earliest of referral, enrollment and initial assessment.

        A consent alone stands in for them; without any date the episode has always been open.
        """
        first = self.enrolled_on
        for day in (self.initial_assessment_on, self.referred_on):
            if day is not None and (first is None or day < first):
                first = day
        if first is not None:
            return first
        return self.consent.given_on if self.consent else date.min

    @property
    def consents(self) -> tuple[Consent, ...]:
        """Every consent on file, the present one first."""
        return (self.consent, *self.earlier_consents) if self.consent else self.earlier_consents


def in_order(episodes: Iterable[Episode]) -> list[Episode]:
    """Episodes by the day on which they began, the oldest first."""
    return sorted(episodes, key=_start)


def _start(episode: Episode) -> tuple[date, int]:
    return episode.starts_on, episode.episode_id


def holding_on(day: date, episodes: Sequence[Episode]) -> Sequence[Episode]:
    """The episodes to which a local date belongs: the newest begun by then, or the first where none had begun.

    On the day on which an episode begins, one that ends on that day, or later, holds too: care may have been given
    under either.

    Args:
        day: Any day.
        episodes: The oldest first.
    """
    newest = next((place for place in range(len(episodes) - 1, 0, -1) if episodes[place].starts_on <= day), 0)
    if newest and episodes[newest].starts_on == day:
        ended = episodes[newest - 1].discharged_on
        if ended is not None and day <= ended:
            return episodes[newest - 1 : newest + 1]
    return episodes[newest : newest + 1]


def leading_up_to(episode: Episode, episodes: Sequence[Episode], gap_months: int) -> tuple[Episode, ...]:
    """The episodes that lead up to one without a gap in care, the oldest first and that one last.

    A patient who goes from Collaborative Care to General BHI is not assessed all over again (R-327).

    Args:
        episode: The last of them.
        episodes: All of the patient's, in any order.
        gap_months: Whole months without care after which care has begun again, as for R-253.
    """
    earlier = [
        one for one in episodes if one.episode_id != episode.episode_id and one.starts_on <= episode.starts_on
    ]
    found = [episode]
    for one in sorted(earlier, key=lambda one: (one.starts_on, one.episode_id), reverse=True):
        ended = one.discharged_on
        begun = BillingMonth.of(found[0].starts_on)
        if ended is not None and begun.months_since(BillingMonth.of(ended)) > gap_months:
            break
        found.insert(0, one)
    return tuple(found)
