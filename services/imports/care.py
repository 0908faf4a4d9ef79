"""Reads one episode of care from a row of the roster."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from billing.claim_facts import ClaimFactKind
from billing.diagnoses import is_whole_code
from billing.episodes import Consent, ConsentKind, Episode, Program
from services.imports import readers
from services.imports.cells import Cells
from services.imports.values import codes

COLUMNS = (
    "program",
    "payer",
    "care_manager",
    "enrolled_on",
    "consent_on",
    "consent_kind",
    "initial_assessment_on",
    "discharged_on",
    "referred_on",
    "initiating_visit_on",
    "diagnosis_codes",
    "billing_npi",
    "place_of_service",
    "outside_therapist",
    "consent_cost_sharing",
    "consent_revoked_on",
    "initiating_visit_needed",
    "apcm",
    "part2_record",
    "consent_recorded_on",
    "assessment_recorded_on",
)

#: Columns of care in which `none` takes away what is on file.
CLEARABLE = frozenset(COLUMNS) - {"program", "enrolled_on", "consent_kind"}
_OF_CONSENT = {
    "consent_cost_sharing": "cost_sharing_disclosed",
    "consent_revoked_on": "revoked_on",
    "consent_recorded_on": "recorded_on",
}
_OF_EPISODE: Mapping[str, object] = {
    **dict.fromkeys(("initial_assessment_on", "discharged_on", "referred_on", "initiating_visit_on")),
    **dict.fromkeys(("initiating_visit_needed", "assessment_recorded_on")),
    "outside_therapist": False,
    "part2_record": False,
}
_CLAIM_COLUMNS = {
    "payer": ClaimFactKind.PAYER,
    "billing_npi": ClaimFactKind.BILLING_NPI,
    "diagnosis_codes": ClaimFactKind.DIAGNOSIS_CODES,
    "place_of_service": ClaimFactKind.PLACE_OF_SERVICE,
    "apcm": ClaimFactKind.APCM,
    "care_manager": ClaimFactKind.CARE_MANAGER,
}

_Answer = TypeVar("_Answer")

#: The order of days in a life: each column's day is not before the other's.
_IN_ORDER = (
    ("discharged_on", "enrolled_on"),
    ("discharged_on", "initial_assessment_on"),
    ("consent_revoked_on", "consent_on"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Care:
    """What a row says of an episode; None and empty is what it does not say."""

    program: Program | None
    payer: str
    #: Words that name the care manager.
    care_manager: str
    enrolled_on: date | None
    initial_assessment_on: date | None
    discharged_on: date | None
    referred_on: date | None
    initiating_visit_on: date | None
    consent_on: date | None
    consent_kind: ConsentKind | None
    consent_cost_sharing: bool | None
    consent_revoked_on: date | None
    diagnosis_codes: tuple[str, ...]
    billing_npi: str
    place_of_service: str
    outside_therapist: bool | None
    initiating_visit_needed: bool | None
    apcm: bool | None
    part2_record: bool | None
    consent_recorded_on: date | None
    assessment_recorded_on: date | None
    #: Columns in which nothing is to be on file any more.
    cleared: frozenset[str] = frozenset()
    #: False where a row only takes away what is on file.
    says_more: bool = True


def read_care(cells: Cells, cleared: frozenset[str] = frozenset()) -> Care | None:
    """The care of a row; None when the row says nothing of any.

    Args:
        cells: The row, in which the cells that say `none` read as empty.
        cleared: The columns of those cells.
    """
    says_more = any(cells.text(column) for column in COLUMNS)
    cleared &= CLEARABLE
    if not says_more and not cleared:
        return None
    care = Care(
        program=cells.read("program", readers.one_of(Program)),
        payer=cells.read("payer", codes.payer) or "",
        care_manager=cells.text("care_manager"),
        enrolled_on=cells.past_day("enrolled_on"),
        initial_assessment_on=cells.past_day("initial_assessment_on"),
        discharged_on=cells.past_day("discharged_on"),
        referred_on=cells.past_day("referred_on"),
        initiating_visit_on=cells.past_day("initiating_visit_on"),
        consent_on=cells.past_day("consent_on"),
        consent_kind=cells.read("consent_kind", readers.one_of(ConsentKind)),
        consent_cost_sharing=cells.read("consent_cost_sharing", readers.yes_no),
        consent_revoked_on=cells.past_day("consent_revoked_on"),
        diagnosis_codes=cells.read("diagnosis_codes", codes.diagnoses) or (),
        billing_npi=codes.npi(cells.text("billing_npi")),
        place_of_service=cells.read("place_of_service", codes.place) or "",
        outside_therapist=cells.read("outside_therapist", readers.yes_no),
        initiating_visit_needed=cells.read("initiating_visit_needed", readers.yes_no),
        apcm=cells.read("apcm", readers.yes_no),
        part2_record=cells.read("part2_record", readers.yes_no),
        consent_recorded_on=cells.written_on("consent_recorded_on"),
        assessment_recorded_on=cells.written_on("assessment_recorded_on"),
        cleared=cleared,
        says_more=says_more,
    )
    _check(cells, care)
    _warn(cells, care)
    return care


def _warn(cells: Cells, care: Care) -> None:
    """Say of codes that are taken why claims with them will not be paid."""
    why = codes.why_no_npi(care.billing_npi) if care.billing_npi else ""
    if why:
        cells.warn("billing_npi", why)
    for code in care.diagnosis_codes:
        if not is_whole_code(code):
            cells.warn("diagnosis_codes", codes.why_header(code))


def _check(cells: Cells, care: Care) -> None:
    for later, earlier in _IN_ORDER:
        last, first = getattr(care, later), getattr(care, earlier)
        if last is not None and first is not None and last < first:
            cells.refuse(later, f"{last} is before {earlier} {first}. Correct one of the two.")
    if not cells.text("consent_on"):
        for column in ("consent_kind", "consent_cost_sharing", "consent_revoked_on", "consent_recorded_on"):
            if cells.text(column):
                cells.refuse(column, "A consent needs its date. Fill in consent_on, or leave this empty.")


def same_stretch(care: Care, episodes: Sequence[Episode]) -> Episode | None:
    """The episode that a row is about: the one of its enrollment day, else the one still open; or none yet.

    Args:
        care: The row.
        episodes: The patient's, oldest first.
    """
    program = care.program or Program.COCM
    own = [episode for episode in episodes if episode.program is program]
    if care.enrolled_on is None:
        return own[-1] if own else None
    for episode in own:
        if episode.enrolled_on == care.enrolled_on:
            return episode
    last = own[-1] if own else None
    if last is None or last.discharged_on is not None:
        return None
    # Somebody still in care is not enrolled twice: the day was corrected, unless a later assessment goes with it.
    return None if moves_assessment(care, last) and _is_later(care.enrolled_on, last.enrolled_on) else last


def merged(care: Care, episode: Episode) -> Episode:
    """An episode brought up to date by a row, but for what claims are made of; what the row leaves empty stays."""
    told = replace(
        episode,
        program=care.program or episode.program,
        enrolled_on=care.enrolled_on or episode.enrolled_on,
        # A later assessment never moves the month that bills 99492.
        initial_assessment_on=_earliest(care.initial_assessment_on, episode.initial_assessment_on),
        discharged_on=care.discharged_on or episode.discharged_on,
        referred_on=care.referred_on or episode.referred_on,
        initiating_visit_on=care.initiating_visit_on or episode.initiating_visit_on,
        outside_therapist=_told(care.outside_therapist, episode.outside_therapist),
        initiating_visit_needed=_told(care.initiating_visit_needed, episode.initiating_visit_needed),
        part2_record=_told(care.part2_record, episode.part2_record),
        consent=_consent(care, episode),
        earlier_consents=_earlier_consents(care, episode),
        assessment_recorded_on=_assessment_recorded_on(care, episode),
    )
    emptied: dict[str, Any] = {
        column: nothing for column, nothing in _OF_EPISODE.items() if column in care.cleared
    }
    if "initial_assessment_on" in care.cleared:
        emptied["assessment_recorded_on"] = None
    return replace(told, **emptied)


def claim_values(care: Care, care_manager: int | None) -> dict[ClaimFactKind, str]:
    """What a row says of the patient's claims, as `ClaimFact` has it; what it leaves empty is not there."""
    values = {
        ClaimFactKind.PAYER: care.payer,
        ClaimFactKind.BILLING_NPI: care.billing_npi,
        ClaimFactKind.DIAGNOSIS_CODES: " ".join(care.diagnosis_codes),
        ClaimFactKind.PLACE_OF_SERVICE: care.place_of_service,
        ClaimFactKind.APCM: {True: "yes", False: "no", None: ""}[care.apcm],
        ClaimFactKind.CARE_MANAGER: "" if care_manager is None else str(care_manager),
    }
    cleared = {kind: "" for column, kind in _CLAIM_COLUMNS.items() if column in care.cleared}
    return {kind: value for kind, value in values.items() if value} | cleared


def _told(said: _Answer | None, stored: _Answer) -> _Answer:
    return stored if said is None else said


def moves_assessment(care: Care, episode: Episode) -> bool:
    """Whether a row names a later initial assessment than is on file, which does not count."""
    stored = episode.initial_assessment_on
    return (
        stored is not None and care.initial_assessment_on is not None and care.initial_assessment_on > stored
    )


def _assessment_recorded_on(care: Care, episode: Episode) -> date | None:
    """The day on which the initial assessment was written down: the row's, or its own, as with an entry."""
    day = care.initial_assessment_on
    if day is None or moves_assessment(care, episode):
        return episode.assessment_recorded_on
    if day == episode.initial_assessment_on:
        return care.assessment_recorded_on or episode.assessment_recorded_on
    return care.assessment_recorded_on or day


def _is_later(day: date, stored: date | None) -> bool:
    return stored is not None and day > stored


def _earliest(row: date | None, stored: date | None) -> date | None:
    return min((day for day in (row, stored) if day is not None), default=None)


def _consented_anew(care: Care, before: Consent | None) -> bool:
    """Whether the row's consent follows one that was revoked."""
    return (
        before is not None
        and before.revoked_on is not None
        and care.consent_on is not None
        and care.consent_on > before.revoked_on
    )


def _consent(care: Care, episode: Episode) -> Consent | None:
    """The consent as the row has it; what the row leaves empty stays, and what it takes away is gone."""
    if "consent_on" in care.cleared:
        return None
    consent = _told_consent(care, episode)
    emptied: dict[str, Any] = {name: None for column, name in _OF_CONSENT.items() if column in care.cleared}
    return replace(consent, **emptied) if consent is not None else None


def _told_consent(care: Care, episode: Episode) -> Consent | None:
    if care.consent_on is None:
        return episode.consent
    kept = None if _consented_anew(care, episode.consent) else episode.consent
    told = care.consent_cost_sharing
    return Consent(
        given_on=care.consent_on,
        kind=care.consent_kind or (kept.kind if kept else None),
        recorded_by=kept.recorded_by if kept else None,
        cost_sharing_disclosed=kept.cost_sharing_disclosed if kept and told is None else told,
        revoked_on=care.consent_revoked_on or (kept.revoked_on if kept else None),
        recorded_on=care.consent_recorded_on or _known_since(care.consent_on, kept),
    )


def _known_since(given_on: date, kept: Consent | None) -> date | None:
    """The day on which a consent was written down where the row does not say: as on file, or its own."""
    return kept.recorded_on if kept is not None and kept.given_on == given_on else given_on


def _earlier_consents(care: Care, episode: Episode) -> tuple[Consent, ...]:
    """A consent that was revoked stays beside the one that followed it."""
    before = episode.consent
    if before is None or not _consented_anew(care, before):
        return episode.earlier_consents
    return (before, *episode.earlier_consents)
