"""Compares the rules of two days, field by field: what changes, from what to what, when, and by which source."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from billing.apcm import ADD_ONS_SINCE
from billing.money import FeeSchedule, Rate
from billing.payer import DatedRule, Payer
from billing.practice_settings import SETTINGS, SettingChange, rules_in_force, standing
from billing.rules import PracticeRules, RuleSet, codes_in_force

_DAY = timedelta(days=1)
NO_RATE = "none on file"
NOTHING = "none"
#: What tells rates of one code apart is every field but these.
_OF_ONE_RATE = frozenset({"first_day", "last_day", "amount", "basis", "confidence"})


class About(StrEnum):
    """What a change is about."""

    CODES = "codes"
    PAYER = "payer"
    SETTING = "setting"
    RATES = "rates"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChange:
    """One rule that is otherwise from a day on."""

    about: About
    #: A payer, a fee schedule; empty for what holds for all.
    whose: str
    #: In a biller's words: `time from which 99492 is reached`.
    what: str
    old: str
    new: str
    day: date
    source: str = ""


def code_changes(first: date, last: date) -> tuple[RuleChange, ...]:
    """Which codes exist on the last day that did not on the first, or no more (R-110, R-328)."""
    (_, old, _), (since, new, source) = codes_in_force(first), codes_in_force(last)
    add_ons = (_ADD_ONS,) if first < _ADD_ONS.day <= last else ()
    if old == new:
        return add_ons
    return (
        RuleChange(
            about=About.CODES,
            whose="",
            what="codes in force",
            old=_codes(old),
            new=_codes(new),
            day=since,
            source=source,
        ),
        *add_ons,
    )


#: Lines of patients in APCM are held from here on, until a biller has chosen (R-328).
_ADD_ONS = RuleChange(
    about=About.CODES,
    whose="",
    what="patients in APCM",
    old="these codes beside APCM",
    new="these codes, or G0568, G0569 or G0570 beside APCM: a biller chooses",
    day=ADD_ONS_SINCE.first_day,
    source="CMS CY 2026 PFS final rule, as reported by FairPath and Forvis",
)


def payer_changes(payer: Payer, first: date, last: date) -> tuple[RuleChange, ...]:
    """What of a payer's rules begins, ends or changes after the first day and up to the last (R-113)."""
    found: list[RuleChange] = []
    for day in payer.changes_between(first, last):
        old, new = payer.in_force(day - _DAY), payer.in_force(day)
        found += [
            RuleChange(
                about=About.PAYER,
                whose=payer.name,
                what=name.replace("_", " "),
                old=_words(old.get(name)),
                new=_words(new.get(name)),
                day=day,
                source=(new.get(name) or old[name]).source,
            )
            for name in dict.fromkeys((*old, *new))
            if name and _words(old.get(name)) != _words(new.get(name))
        ]
    return tuple(found)


def _words(rule: DatedRule | None) -> str:
    return NOTHING if rule is None else rule.words


def _codes(codes: frozenset[str]) -> str:
    return ", ".join(sorted(codes)) or NOTHING


def setting_changes(
    base: PracticeRules, on_file: tuple[SettingChange, ...], last_days: Sequence[date]
) -> tuple[RuleChange, ...]:
    """What of the practice's settings changes from month to month.

    Args:
        base: What holds where nothing is set.
        on_file: Every setting on file.
        last_days: Of the months, one after the other: those judge them.
    """
    found: list[RuleChange] = []
    for before, after in pairwise(last_days):
        old, new = rules_in_force(base, on_file, before), rules_in_force(base, on_file, after)
        for name, setting in SETTINGS.items():
            if setting.of(old) == setting.of(new):
                continue
            cause = standing(on_file, name, after)
            assert cause is not None, "what changed was set"
            found.append(
                RuleChange(
                    about=About.SETTING,
                    whose="",
                    what=name,
                    old=setting.of(old),
                    new=setting.of(new),
                    day=cause.from_day,
                    source=f"the practice ({setting.rule})",
                )
            )
    return tuple(found)


def rate_changes(schedule: FeeSchedule, first: date, last: date) -> tuple[RuleChange, ...]:
    """What of a fee schedule is otherwise on the last day than on the first, and since when.

    A schedule that runs out as a whole is one change, not one for each of its rates. Where one rate becomes several,
    by conversion factor, each of these is compared with the one that there was.
    """
    kinds = dict.fromkeys(_kind(rate) for rate in schedule.rates)
    found = ((kind, _on(schedule, kind, first, last), _on(schedule, kind, last, first)) for kind in kinds)
    pairs = [
        (kind, old, new)
        for kind, old, new in found
        if not (
            (old is None and _split(schedule, kind, first)) or (new is None and _split(schedule, kind, last))
        )
    ]
    changed = [(kind, old, new) for kind, old, new in pairs if _amount(old) != _amount(new)]
    had = [pair for pair in pairs if pair[1] is not None]
    if len(had) > 1 and all(new is None for _, _, new in pairs):
        return (
            RuleChange(
                about=About.RATES,
                whose=schedule.name,
                what="all rates",
                old=f"{len(had)} on file",
                new=NO_RATE,
                day=min(_since(old, None) for _, old, _ in had),
                source=schedule.source,
            ),
        )
    return tuple(
        RuleChange(
            about=About.RATES,
            whose=schedule.name,
            what=" ".join(f"rate of {' '.join(kind)}".split()),
            old=_amount(old),
            new=_amount(new),
            day=_since(old, new),
            source=_basis(schedule, new),
        )
        for kind, old, new in changed
    )


def _kind(rate: Rate) -> tuple[str, ...]:
    """What a rate is for: its code, and whatever else tells rates of one code apart."""
    held = (getattr(rate, field.name) for field in fields(rate) if field.name not in _OF_ONE_RATE)
    return tuple("" if value is None else str(value) for value in held)


def _on(schedule: FeeSchedule, kind: tuple[str, ...], day: date, other: date) -> Rate | None:
    """The rate of a kind on one of two days: what holds for all practices where it has none of its own then."""
    own = _holding(schedule, kind, day)
    *of, conversion = kind
    if own is not None or not conversion:
        return own
    return _holding(schedule, (*of, ""), day) if _holding(schedule, kind, other) is not None else None


def _split(schedule: FeeSchedule, kind: tuple[str, ...], day: date) -> bool:
    """Whether the rate for all practices is several on a day, by conversion factor."""
    *of, conversion = kind
    return not conversion and any(
        rate.holds_on(day) and _kind(rate)[:-1] == tuple(of) for rate in schedule.rates
    )


def _holding(schedule: FeeSchedule, kind: tuple[str, ...], day: date) -> Rate | None:
    """The rate of a kind on a day; of several that hold, the one that began last."""
    holding = [rate for rate in schedule.rates if _kind(rate) == kind and rate.holds_on(day)]
    return max(holding, key=lambda rate: rate.first_day, default=None)


def _amount(rate: Rate | None) -> str:
    return NO_RATE if rate is None else f"${rate.amount}"


def _since(old: Rate | None, new: Rate | None) -> date:
    """From when on it is otherwise: the new rate's first day, or the day after the old one's last."""
    if new is not None:
        return new.first_day
    assert old is not None, "one of the two is on file"
    assert old.last_day is not None, "a rate without a last day goes on"
    return old.last_day + _DAY


def _basis(schedule: FeeSchedule, rate: Rate | None) -> str:
    basis = f": {rate.basis}" if rate is not None and rate.basis else ""
    return f"{schedule.source}{basis}"


def in_order(changes: Iterable[RuleChange]) -> tuple[RuleChange, ...]:
    """By day, and of one day codes and payers before settings before rates."""
    places = {about: place for place, about in enumerate(About)}
    return tuple(sorted(changes, key=lambda one: (one.day, places[one.about], one.whose.casefold())))


def judging(rules: RuleSet) -> RuleSet:
    """A rule set as another month is judged by it: its stretches of days are not those of that month."""
    return replace(rules, by_coverage=())
