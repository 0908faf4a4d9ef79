"""How much of a patient's identity the screens that Slack keeps may show."""

from dataclasses import dataclass

from billing.people import Patient
from services.people.patients import shown_mrn


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewSettings:
    """How much of a patient's identity the screens that Slack keeps may show."""

    #: MRNs in App Home and modals; handles `P-7F3K` otherwise.
    phi_in_views: bool = False


def named_in_views(patient: Patient, settings: ViewSettings) -> str:
    """How a screen that Slack keeps may name a patient."""
    return shown_mrn(patient.mrn) if settings.phi_in_views else patient.handle
