"""Payers as data: dated rules, each with its source, and what of them is in force on a day.

The rules that ship stand in `billing/payers`, a file each: Medicare's in `medicare.toml` (R-112).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar

from billing.months import BillingMonth
from billing.payer_fields import FIELDS, USUAL_CODES
from billing.rules import (
    CLINIC_INITIAL,
    CLINIC_SUBSEQUENT,
    ClinicRules,
    CodeRule,
    ConsultantMinutes,
    CoveredDays,
    InitialPolicy,
    Limit99492,
    Modifier,
    PracticeRules,
    Psychotherapy,
    RuleSet,
    TimeRule,
    rule_set,
)

_DAY = timedelta(days=1)


class Grade(StrEnum):
    """How sure a source is."""

    OFFICIAL = "P"
    SECONDARY = "S"
    DERIVED = "D"
    DISPUTED = "?"


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedRule:
    """What a payer says in one field, from a first to a last day."""

    #: Of `billing.payer_fields.FIELDS`; empty where a practice only says that it has the payer on file.
    field: str
    value: object
    #: `date.min` for what has held from the start.
    first_day: date = date.min
    #: Included; None for what holds until further notice.
    last_day: date | None = None
    source: str = ""
    #: None where nobody said how sure it is, as in a practice's import.
    grade: Grade | None = None
    #: Day on which a person read the source; None means never.
    verified_on: date | None = None
    #: Whether the practice imported it: it then goes before what is built in, and judges also unverified (R-111).
    is_own: bool = False

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on a local date."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)

    @property
    def judges(self) -> bool:
        """Whether months are judged by it: nobody read a built-in rule that is unverified, so it only stands there."""
        return self.is_own or self.verified_on is not None

    @property
    def text(self) -> str:
        """The value as files have it."""
        return FIELDS[self.field].write(self.value) if self.field else ""

    @property
    def words(self) -> str:
        """The value in a biller's words."""
        return FIELDS[self.field].words(self.value) if self.field else "the practice's own rules apply"


@dataclass(frozen=True, slots=True, kw_only=True)
class PayerTerms:
    """A payer's rules as they are on one day. None means that the payer has not said: the practice's rule stands."""

    name: str = ""
    time_rule: TimeRule | None = None
    #: Codes the payer accepts; G2214 only counts where it is named here.
    covered_codes: frozenset[str] = USUAL_CODES
    #: Whole seconds from which G2214 is reached, where the payer says; else the time rule's.
    g2214_min_seconds: int | None = None
    #: Whether RHCs and FQHCs may bill G2214 where it is covered, and whether they bill G0512 instead of all the others.
    g2214_clinics: bool = True
    g0512: bool = False
    #: Whole seconds of G0512; None for Medicare's 70 and 60 minutes.
    g0512_first_min_seconds: int | None = None
    g0512_later_min_seconds: int | None = None
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
    #: Months that it pays for with authorization after those; None is no end.
    authorized_months: int | None = None
    #: Whole months from the date of service within which it takes a claim.
    timely_filing_months: int | None = None
    modifiers: tuple[Modifier, ...] = ()
    #: Name of the fee schedule that estimates use; empty is the practice's, then Medicare's.
    fee_schedule: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer:
    """A payer, the other names it goes by, and its rules by date: the practice's own before the built-in ones."""

    name: str
    aliases: tuple[str, ...] = ()
    rules: tuple[DatedRule, ...] = field(default=(), repr=False)

    def in_force(self, day: date) -> dict[str, DatedRule]:
        """The rules that judge on a local date, by field; the first of each field wins."""
        found: dict[str, DatedRule] = {}
        for rule in self.rules:
            if rule.judges and rule.holds_on(day):
                found.setdefault(rule.field, rule)
        return found

    def on(self, day: date) -> PayerTerms:
        """What is in force on a local date."""
        values: dict[str, Any] = {
            FIELDS[name].attribute: rule.value for name, rule in self.in_force(day).items() if name
        }
        return PayerTerms(name=self.name, **values)

    def unverified_on(self, day: date) -> tuple[DatedRule, ...]:
        """The rules of a local date that nobody has verified, whether they judge or not; none that is replaced."""
        judging = self.in_force(day)
        return tuple(
            rule
            for rule in self.rules
            if rule.verified_on is None
            and rule.holds_on(day)
            and (rule.field not in judging or judging[rule.field] is rule or not judging[rule.field].is_own)
        )

    def changes_between(self, first_day: date, last_day: date) -> tuple[date, ...]:
        """The days after the first, up to the last, on which a rule begins or has just ended, in their order."""
        begun = {rule.first_day for rule in self.rules}
        last_days = {rule.last_day for rule in self.rules if rule.last_day is not None}
        ended = {day + _DAY for day in last_days if day < date.max}
        return tuple(sorted(day for day in begun | ended if first_day < day <= last_day))

    def over(self, built_in: "Payer") -> "Payer":
        """A practice's own payer with the built-in rules behind its own: those stand wherever it says nothing."""
        return Payer(
            name=built_in.name,
            aliases=(*built_in.aliases, *self.aliases),
            rules=self.rules + built_in.rules,
        )


@lru_cache(maxsize=4096)
def rules_for(month: BillingMonth, practice: PracticeRules, payer: Payer | None = None) -> RuleSet:
    """The rule set by which a patient's month is judged: a payer's own rule wins (R-111).

    Where the payer's rules change within the month, `by_coverage` has each stretch of days (R-113).

    Args:
        month: Codes are those in force on its days.
        practice: The practice's own rules.
        payer: The patient's payer as on file; None when it has none.
    """
    days = stretches(month.first_day, month.last_day, practice, payer)
    last = days[-1].rules
    return last if len(days) == 1 else replace(last, by_coverage=days)


def stretches(
    first_day: date, last_day: date, practice: PracticeRules, payer: Payer | None
) -> tuple[CoveredDays, ...]:
    """Some days of one payer, both ends included, cut where its rules change: one stretch where they do not."""
    begins = (first_day, *(payer.changes_between(first_day, last_day) if payer is not None else ()))
    found: list[CoveredDays] = []
    for place, begin in enumerate(begins):
        end = begins[place + 1] - _DAY if place + 1 < len(begins) else last_day
        rules = rules_on(begin, practice, payer)
        if found and found[-1].rules == rules:
            found[-1] = replace(found[-1], last_day=end)
        else:
            found.append(CoveredDays(first_day=begin, last_day=end, rules=rules))
    return tuple(found)


def rules_on(day: date, practice: PracticeRules, payer: Payer | None = None) -> RuleSet:
    """The rule set in force on one local date; a payer of whom nothing holds then is one without rules."""
    if payer is None or not any(rule.holds_on(day) for rule in payer.rules):
        return replace(rule_set(practice.time_rule, day), practice=practice)
    terms = payer.on(day)
    base = rule_set(terms.time_rule or practice.time_rule, day, half_hour=True)
    half_hour = base.half_hour
    if terms.g2214_min_seconds is not None:
        half_hour = replace(half_hour, minimum_seconds=terms.g2214_min_seconds)
    unverified = payer.unverified_on(day)
    return replace(
        base,
        covered_codes=base.covered_codes & terms.covered_codes,
        half_hour=half_hour,
        max_99494=terms.max_99494,
        limit_99492=terms.limit_99492,
        psychotherapy=terms.psychotherapy,
        prior_auth_after_months=terms.prior_auth_after_months,
        authorized_months=terms.authorized_months,
        timely_filing_months=terms.timely_filing_months,
        clinic=_clinic(terms),
        modifiers=terms.modifiers,
        payer=payer.name,
        payer_verified=not unverified,
        unverified_own=_named(rule for rule in unverified if rule.is_own),
        unverified_built_in=_named(rule for rule in unverified if not rule.is_own),
        practice=_own_rules(practice, terms),
    )


def _named(rules: Iterable[DatedRule]) -> tuple[str, ...]:
    return tuple(f"{rule.field}={rule.text}" for rule in rules if rule.field)


def _clinic(terms: PayerTerms) -> ClinicRules | None:
    """What is asked of RHCs and FQHCs (R-114)."""
    if terms.g0512:
        return ClinicRules(
            initial=_at_least(CLINIC_INITIAL, terms.g0512_first_min_seconds),
            subsequent=_at_least(CLINIC_SUBSEQUENT, terms.g0512_later_min_seconds),
            half_hour=False,
        )
    return None if terms.g2214_clinics else ClinicRules(half_hour=False)


def _at_least(rule: CodeRule, seconds: int | None) -> CodeRule:
    return rule if seconds is None else replace(rule, minimum_seconds=seconds, full_seconds=seconds)


_Value = TypeVar("_Value")


def _first(own: _Value | None, practice: _Value) -> _Value:
    return practice if own is None else own


def _own_rules(practice: PracticeRules, terms: PayerTerms) -> PracticeRules:
    """The practice's rules with those of the payer in their place."""
    return replace(
        practice,
        time_rule=_first(terms.time_rule, practice.time_rule),
        initial_policy=_first(terms.initial_policy, practice.initial_policy),
        episode_gap_months=_first(terms.episode_gap_months, practice.episode_gap_months),
        consultant_minutes=_first(terms.consultant_minutes, practice.consultant_minutes),
        inpatient_counts=_first(terms.inpatient_counts, practice.inpatient_counts),
        review_required=_first(terms.review_required, practice.review_required),
        diagnosis_required=_first(terms.diagnosis_required, practice.diagnosis_required),
    )
