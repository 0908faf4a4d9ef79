"""Payers as data: their own rules where they have any, and whether those are verified."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar

from billing.durations import MINUTE
from billing.months import BillingMonth
from billing.rules import (
    ADD_ON,
    GENERAL_BHI,
    HALF_HOUR,
    INITIAL_MONTH,
    SUBSEQUENT_MONTH,
    VISIT,
    ConsultantMinutes,
    InitialPolicy,
    Limit99492,
    Modifier,
    PracticeRules,
    Psychotherapy,
    RuleSet,
    TimeRule,
    rule_set,
)

KNOWN_CODES = frozenset({INITIAL_MONTH, SUBSEQUENT_MONTH, ADD_ON, HALF_HOUR, GENERAL_BHI})
USUAL_CODES = KNOWN_CODES - {HALF_HOUR}


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer:
    """A payer's own rules. None means that the practice's rule stands."""

    #: Compared without regard to case.
    name: str
    time_rule: TimeRule | None = None
    #: Codes the payer accepts; G2214 only counts where it is named here.
    covered_codes: frozenset[str] = USUAL_CODES
    #: Whole seconds from which G2214 is reached, where the payer says; else the time rule's.
    g2214_min_seconds: int | None = None
    #: Most units of 99494 in a month; None is no cap.
    max_99494: int | None = None
    initial_policy: InitialPolicy | None = None
    episode_gap_months: int | None = None
    limit_99492: Limit99492 = Limit99492.PER_EPISODE
    consultant_minutes: ConsultantMinutes | None = None
    inpatient_counts: bool | None = None
    review_required: bool | None = None
    diagnosis_required: bool | None = None
    psychotherapy: Psychotherapy = Psychotherapy.BLOCKS
    #: Months after which the payer wants prior authorization; None is never.
    prior_auth_after_months: int | None = None
    modifiers: tuple[Modifier, ...] = ()
    #: Name of the fee schedule that estimates use; empty is the practice's, then Medicare's.
    fee_schedule: str = ""
    source: str = ""
    #: Day on which a person checked these rules with the payer; None warns on every line.
    verified_on: date | None = None


@lru_cache(maxsize=4096)
def rules_for(month: BillingMonth, practice: PracticeRules, payer: Payer | None = None) -> RuleSet:
    """The rule set by which a patient's month is judged: a payer's own rule wins (R-111).

    Args:
        month: Codes are those in force on its first day.
        practice: The practice's own rules.
        payer: The patient's payer as on file; None when it has none.
    """
    if payer is None:
        return replace(rule_set(practice.time_rule, month.first_day), practice=practice)
    base = rule_set(payer.time_rule or practice.time_rule, month.first_day, half_hour=True)
    half_hour = base.half_hour
    if payer.g2214_min_seconds is not None:
        half_hour = replace(half_hour, minimum_seconds=payer.g2214_min_seconds)
    return replace(
        base,
        covered_codes=base.covered_codes & payer.covered_codes,
        half_hour=half_hour,
        max_99494=payer.max_99494,
        limit_99492=payer.limit_99492,
        psychotherapy=payer.psychotherapy,
        prior_auth_after_months=payer.prior_auth_after_months,
        modifiers=payer.modifiers,
        payer=payer.name,
        payer_verified=payer.verified_on is not None,
        practice=_own_rules(practice, payer),
    )


_Value = TypeVar("_Value")


def _first(own: _Value | None, practice: _Value) -> _Value:
    return practice if own is None else own


def _own_rules(practice: PracticeRules, payer: Payer) -> PracticeRules:
    """The practice's rules with those of the payer in their place."""
    return replace(
        practice,
        time_rule=_first(payer.time_rule, practice.time_rule),
        initial_policy=_first(payer.initial_policy, practice.initial_policy),
        episode_gap_months=_first(payer.episode_gap_months, practice.episode_gap_months),
        consultant_minutes=_first(payer.consultant_minutes, practice.consultant_minutes),
        inpatient_counts=_first(payer.inpatient_counts, practice.inpatient_counts),
        review_required=_first(payer.review_required, practice.review_required),
        diagnosis_required=_first(payer.diagnosis_required, practice.diagnosis_required),
    )


def payer_named(name: str, payers: Iterable[Payer]) -> Payer | None:
    """The payer of that name, whatever its case and outer spaces; None when there is none."""
    wanted = name.strip().casefold()
    return next((payer for payer in payers if payer.name.casefold() == wanted), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class PayerProblem:
    """One field that cannot be read, in a sentence that says how to fix it."""

    field: str
    message: str


def parse_payer(fields: Mapping[str, str]) -> Payer | tuple[PayerProblem, ...]:
    """Read a payer from text fields: a row of `cocm import payers`, or a form.

    Field names are those of `FIELDS`; empty and absent ones keep what is usual. Times are whole minutes.

    Returns:
        The payer, or every problem of the row at once.
    """
    problems: list[PayerProblem] = [
        PayerProblem(field=name, message=f"{name} is not a payer field. Fields: {', '.join(FIELDS)}.")
        for name in fields
        if name not in FIELDS
    ]
    values: dict[str, object] = {}
    for name, (attribute, read) in FIELDS.items():
        text = fields.get(name, "").strip()
        if not text:
            continue
        try:
            values[attribute] = read(text)
        except ValueError as error:
            problems.append(PayerProblem(field=name, message=f"{name}: {error}"))
    if "name" not in values:
        problems.append(PayerProblem(field="name", message="name: a payer needs a name."))
    if problems:
        return tuple(problems)
    return Payer(**values)  # type: ignore[arg-type]  # each reader gives its own attribute's type


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError(f"{text!r} is not a whole number. Write 4.")
    return int(text)


def _count(text: str) -> int | None:
    return None if text.casefold() == "none" else _whole(text)


def _minutes(text: str) -> int:
    return _whole(text) * MINUTE


def _yes_no(text: str) -> bool:
    answer = _ANSWERS.get(text.casefold())
    if answer is None:
        raise ValueError(f"{text!r} is neither yes nor no.")
    return answer


_ANSWERS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}

_Choice = TypeVar("_Choice", bound=StrEnum)


def _one_of(choices: type[_Choice]) -> Callable[[str], _Choice]:
    def read(text: str) -> _Choice:
        plain = text.casefold().replace("_", " ")
        for choice in choices:
            if choice.value.replace("_", " ") == plain:
                return choice
        raise ValueError(f"{text!r} is not known. Write one of: {', '.join(choices)}.")

    return read


def _codes(text: str) -> frozenset[str]:
    codes = frozenset(text.upper().replace(",", " ").replace(";", " ").split())
    unknown = sorted(codes - KNOWN_CODES)
    if unknown:
        raise ValueError(
            f"{', '.join(unknown)} is not billed here. Write some of: {' '.join(sorted(KNOWN_CODES))}."
        )
    return codes


def _modifiers(text: str) -> tuple[Modifier, ...]:
    return tuple(_modifier(part) for part in text.upper().replace(",", " ").replace(";", " ").split())


def _modifier(text: str) -> Modifier:
    code, colon, modifier = text.partition(":")
    if not colon or code not in KNOWN_CODES | {VISIT} or not _is_modifier(modifier):
        raise ValueError(f"{text!r} is not a modifier. Write E/M:25 99492:HE.")
    return Modifier(code=code, modifier=modifier)


def _is_modifier(text: str) -> bool:
    return len(text) == 2 and text.isascii() and text.isalnum()  # noqa: PLR2004 - modifiers have two characters


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a date. Write 2026-11-22.") from None


def _text(text: str) -> str:
    return text


#: Field name in files and forms -> attribute, and how its text is read.
FIELDS: Mapping[str, tuple[str, Callable[[str], object]]] = {
    "name": ("name", _text),
    "time_rule": ("time_rule", _one_of(TimeRule)),
    "covered_codes": ("covered_codes", _codes),
    "g2214_min": ("g2214_min_seconds", _minutes),
    "max_99494": ("max_99494", _count),
    "initial_policy": ("initial_policy", _one_of(InitialPolicy)),
    "episode_gap_months": ("episode_gap_months", _whole),
    "limit_99492": ("limit_99492", _one_of(Limit99492)),
    "consultant_minutes": ("consultant_minutes", _one_of(ConsultantMinutes)),
    "inpatient_counts": ("inpatient_counts", _yes_no),
    "review_required": ("review_required", _yes_no),
    "diagnosis_required": ("diagnosis_required", _yes_no),
    "psychotherapy": ("psychotherapy", _one_of(Psychotherapy)),
    "prior_auth_after_months": ("prior_auth_after_months", _count),
    "modifiers": ("modifiers", _modifiers),
    "fee_schedule": ("fee_schedule", _text),
    "source": ("source", _text),
    "verified_on": ("verified_on", _day),
}
