"""Turns a sum of counted seconds into codes and units."""

from collections.abc import Sequence
from dataclasses import dataclass

from billing.month_kinds import MonthKind
from billing.rules import CodeRule, RuleSet


@dataclass(frozen=True, slots=True)
class Charge:
    """Units of one code."""

    code: str
    units: int = 1


def base_rule(kind: MonthKind, rules: RuleSet) -> CodeRule:
    """The code that opens such a month, of one family only (R-109).

    Months that bill nothing are shown against the first month's.
    """
    if kind is MonthKind.GENERAL_BHI:
        return rules.general
    return rules.subsequent if kind is MonthKind.SUBSEQUENT else rules.initial


def add_on_units(counted_seconds: int, base: CodeRule, rules: RuleSet) -> int:
    """Units of 99494 above a base that is reached; they count from the base's full time, uncapped (R-105)."""
    over = counted_seconds - base.full_seconds - rules.add_on.minimum_seconds
    return 0 if over < 0 else over // rules.add_on.full_seconds + 1


def charges(counted_seconds: int, kind: MonthKind, rules: RuleSet, cap: int | None) -> tuple[Charge, ...]:
    """Codes that a sum of seconds reaches, base first. Never 99494 alone, never G2214 beside another."""
    base = base_rule(kind, rules)
    if base.code in rules.covered_codes and counted_seconds >= base.minimum_seconds:
        units = 0
        if kind is not MonthKind.GENERAL_BHI and rules.add_on.code in rules.covered_codes:
            units = add_on_units(counted_seconds, base, rules)
        if cap is not None:
            units = min(units, cap)
        first = Charge(base.code)
        return (first, Charge(rules.add_on.code, units)) if units else (first,)
    if half_hour_reached(counted_seconds, kind, rules):
        return (Charge(rules.half_hour.code),)
    return ()


def less(earned: Sequence[Charge], units: int) -> tuple[Charge, ...]:
    """Charges without so many units of the add-on, which is their last."""
    if not units:
        return tuple(earned)
    *others, last = earned
    left = last.units - units
    return (*others, Charge(last.code, left)) if left else tuple(others)


def half_hour_reached(counted_seconds: int, kind: MonthKind, rules: RuleSet) -> bool:
    """Whether G2214 stands in for a base code that is not reached (R-107)."""
    return (
        kind is not MonthKind.GENERAL_BHI
        and rules.half_hour.code in rules.covered_codes
        and counted_seconds >= rules.half_hour.minimum_seconds
    )


def seconds_needed(earned: Sequence[Charge], kind: MonthKind, rules: RuleSet) -> tuple[int, int]:
    """Seconds at which the first of some earned codes, and the last unit of them all, is reached."""
    if not earned:
        return 0, 0
    if earned[0].code == rules.half_hour.code:
        return rules.half_hour.minimum_seconds, rules.half_hour.minimum_seconds
    base = base_rule(kind, rules)
    if len(earned) == 1:
        return base.minimum_seconds, base.minimum_seconds
    above = rules.add_on.minimum_seconds + (earned[1].units - 1) * rules.add_on.full_seconds
    return base.minimum_seconds, base.full_seconds + above


def codes_of(reached: Sequence[Charge]) -> str:
    """`99493 + 2×99494`."""
    return " + ".join(
        charge.code if charge.units == 1 else f"{charge.units}×{charge.code}" for charge in reached
    )
