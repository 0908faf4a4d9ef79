"""The fields in which a payer's rules may differ: how each is read from text, written and put into words."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from billing.durations import MINUTE
from billing.rules import (
    ADD_ON,
    CLINIC_MONTH,
    GENERAL_BHI,
    HALF_HOUR,
    INITIAL_MONTH,
    SUBSEQUENT_MONTH,
    VISIT,
    ConsultantMinutes,
    InitialPolicy,
    Limit99492,
    Modifier,
    Psychotherapy,
    TimeRule,
)

KNOWN_CODES = frozenset({INITIAL_MONTH, SUBSEQUENT_MONTH, ADD_ON, HALF_HOUR, GENERAL_BHI})
USUAL_CODES = KNOWN_CODES - {HALF_HOUR}


@dataclass(frozen=True, slots=True, kw_only=True)
class PayerField:
    """One field of a payer's rules. Values are hashable; None stands for the text `none`."""

    #: As files and forms name it.
    name: str
    #: Of `billing.payer.PayerTerms`.
    attribute: str
    #: Raises ValueError with a sentence that says what to write instead.
    read: Callable[[str], object] = field(repr=False)
    #: The text that `read` reads as the same value.
    write: Callable[[Any], str] = field(repr=False)
    #: The value in a biller's words.
    words: Callable[[Any], str] = field(repr=False)


_Choice = TypeVar("_Choice", bound=StrEnum)


def _whole(least: int, most: int) -> Callable[[str], int]:
    """A reader of whole numbers within bounds: beyond them a figure is a slip, and nothing may be reached at none."""

    def read(text: str) -> int:
        if not _FIGURES.fullmatch(text) or not least <= int(text) <= most:
            raise ValueError(f"{text!r} is not a whole number from {least} to {most}.")
        return int(text)

    return read


def _count(most: int) -> Callable[[str], int | None]:
    whole = _whole(0, most)
    return lambda text: None if text.casefold() == "none" else whole(text)


def _minutes(text: str) -> int:
    return _whole(1, _MOST_MINUTES)(text) * MINUTE


_FIGURES = re.compile(r"[0-9]{1,4}")
_MOST_MINUTES = 600
_MOST_MONTHS = 120
_MOST_UNITS = 99


def _yes_no(text: str) -> bool:
    answer = _ANSWERS.get(text.casefold())
    if answer is None:
        raise ValueError(f"{text!r} is neither yes nor no.")
    return answer


_ANSWERS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


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
    if text.casefold() == "none":
        return ()
    return tuple(_modifier(part) for part in text.upper().replace(",", " ").replace(";", " ").split())


def _modifier(text: str) -> Modifier:
    code, colon, modifier = text.partition(":")
    if not colon or code not in KNOWN_CODES | {VISIT} or not _is_modifier(modifier):
        raise ValueError(f"{text!r} is not a modifier. Write E/M:25 99492:HE.")
    return Modifier(code=code, modifier=modifier)


def _is_modifier(text: str) -> bool:
    return len(text) == 2 and text.isascii() and text.isalnum()  # noqa: PLR2004 - modifiers have two characters


def read_day(text: str) -> date:
    """A date as files have it.

    Raises:
        ValueError: with what to write instead.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a date. Write 2026-11-22.") from None


def _of_count(value: int | None) -> str:
    return "none" if value is None else str(value)


def _of_minutes(value: int) -> str:
    return str(value // MINUTE)


def _of_yes_no(value: bool) -> str:  # noqa: FBT001 - the value of a field
    return "yes" if value else "no"


def _of_choice(value: StrEnum) -> str:
    return value.value


def _of_codes(value: frozenset[str]) -> str:
    return " ".join(sorted(value))


def _of_modifiers(value: tuple[Modifier, ...]) -> str:
    return " ".join(f"{one.code}:{one.modifier}" for one in value) or "none"


def _spoken_codes(value: frozenset[str]) -> str:
    return ", ".join(sorted(value)) or "no code"


def _months(count: int) -> str:
    return f"{count} month{'s' * (count != 1)}"


_TIMES = {
    TimeRule.STRICT: "full times: 99492 from 70 min, 99493 from 60, each 99494 a further 30",
    TimeRule.MIDPOINT: "midpoint: 99492 from 36 min, 99493 from 31, 99494 from 16 past the last full unit",
}
_INITIAL = {
    InitialPolicy.ASSESSMENT_MONTH: "99492 belongs to the month of the initial assessment",
    InitialPolicy.FIRST_MONTH_REACHED: "99492 belongs to the first month that reaches it",
}
_LIMITS = {
    Limit99492.PER_EPISODE: "99492 once an episode",
    Limit99492.PER_CALENDAR_YEAR: "99492 once a calendar year",
}
_CONSULTANT = {
    ConsultantMinutes.COUNT: "the consultant's minutes count",
    ConsultantMinutes.EXCLUDE: "the consultant's minutes do not count",
}
_PSYCHOTHERAPY = {
    Psychotherapy.BLOCKS: "psychotherapy by the care manager blocks the month",
    Psychotherapy.ALLOWED: "psychotherapy by the care manager is allowed; its time does not count",
}


def _either(yes: str, no: str) -> Callable[[bool], str]:
    return lambda value: yes if value else no


def _cap(value: int | None) -> str:
    return (
        "no cap on 99494" if value is None else f"at most {value} unit{'s' * (value != 1)} of 99494 a month"
    )


def _authorization(value: int | None) -> str:
    return "no prior authorization" if value is None else f"prior authorization after {_months(value)}"


def _authorized(value: int | None) -> str:
    return "no last month" if value is None else f"{_months(value)} more with authorization, then none"


def _filing(value: int | None) -> str:
    return (
        "no limit on filing"
        if value is None
        else f"claims filed within {_months(value)} of the date of service"
    )


def _choice(name: str, kind: type[_Choice], words: Mapping[_Choice, str]) -> PayerField:
    return PayerField(
        name=name, attribute=name, read=_one_of(kind), write=_of_choice, words=words.__getitem__
    )


def _answer(name: str, yes: str, no: str) -> PayerField:
    return PayerField(name=name, attribute=name, read=_yes_no, write=_of_yes_no, words=_either(yes, no))


def _number(name: str, most: int, words: Callable[[Any], str]) -> PayerField:
    return PayerField(name=name, attribute=name, read=_count(most), write=_of_count, words=words)


def _time(name: str, code: str, when: str = "") -> PayerField:
    return PayerField(
        name=name,
        attribute=f"{name}_seconds",
        read=_minutes,
        write=_of_minutes,
        words=lambda value: f"{code}{when} from {value // MINUTE} min",
    )


_FIELDS = (
    _choice("time_rule", TimeRule, _TIMES),
    PayerField(
        name="covered_codes",
        attribute="covered_codes",
        read=_codes,
        write=_of_codes,
        words=lambda value: f"pays {_spoken_codes(value)}",
    ),
    _time("g2214_min", HALF_HOUR),
    _answer(
        "g2214_clinics",
        "RHCs and FQHCs may bill G2214 where it is covered",
        "RHCs and FQHCs may not bill G2214",
    ),
    _answer("g0512", "RHCs and FQHCs bill G0512", "RHCs and FQHCs bill the usual codes"),
    _time("g0512_first_min", CLINIC_MONTH, " in a first month"),
    _time("g0512_later_min", CLINIC_MONTH, " in a later month"),
    _number("max_99494", _MOST_UNITS, _cap),
    _choice("initial_policy", InitialPolicy, _INITIAL),
    PayerField(
        name="episode_gap_months",
        attribute="episode_gap_months",
        read=_whole(1, _MOST_MONTHS),
        write=str,
        words=lambda value: f"a new 99492 after {_months(value)} without Collaborative Care",
    ),
    _choice("limit_99492", Limit99492, _LIMITS),
    _choice("consultant_minutes", ConsultantMinutes, _CONSULTANT),
    _answer("inpatient_counts", "time on inpatient days counts", "time on inpatient days does not count"),
    _answer(
        "review_required", "a case review in the month is needed", "no case review in the month is needed"
    ),
    _answer("diagnosis_required", "a claim needs a diagnosis", "a missing diagnosis is a warning"),
    _choice("psychotherapy", Psychotherapy, _PSYCHOTHERAPY),
    _number("prior_auth_after_months", _MOST_MONTHS, _authorization),
    _number("authorized_months", _MOST_MONTHS, _authorized),
    _number("timely_filing_months", _MOST_MONTHS, _filing),
    PayerField(
        name="modifiers",
        attribute="modifiers",
        read=_modifiers,
        write=_of_modifiers,
        words=lambda value: f"modifiers {_of_modifiers(value)}" if value else "no modifiers",
    ),
    PayerField(
        name="fee_schedule",
        attribute="fee_schedule",
        read=str,
        write=str,
        words=lambda value: f"estimates use the fee schedule {value}",
    ),
)
#: The fields by name, in the order of files.
FIELDS: Mapping[str, PayerField] = {one.name: one for one in _FIELDS}
