"""How far a month is from its next code: "52 of 60 min · 8 to 99493"."""

from dataclasses import dataclass

from billing.charges import Charge, add_on_units, base_rule, charges, seconds_needed
from billing.month_kinds import MonthKind
from billing.quick import quick
from billing.rules import RuleSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A sum of seconds against the next code."""

    counted_seconds: int
    #: Seconds at which the next code is reached; None when nothing more can be.
    target_seconds: int | None
    #: Codes that the seconds reach, as earned by minutes alone.
    reached: tuple[Charge, ...]
    next_code: str | None
    #: Seconds still needed for the next code; 0 when there is none.
    remaining_seconds: int
    #: Units of 99494 that the minutes would give above the payer's cap.
    capped_units: int = 0
    #: Seconds at which the last of the reached units was reached; 0 when none is.
    reached_seconds: int = 0
    #: Seconds from which the month's first code counts, and its full time, where it counts before that (R-104).
    counts_from: tuple[int, int] | None = None


_threshold = quick(Threshold)


def progress(
    counted_seconds: int, month_kind: MonthKind, rules: RuleSet, cap: int | None = None
) -> Threshold:
    """Weigh a sum of seconds against the codes of such a month.

    Args:
        counted_seconds: Whole seconds that count.
        month_kind: Months that bill nothing are weighed as a first month, so that people see 70 minutes.
        rules: The rule set in force.
        cap: Most units of 99494; usually `rules.max_99494`.
    """
    reached = charges(counted_seconds, month_kind, rules, cap)
    code, target, lost = _next(counted_seconds, month_kind, rules, cap)
    return _threshold(
        counted_seconds=counted_seconds,
        target_seconds=target,
        reached=reached,
        next_code=code,
        remaining_seconds=0 if target is None else target - counted_seconds,
        capped_units=lost,
        reached_seconds=seconds_needed(reached, month_kind, rules)[1],
        counts_from=_counts_from(month_kind, rules),
    )


def _counts_from(kind: MonthKind, rules: RuleSet) -> tuple[int, int] | None:
    base = base_rule(kind, rules)
    if base.minimum_seconds == base.full_seconds or base.code not in rules.covered_codes:
        return None
    return base.minimum_seconds, base.full_seconds


def _next(
    counted: int, kind: MonthKind, rules: RuleSet, cap: int | None
) -> tuple[str | None, int | None, int]:
    """Next code, the seconds at which it is reached, and add-on units lost to the cap."""
    if kind is MonthKind.AFTER_DISCHARGE:
        return None, None, 0
    base = base_rule(kind, rules)
    for rule in (base,) if kind is MonthKind.GENERAL_BHI else (rules.half_hour, base):
        if rule.code in rules.covered_codes and counted < rule.minimum_seconds:
            return rule.code, rule.minimum_seconds, 0
    add_on = rules.add_on
    if kind is MonthKind.GENERAL_BHI or not {base.code, add_on.code} <= rules.covered_codes:
        return None, None, 0
    units = add_on_units(counted, base, rules)
    if cap is not None and units >= cap:
        return None, None, units - cap
    return add_on.code, base.full_seconds + add_on.minimum_seconds + units * add_on.full_seconds, 0
