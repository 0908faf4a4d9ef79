"""A patient's time in the programme, from enrolment to discharge."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """One stretch of enrolment (FHIR EpisodeOfCare)."""

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
