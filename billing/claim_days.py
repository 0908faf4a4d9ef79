"""What a claim is made of on one day: what is on file, with what is known to have changed (R-116, R-117)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from billing.claim_facts import ClaimFact, ClaimFactKind, in_force, of_kind
from billing.episodes import Episode
from billing.facts import MonthFacts
from billing.months import BillingMonth
from billing.quick import quick


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimDay:
    """What a patient's claim is made of on a local date; empty is what is not on file."""

    payer: str = ""
    referring_npi: str = ""
    billing_npi: str = ""
    diagnosis_codes: tuple[str, ...] = ()
    place_of_service: str = ""
    apcm: bool = False
    #: The member who looks after the patient.
    care_manager: int | None = None


_claim_day = quick(ClaimDay)


def claim_on(facts: MonthFacts, day: date) -> ClaimDay:
    """What the claim of a patient's month is made of on a local date of it."""
    begun = _begun(facts)
    episode = begun[0] if len(begun) == 1 else episode_on(begun, day)
    if episode is None:
        npi = in_force(facts.claim_facts, ClaimFactKind.REFERRING_NPI, day)
        return _claim_day(referring_npi=facts.referring_npi if npi is None else npi.value)
    on_file = _claim_day(
        payer=episode.payer,
        referring_npi=facts.referring_npi,
        billing_npi=episode.billing_npi,
        diagnosis_codes=episode.diagnosis_codes,
        place_of_service=episode.place_of_service,
        apcm=episode.apcm,
        care_manager=episode.care_manager,
    )
    if not facts.claim_facts:
        return on_file
    dated: dict[str, Any] = {
        kind.value: value_of(kind, fact.value)
        for kind in ClaimFactKind
        if (fact := in_force(facts.claim_facts, kind, day)) is not None
    }
    return replace(on_file, **dated)


def _begun(facts: MonthFacts) -> Sequence[Episode]:
    last = facts.month.last_day
    return [episode for episode in facts.episodes if episode.starts_on <= last]


def episode_on(episodes: Iterable[Episode], day: date) -> Episode | None:
    """The episode whose facts hold on a local date: the last one begun by then, else the first; None without any."""
    ordered = sorted(episodes, key=_start)
    return next((one for one in reversed(ordered) if one.starts_on <= day), next(iter(ordered), None))


def payers_within(
    month: BillingMonth, episodes: Iterable[Episode], facts: Iterable[ClaimFact]
) -> tuple[tuple[date, str], ...]:
    """The payers in force in a month, each with the first day of the month from which it is.

    Args:
        month: The month.
        episodes: Those begun by the month's end.
        facts: What is known to have changed.
    """
    dated = on_file(ClaimFactKind.PAYER, episodes, "", facts)
    found: list[tuple[date, str]] = []
    for fact in dated:
        if fact.from_day > month.last_day:
            break
        if fact.from_day <= month.first_day or not found:
            found = [(month.first_day, fact.value)]
        elif found[-1][1] != fact.value:
            found.append((fact.from_day, fact.value))
    return tuple(found)


def on_file(
    kind: ClaimFactKind, episodes: Iterable[Episode], referring_npi: str, facts: Iterable[ClaimFact]
) -> tuple[ClaimFact, ...]:
    """What holds from which day, the oldest first: what is known to have changed, else what each episode says.

    Args:
        kind: Which fact.
        episodes: The patient's, in any order.
        referring_npi: The patient's.
        facts: What is known to have changed, of any kind.
    """
    dated = of_kind(facts, kind)
    if dated:
        return dated
    found: list[ClaimFact] = []
    for episode in sorted(episodes, key=_start):
        value = text_of(kind, episode, referring_npi)
        if not found or found[-1].value != value:
            found.append(ClaimFact(kind=kind, value=value, from_day=episode.starts_on))
    return tuple(found)


def text_of(kind: ClaimFactKind, episode: Episode, referring_npi: str) -> str:
    """A fact as an episode, or its patient, has it on file."""
    match kind:
        case ClaimFactKind.REFERRING_NPI:
            return referring_npi
        case ClaimFactKind.DIAGNOSIS_CODES:
            return " ".join(episode.diagnosis_codes)
        case ClaimFactKind.APCM:
            return "yes" if episode.apcm else "no"
        case ClaimFactKind.CARE_MANAGER:
            return "" if episode.care_manager is None else str(episode.care_manager)
        case _:
            return str(getattr(episode, kind.value))


def value_of(kind: ClaimFactKind, text: str) -> str | tuple[str, ...] | bool | int | None:
    """A fact's text as the value of its column."""
    match kind:
        case ClaimFactKind.DIAGNOSIS_CODES:
            return tuple(text.split())
        case ClaimFactKind.APCM:
            return text == "yes"
        case ClaimFactKind.CARE_MANAGER:
            return int(text) if text else None
        case _:
            return text


def _start(episode: Episode) -> tuple[date, int]:
    return episode.starts_on, episode.episode_id
