"""Positive answers about suicide: what they are, and on which instrument. Pure."""

from dataclasses import dataclass
from datetime import date, datetime

from billing.clinical import Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetySignal:
    """A positive item 9 of a PHQ, or a positive C-SSRS, of one patient."""

    #: Of the score that gave it.
    score_id: int
    patient_id: int
    scale: Scale
    #: The answer to the item (PHQ-9 item 9: 1-3), or the highest level affirmed (C-SSRS).
    level: int
    measured_on: date
    #: Aware, UTC.
    recorded_at: datetime
    #: Member who wrote it down.
    recorded_by: int | None = None
