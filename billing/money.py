"""Estimates what a line may pay, by its date of service."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from billing.charges import Charge
from billing.places import Site
from billing.rules import ConversionFactor

CENT = Decimal("0.01")
_NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What chooses a rate beside code and date of service (R-604)."""

    site: Site = Site.NONFACILITY
    conversion: ConversionFactor = ConversionFactor.OTHER


USUAL_TERMS = Terms()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """US dollars for one unit of a code between two local dates, both included."""

    code: str
    first_day: date
    #: None means until a newer rate.
    last_day: date | None
    amount: Decimal
    #: How the figure came about, and how sure it is.
    basis: str = ""
    confidence: str = ""
    #: Where the rate holds; None is everywhere.
    site: Site | None = None
    #: For which practices it holds; None is for all.
    conversion: ConversionFactor | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the rate is that of a date of service."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)

    def holds_in(self, year: int) -> bool:
        """Whether the rate is that of some day of a year."""
        return self.first_day.year <= year and (self.last_day is None or year <= self.last_day.year)

    def suits(self, terms: Terms) -> bool:
        """Whether the rate is one for that place and that practice."""
        return self.site in {None, terms.site} and self.conversion in {None, terms.conversion}

    @property
    def rank(self) -> tuple[bool, bool, date]:
        """Of several rates that hold, the greatest is taken: the one made for the case, then the newer."""
        return self.site is not None, self.conversion is not None, self.first_day


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeSchedule:
    """Rates under one name: Medicare's, or a practice's own for a payer."""

    name: str
    rates: tuple[Rate, ...]
    source: str = ""

    def rate(self, code: str, day: date, terms: Terms = USUAL_TERMS) -> Rate | None:
        """The rate of a code on a date of service; of several that hold, see `Rate.rank`."""
        holding = (
            rate for rate in self.rates if rate.code == code and rate.holds_on(day) and rate.suits(terms)
        )
        return max(holding, key=lambda rate: rate.rank, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class RateGap:
    """Rates that a schedule does not have, as narrow as it has others."""

    schedule: str
    #: The year that has none, `2027`; the date of service in a year that has some on other days.
    when: str
    #: Named where the schedule has rates for the other kind of place only, or for the other conversion factor.
    site: Site | None = None
    conversion: ConversionFactor | None = None
    #: Named where the schedule has rates for other codes.
    codes: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """`no Medicare rate for 2027 on file`, `no facility rate for 2027 on file in Oak Plan 2026`."""
        whose, where = ("Medicare", "") if self.schedule == "Medicare" else ("", f"in {self.schedule}")
        of = f"of {', '.join(self.codes)}" if self.codes else ""
        kind = f"{whose} {_SITES[self.site]} {_CONVERSIONS[self.conversion]}"
        return " ".join(f"no {kind} rate {of} for {self.when} on file {where}".split())


_SITES = {None: "", Site.FACILITY: "facility", Site.NONFACILITY: "nonfacility"}
_CONVERSIONS = {
    None: "",
    ConversionFactor.QUALIFYING_APM: "qualifying-APM",
    ConversionFactor.OTHER: "non-qualifying-APM",
}


def joined_gaps(gaps: Iterable[RateGap]) -> tuple[RateGap, ...]:
    """Each gap once: of two that differ by their codes alone, one that names all of these."""
    found: dict[RateGap, dict[str, None]] = {}
    for gap in gaps:
        bare = replace(gap, codes=())
        # Where no code has a rate, that says more than which of them were looked for.
        if not gap.codes or found.get(bare) == {}:
            found[bare] = {}
        else:
            found.setdefault(bare, {}).update(dict.fromkeys(gap.codes))
    return tuple(replace(bare, codes=tuple(codes)) for bare, codes in found.items())


def spoken_gaps(gaps: Iterable[RateGap]) -> str:
    """What is not on file, as one text."""
    return "; ".join(gap.words for gap in joined_gaps(gaps))


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """US dollars expected for some charges."""

    amount: Decimal
    #: Codes without a rate on the date of service, with how many units: the amount lacks them.
    unpriced: tuple[Charge, ...] = ()
    #: Why: what is not on file.
    gaps: tuple[RateGap, ...] = ()

    @property
    def without_rate(self) -> tuple[str, ...]:
        """The codes that the amount lacks."""
        return tuple(charge.code for charge in self.unpriced)


_NO_ESTIMATE = Estimate(amount=_NOTHING)


def estimate(
    charges: Sequence[Charge], day: date, schedule: FeeSchedule, terms: Terms = USUAL_TERMS
) -> Estimate:
    """Price charges by their date of service, place and practice (R-602, R-604)."""
    if not charges:
        return _NO_ESTIMATE
    amount = _NOTHING
    missing: list[Charge] = []
    for charge in charges:
        rate = schedule.rate(charge.code, day, terms)
        if rate is None:
            missing.append(charge)
        else:
            amount += rate.amount * charge.units
    gaps = joined_gaps(_gap(charge.code, day, schedule, terms) for charge in missing)
    return Estimate(amount=amount, unpriced=tuple(missing), gaps=gaps)


def _gap(code: str, day: date, schedule: FeeSchedule, terms: Terms) -> RateGap:
    """Why a code has no rate."""
    year = str(day.year)
    holding = [rate for rate in schedule.rates if rate.holds_on(day)]
    if not holding:
        some = any(rate.holds_in(day.year) for rate in schedule.rates)
        return RateGap(schedule=schedule.name, when=day.isoformat() if some else year)
    others_suit = any(rate.suits(terms) for rate in holding)
    alike = [rate for rate in holding if rate.code == code] if others_suit else holding
    elsewhere = bool(alike) and not any(rate.site in {None, terms.site} for rate in alike)
    return RateGap(
        schedule=schedule.name,
        when=year,
        site=terms.site if elsewhere else None,
        conversion=terms.conversion if alike and not elsewhere else None,
        codes=(code,) if others_suit else (),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RateProblem:
    """A row of a fee schedule that cannot be read; rows count from 1."""

    row: int
    field: str
    message: str


def parse_rates(rows: Iterable[Mapping[str, str]]) -> tuple[Rate, ...] | tuple[RateProblem, ...]:
    """Read rates from rows with `code, from, to, usd, place, qualifying_apm`, or say all that is wrong.

    `to` may be empty, as may `place` (`facility` or `nonfacility`) and `qualifying_apm` (`yes` or `no`): such a rate
    holds everywhere, and for every practice.
    """
    rates: list[Rate] = []
    problems: list[RateProblem] = []
    for number, row in enumerate(rows, start=1):
        try:
            rates.append(_rate(row))
        except _FieldError as error:
            problems.append(RateProblem(row=number, field=error.field, message=str(error)))
    return tuple(problems) or tuple(rates)


class _FieldError(ValueError):
    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def _rate(row: Mapping[str, str]) -> Rate:
    code = row.get("code", "").strip().upper()
    if not code:
        raise _FieldError("code", "A rate needs its code, such as 99492.")
    last = row.get("to", "").strip()
    first_day = _day(row, "from")
    last_day = _day(row, "to") if last else None
    if last_day is not None and last_day < first_day:
        raise _FieldError("to", f"{last} is before the first day {first_day.isoformat()}.")
    return Rate(
        code=code,
        first_day=first_day,
        last_day=last_day,
        amount=_dollars(row.get("usd", "").strip()),
        basis=row.get("basis", "").strip(),
        confidence=row.get("confidence", "").strip(),
        site=_choice(row, "place", _PLACES),
        conversion=_choice(row, "qualifying_apm", _QUALIFYING),
    )


_Choice = TypeVar("_Choice")
_PLACES: Mapping[str, Site] = {"facility": Site.FACILITY, "nonfacility": Site.NONFACILITY}
_QUALIFYING: Mapping[str, ConversionFactor] = {
    "yes": ConversionFactor.QUALIFYING_APM,
    "no": ConversionFactor.OTHER,
}


def _choice(row: Mapping[str, str], field: str, choices: Mapping[str, _Choice]) -> _Choice | None:
    text = row.get(field, "").strip()
    plain = text.casefold().replace("-", "").replace(" ", "")
    if plain and plain not in choices:
        raise _FieldError(field, f"{text!r} is not one of: {', '.join(choices)}. It may be left empty.")
    return choices[plain] if plain else None


def _day(row: Mapping[str, str], field: str) -> date:
    text = row.get(field, "").strip()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _FieldError(field, f"{text!r} is not a date. Write 2026-11-22.") from None


#: Commas that can only part thousands: cents stand behind them.
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+\.\d{2}")


def _dollars(text: str) -> Decimal:
    plain = text.removeprefix("$").strip()
    if _THOUSANDS.fullmatch(plain):
        plain = plain.replace(",", "")
    try:
        amount = Decimal(plain)
    except InvalidOperation:
        raise _FieldError("usd", f"{text!r} is not an amount. Write 153.12.") from None
    if not amount.is_finite() or amount < 0 or amount != amount.quantize(CENT):
        raise _FieldError("usd", f"{text!r} is not an amount in dollars and cents. Write 153.12.")
    return amount.quantize(CENT)


def split(amount: Decimal, weights: Sequence[int]) -> tuple[Decimal, ...]:
    """Divide an amount by weights so that the cents add up; odd cents go to the largest remainders.

    Nothing to weigh, or to divide, gives shares of nothing.
    """
    total = sum(weights)
    if not total or not amount:
        return (_NOTHING,) * len(weights)
    cents = int(amount / CENT)
    shares = [cents * weight // total for weight in weights]
    remainders = [cents * weight % total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda place: (-remainders[place], place))
    for place in by_remainder[: cents - sum(shares)]:
        shares[place] += 1
    return tuple(share * CENT for share in shares)
